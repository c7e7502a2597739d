"""Play a planned day over HTTP, hour by hour of the house's clock. 演示日放映。"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.clock import WallClock
from app.demo.callers import Answer, Callers
from app.demo.plan import ChannelOrder, Plan, Sending
from app.demo.script import Acknowledgement
from app.demo.telling import Teller
from rules.county import County, Person
from rules.duty import people_for
from vocabulary.terms import Role

_REFUSED = "refused"


@dataclass
class Player:
    """Everybody in the county, for one day."""

    county: County
    callers: Callers
    teller: Teller
    clock: WallClock
    _cases: dict[str, "asyncio.Future[str | None]"] = field(default_factory=dict)

    async def play(self, day: Plan) -> None:
        """Play the day to its end."""
        loop = asyncio.get_running_loop()
        self._cases = {each.name: loop.create_future() for each in day.sendings if each.name}
        async with asyncio.TaskGroup() as group:
            for number, sending in enumerate(day.sendings):
                key = f"demo-{day.starts_at.isoformat()}-{number}"
                group.create_task(self._send(sending, key))
            for order in day.orders:
                group.create_task(self._order(order))
        await self._until(day.ends_at)

    def on_duty(self, role: Role) -> Person | None:
        """Return who holds a post now."""
        return next(
            iter(people_for(self.county, role, self.county.desk.unit_id, self.clock.now())), None
        )

    async def _send(self, sending: Sending, key: str) -> None:
        await self._until(sending.at)
        content = dict(sending.content)
        if sending.follows is not None:
            content["case_id"] = await self._cases[sending.follows]
        principal = f"unit:{sending.unit_id}"
        if sending.by_desk and (officer := self.on_duty(Role.DUTY_OFFICER)) is not None:
            principal = f"person:{officer.person_id}"
            content["recorder"] = officer.name
        answer = await self.callers.submit(principal, content, key)
        case_id = await self.callers.case_of(principal, answer)
        if sending.name is not None:
            self._cases[sending.name].set_result(case_id)
        self._tell_sent(sending, answer)
        if sending.acknowledged is not None:
            await self._acknowledge(sending.acknowledged, case_id)

    def _tell_sent(self, sending: Sending, answer: Answer) -> None:
        unit = self.county.units[sending.unit_id].name
        if answer.is_good:
            title, joins = sending.content["title"], sending.follows is not None
            self.teller.taken(self.clock.now(), unit, title, answer.content, joins=joins)
        elif sending.verdict == _REFUSED and answer.status == 422:
            self.teller.refused(self.clock.now(), unit)
        else:
            self.teller.failed(self.clock.now(), unit, answer.status)

    async def _acknowledge(self, how: Acknowledgement, case_id: str | None) -> None:
        """Take in hand what is still open of this item when its time has come."""
        await self._until(self.clock.now() + timedelta(minutes=how.after_minutes))
        person = self.on_duty(how.by)
        if person is None:
            return
        for alert in await self.callers.open_alerts(person.person_id):
            if alert["case_id"] == case_id and (case_id or alert["cause"] == "classified"):
                await self._take(person, how, alert)

    async def _take(self, person: Person, how: Acknowledgement, alert: dict[str, Any]) -> None:
        is_done = how.how == "link" and await self.callers.tap(person, alert["title"])
        if not is_done:
            is_done = await self.callers.acknowledge(person.person_id, alert["alert_id"])
        if is_done:
            self.teller.acknowledged(self.clock.now(), how.by, person.name, alert["title"])

    async def _order(self, order: ChannelOrder) -> None:
        await self._until(order.at)
        await self.callers.order(order.channel, order.mode)
        self.teller.channel(self.clock.now(), order.channel, order.mode)

    async def _until(self, instant: datetime) -> None:
        await self.clock.sleep_until(instant, asyncio.Event())
