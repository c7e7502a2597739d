"""The shipped county at a quarter past three, and what may come in to it. 造数。

Builders, not fixtures: each says what it makes, and a test turns only what it is about.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import rulebook
from notifiers.directory import Directory
from notifiers.links import Links
from rulebook import county as county_files
from rules.case import Entry
from rules.county import Channel, County, Person, Unit
from rules.rulebook import Rulebook
from rules.triage import Judge
from streams.desk import Desk
from vocabulary.arrival import Arrival, hash_of
from vocabulary.china_time import BEIJING
from vocabulary.identity import submission_uid
from vocabulary.judgement import Casualties, Judgement
from vocabulary.submission import Submission
from vocabulary.terms import Role, Severity, Stage, UnitKind, Verdict

COUNTY_FOLDER = Path(__file__).parent.parent / "county"

NIGHT = datetime(2026, 11, 24, 3, 12, 7, tzinfo=BEIJING)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

# Who answers on that night, from county/roster.yaml, up the ladder.
OFFICER, LEADER = "feng-jianye", "deng-shaofeng"
DIRECTOR, VICE, CHIEF = "xie-guanlin", "luo-jingzhai", "shen-muhe"
SUPERVISORS = ["bai-ruolan", "qiu-zhengming"]
DESK = "zhengfuban"
TOWNSHIP, ITS_CLERK, ITS_HEAD = "qingshi", "li-chunmei", "wang-dashan"
NEIGHBOUR, THEIR_CLERK, THEIR_HEAD = "liulin", "zhao-yulan", "sun-changqing"

Item = dict[str, Any]

FIRE: Item = {
    "title": "和平路一居民楼起火",
    "body": "11月24日3时02分，和平路18号居民楼5楼起火，消防正在扑救，楼内居民正在疏散。",
}
WALL: Item = {
    "title": "砖厂围墙坍塌",
    "body": "11月24日2时50分，红星砖厂围墙坍塌，致3人死亡，1人重伤，救援正在进行。",
}
BLAST: Item = {
    "title": "化工车间爆炸",
    "body": "11月24日2时40分，宏达公司车间发生爆炸，致12人死亡，20人受伤，正在救援。",
}
RUMOUR: Item = {
    "title": "关于征地补偿的群众反映",
    "body": "部分村民对补偿标准不满，扬言近期集体上访，存在聚集苗头，须密切关注。",
}
MEETING: Item = {
    "title": "召开环境整治会议",
    "body": "我镇召开人居环境整治工作推进会，部署下步工作。",
}
NIL: Item = {"stage": Stage.NIL, "title": "今日无事"}
SECRET_WORDS = "代号青松的演训车辆在三号库失火"
CLASSIFIED: Item = {"title": "机密★1年", "body": SECRET_WORDS}


@cache
def the_law() -> Rulebook:
    return rulebook.load()


@cache
def the_county() -> County:
    return county_files.load(COUNTY_FOLDER, {})


LOWER_DESK, ITS_OFFICER = "xinqu", "jiang-wan"


@cache
def a_county_of_two_desks() -> County:
    """The neighbour has a duty room of its own above it, with one officer, under the county's."""
    county = the_county()
    room = Channel(f"{LOWER_DESK}.wecom_room", "jibao-wecom://127.0.0.1:8900/xinqu", is_room=True)
    desk = Unit(LOWER_DESK, "新区管委会办公室", UnitKind.GOVERNMENT_OFFICE, DESK, rooms=(room,))
    app = Channel(f"{ITS_OFFICER}.app", f"jibao-webhook://127.0.0.1:8900/webhook/{ITS_OFFICER}")
    officer = Person(ITS_OFFICER, "江晚", LOWER_DESK, (Role.DUTY_OFFICER,), (app,), "值班员")
    neighbour = replace(county.units[NEIGHBOUR], superior_id=LOWER_DESK)
    return replace(
        county,
        units=county.units | {LOWER_DESK: desk, NEIGHBOUR: neighbour},
        people=county.people | {ITS_OFFICER: officer},
    )


@cache
def the_judge() -> Judge:
    return Judge(the_law(), the_county())


def a_desk(owner: str = "this process", county: County | None = None) -> Desk:
    """The shipped county's duty room, with a key of its own."""
    county = county or the_county()
    return Desk(
        county=county,
        rulebook=the_law(),
        judge=the_judge(),
        directory=Directory(county),
        links=Links(
            public_url="http://zb.example",
            secret_key="a key for tests alone",
            valid=timedelta(hours=24),
        ),
        owner=owner,
    )


def an_arrival(
    key: str = "report-1", unit_id: str = TOWNSHIP, *, at: datetime = NIGHT, **fields: Any
) -> Arrival:
    """An item at the door, sent under a key; without fields it is a fire."""
    submission = Submission(**(fields or FIRE)).model_copy(update={"unit_id": unit_id})
    return Arrival(
        uid=submission_uid(unit_id, key),
        unit_id=unit_id,
        submission=submission,
        body_hash=hash_of(submission),
        received_at=at,
    )


def a_call(key: str = "call-1", *, at: datetime = NIGHT, **fields: Any) -> Arrival:
    """A telephone call of a township, logged by the desk three minutes after it came."""
    told = {"on_behalf_of": TOWNSHIP, "called_at": at - 3 * MINUTE, "recorder": "冯建业"}
    return an_arrival(key, DESK, at=at, **(FIRE | told | fields))


def from_the_inbox(arrival: Arrival, key: int = 1) -> Arrival:
    """The same item, as it comes out of the inbox."""
    return replace(arrival, inbox_key=key)


def an_entry(
    number: int,
    *,
    after: timedelta = timedelta(0),
    stage: Stage = Stage.FIRST,
    verdict: Verdict = Verdict.EMERGENCY,
    severity: Severity | None = None,
    **figures: int,
) -> Entry:
    """An item of a case, for the fold."""
    return Entry(
        uid=UUID(int=number),
        received_at=NIGHT + after,
        unit_id=TOWNSHIP,
        title=f"第{number}报",
        stage=stage,
        judgement=Judgement(verdict, severity=severity, casualties=Casualties(**figures)),
    )
