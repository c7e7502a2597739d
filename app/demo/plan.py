"""A seed and the script make one day: who sends what when, and who takes it in hand. 演示日排定。

Pure: the same script, county, day and seed give the same plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from app.demo.script import Acknowledgement, EverydayItem, Hours, Scene, Script, Trouble
from rules.county import County, Unit
from vocabulary.china_time import at, civil_day
from vocabulary.terms import Stage, UnitKind

_DAY = timedelta(days=1)
_REPORTING = (UnitKind.TOWNSHIP, UnitKind.BUREAU)
_AT_THE_OPENING = timedelta(seconds=30)  # what comes at the opening is not put off by chance


@dataclass(frozen=True, slots=True)
class Sending:
    """One item to be sent. `content` is the API's body but for the case it follows. 报送。"""

    at: datetime
    unit_id: str
    content: dict[str, Any]
    verdict: str
    by_desk: bool = False
    name: str | None = None
    follows: str | None = None
    acknowledged: Acknowledgement | None = None


@dataclass(frozen=True, slots=True)
class ChannelOrder:
    """What the phone is told of one channel. 渠道指令。"""

    at: datetime
    channel: str
    mode: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One day. 一天的安排。"""

    starts_at: datetime
    sendings: tuple[Sending, ...]
    orders: tuple[ChannelOrder, ...]
    ends_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends_at", self.starts_at + _DAY)


def plan(script: Script, county: County, starts_at: datetime, seed: int) -> Plan:
    """Return the day that begins at `starts_at`."""
    chance = Random(seed)
    planner = _Planner(script, county, starts_at, chance)
    sendings = [*planner.story(), *planner.nil_reports(), *planner.everyday()]
    orders = [order for trouble in script.day.troubles for order in planner.orders(trouble)]
    return Plan(
        starts_at,
        tuple(sorted(sendings, key=lambda each: each.at)),
        tuple(sorted(orders, key=lambda each: each.at)),
    )


@dataclass(frozen=True, slots=True)
class _Planner:
    script: Script
    county: County
    starts_at: datetime
    chance: Random

    def story(self) -> Iterator[Sending]:
        for scene in self.script.day.story:
            written_at = self._next(scene.at)
            delay = timedelta(seconds=self.chance.randint(0, self.script.day.delay_seconds_max))
            is_opening = written_at - self.starts_at < _AT_THE_OPENING
            sent_at = written_at if is_opening else written_at + delay
            yield Sending(
                at=sent_at,
                unit_id=scene.unit,
                content=_content(scene, sent_at),
                verdict=scene.verdict,
                by_desk=scene.by_desk,
                name=scene.name,
                follows=scene.follows,
                acknowledged=scene.acknowledged or self._acknowledgement(),
            )

    def nil_reports(self) -> Iterator[Sending]:
        written = self.script.day.nil_reports
        late = {each.unit: self._next(each.at) for each in written.late}
        units = [u for u in self.county.reporting_units if u.kind in _REPORTING]
        self.chance.shuffle(units)
        first, last = self._next(written.from_), self._next(written.until)
        for unit in units:
            sent_at = late.get(unit.unit_id) or self._between(first, last)
            body = self.chance.choice(written.bodies)
            if unit.unit_id in written.missing:
                continue
            content = {"stage": Stage.NIL.value, "title": f"{unit.name}零报告", "body": body}
            yield Sending(sent_at, unit.unit_id, content, "routine")

    def everyday(self) -> Iterator[Sending]:
        wanted, items = self.script.day.routine, list(self.script.everyday)
        self.chance.shuffle(items)
        for number in range(wanted.count):
            item = items[number % len(items)]
            (hours,) = self.chance.choices(wanted.hours, [each.share for each in wanted.hours])
            unit = self.chance.choice(
                [u for u in self.county.reporting_units if u.kind in item.kinds]
            )
            content = self._filled(item, unit)
            yield Sending(self._within(hours), unit.unit_id, content, "routine")

    def orders(self, trouble: Trouble) -> Iterator[ChannelOrder]:
        yield ChannelOrder(self._next(trouble.at), trouble.channel, trouble.mode)
        yield ChannelOrder(self._next(trouble.until), trouble.channel, "ok")

    def _filled(self, item: EverydayItem, unit: Unit) -> dict[str, Any]:
        names = {"unit": unit.name, "place": self.chance.choice(unit.places or (unit.name,))}
        return {"title": item.title.format(**names), "body": item.body.format(**names)}

    def _acknowledgement(self) -> Acknowledgement:
        least, most = self.script.day.acknowledges_within_minutes
        return Acknowledgement(after_minutes=self.chance.randint(least, most))

    def _within(self, hours: Hours) -> datetime:
        return self._between(self._next(hours.from_), self._next(hours.until))

    def _between(self, first: datetime, last: datetime) -> datetime:
        return first + timedelta(
            seconds=self.chance.randint(0, int((last - first).total_seconds()))
        )

    def _next(self, clock_time: time) -> datetime:
        """Return the hour on this day; one before its start is tomorrow's early morning."""
        found = at(civil_day(self.starts_at), clock_time)
        return found if found >= self.starts_at else found + _DAY


def _content(scene: Scene, sent_at: datetime) -> dict[str, Any]:
    """Return the API's body; who logs a call is known only when it is logged."""
    content = scene.submission().model_dump(mode="json", exclude_defaults=True)
    for name, clock_time in (("occurred_at", scene.occurred_at), ("known_at", scene.known_at)):
        if clock_time is not None:
            content[name] = _last(clock_time, sent_at).isoformat()
    if scene.by_desk:
        content["medium"] = "phone"
        content["on_behalf_of"] = scene.unit
        if scene.called_at is not None:
            content["called_at"] = _last(scene.called_at, sent_at).isoformat()
    return content


def _last(clock_time: time, before: datetime) -> datetime:
    found = at(civil_day(before), clock_time)
    return found if found <= before else found - _DAY
