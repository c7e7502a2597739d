"""What the demo says when its doors are open: which links, what to watch for. 演示的开场白。"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from app.demo.telling import Teller
from app.settings import Settings
from gateway.session import entry_path
from rules.county import County, Person
from rules.duty import people_for
from vocabulary.terms import Role

_AFTER_THE_HANDOVER = timedelta(hours=2)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_WATCH_FOR = """
看什么
  · 开门几秒即有急件，模拟手机上值班员被叫。07:33 崖下村滑坡无人签收，逐级叫到带班领导、办公室主任；
    想抢先签收，就在值班员页面或手机消息的链接上点一下。
  · 09:04 应用消息拒收，叫人自动改走短信。10:40 带密级标志的件被拒收，正文不落地。
  · 11:22 电话先报，书面迟迟不到。12:05 关注件无人过目，15 分钟后转为呼叫。
  · 16:20 催零报告，16:30 到期，17:00 缺报：在督查页面点“查询”。03:12 夜里有一场火。
  · 在信息员页面自己报一件，看回执写了什么。
按 Ctrl-C 结束。
"""


@dataclass(frozen=True, slots=True)
class Seats:
    """The three people through whose eyes the demo is seen. 三个席位。"""

    clerk: Person
    unit: str
    officer: Person
    supervisor: Person

    @classmethod
    def of(cls, county: County, unit_id: str, starts_at: datetime) -> Self:
        """Return who sits there on the day that starts then."""
        day = starts_at + _AFTER_THE_HANDOVER
        clerk, officer, supervisor = (
            people_for(county, role, unit_id, day)[0]
            for role in (Role.CLERK, Role.DUTY_OFFICER, Role.SUPERVISOR)
        )
        return cls(clerk, county.units[unit_id].name, officer, supervisor)


def greet(teller: Teller, settings: Settings, seats: Seats, phone: str, *, speed: float) -> None:
    """Print the links and what to watch for."""
    pace = f"{speed:g} 倍速，一天约 {24 * 60 / speed:.0f} 分钟" if speed > 1 else "按实际快慢"
    teller.say("云岭县值班室已开门（虚构县；消息只到本机的模拟手机）", "bold")
    teller.say(f"值班室的钟从 {teller.tally.at:%H:%M} 走起，{pace}。")
    teller.say(f"临时台账在 {settings.data}，结束时删除。\n")
    for name, seat, person in (
        (f"乡镇信息员（{seats.unit} {seats.clerk.name}）", "clerk", seats.clerk),
        (f"值班员（{seats.officer.name}）", "desk", seats.officer),
        (f"督查（{seats.supervisor.name}）", "supervisor", seats.supervisor),
    ):
        teller.say(name, "bold")
        teller.say(f"  {link(settings, seat, person)}")
    teller.say("模拟手机（每个人收到什么）", "bold")
    teller.say(f"  {phone}/")
    teller.say(_WATCH_FOR)


def link(settings: Settings, seat: str, person: Person) -> str:
    """Return the address that signs a person in.

    On one's own machine each seat has a host name of its own, so that one browser can hold all
    three: a cookie belongs to a host name, and browsers take every `….localhost` as loopback.
    """
    address = settings.public_url.rstrip("/")
    parts = urlsplit(address)
    if parts.hostname in _LOOPBACK:
        address = f"{parts.scheme}://{seat}.localhost:{parts.port}"
    path = entry_path(settings.key(), f"person:{person.person_id}", is_for_once=False)
    return address + path
