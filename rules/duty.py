"""Who is on duty, and until when. 值班。

Pure: the county and `now` in, people out. A shift is half-open [starts, ends): on the very
second of the handover the new one is on duty. Shifts are whole days of Beijing, whatever
the time zone of `now`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.county import DESK_POSTS, UNIT_POSTS, County, Person, Rotation, Substitution
from vocabulary.china_time import at
from vocabulary.terms import Role


@dataclass(frozen=True, slots=True)
class Shift:
    """An unbroken time with the same people in one post. 班次。Half-open [starts, ends).

    A substitution cuts the rota's shifts where it begins and ends, and is a shift itself.
    `is_rostered` is false where the rota names nobody and so everyone in the post is called.
    """

    role: Role
    starts: datetime
    ends: datetime
    people: tuple[Person, ...]
    is_rostered: bool
    substitution: Substitution | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A time for which nobody is named for a post of the desk. 空岗。Half-open [starts, ends)."""

    role: Role
    starts: datetime
    ends: datetime


def on_duty(
    county: County, role: Role, now: datetime, unit_id: str | None = None
) -> tuple[Person, ...]:
    """Return who answers for a post of a desk at `now`. 当前值班人员。

    A substitution comes before the rotation. A post without a rotation is everyone who holds
    it at the desk; so is a post whose rotation names nobody (before `starts_on`): a hole in
    the rota is told by `gaps`, and a page in that hour still finds somebody. The rota is that of
    the county's first desk. A post that a lower desk does not have is that of the desk above it.

    Args:
        county: the county.
        role: a post of the desk.
        now: the instant.
        unit_id: the unit whose desk is asked; the county's first desk where none is named.

    Returns:
        One person for a rotated post once its rota has begun; empty only where neither the desk
        nor one above it has anybody in the post.
    """
    for desk in county.desks_of(county.desk.unit_id if unit_id is None else unit_id):
        if desk is county.desk and (named := _named(county, role, now)):
            return (named,)
        if holders := county.people_of(desk.unit_id, role):
            return holders
    return ()


def people_for(county: County, role: Role, unit_id: str, now: datetime) -> tuple[Person, ...]:
    """Return whom a step of a ladder reaches: `role`, where `unit_id` owes. 岗位到人。

    A unit's own posts are asked of the owing unit, all others of its desk. What the
    desk itself owes finds the officer on duty as its clerk and the office director as its head.
    """
    if role not in UNIT_POSTS:
        return on_duty(county, role, now, unit_id)
    if holders := county.people_of(unit_id, role):
        return holders
    if unit_id != county.desk_of(unit_id).unit_id:
        return ()
    at_the_desk = Role.DUTY_OFFICER if role is Role.CLERK else Role.OFFICE_DIRECTOR
    return on_duty(county, at_the_desk, now, unit_id)


def next_handover(county: County, role: Role, now: datetime) -> datetime | None:
    """Return the first instant after `now` at which the post passes on. 下次交接班。

    A substitution's beginning and end are handovers too; a handover of the rota in between is
    none. On the very second of one, it is the next that is returned. `None`: the post has
    neither rota nor substitution to come.
    """
    return min((edge for edge in _edges(county, role, now) if edge > now), default=None)


def last_handover(county: County, role: Role, now: datetime) -> datetime | None:
    """Return the last instant up to and with `now` at which the post passed on. 上次交接班。"""
    return max((edge for edge in _edges(county, role, now) if edge <= now), default=None)


def shifts(county: County, role: Role, start: datetime, days: int) -> tuple[Shift, ...]:
    """Return the shifts that touch [start, start + days), whole and without a hole. 班次表。

    Only where the rota says no beginning or end (no rotation, before the first) is a shift
    cut at the edge of what was asked.
    """
    end = start + timedelta(days=days)
    return tuple(_shifts_from(county, role, start, end))


def gaps(county: County, start: datetime, days: int) -> tuple[Gap, ...]:
    """Return when a post of the desk has nobody named for it, post by post. 空岗检查。

    A post with a rotation is unmanned where the rota names nobody, even though its holders
    would all be called; a post without one, where nobody holds it.
    """
    end = start + timedelta(days=days)
    found: list[Gap] = []
    for role in DESK_POSTS:
        for shift in shifts(county, role, start, days):
            if shift.is_rostered:
                continue
            begins, ends = max(shift.starts, start), min(shift.ends, end)
            if found and found[-1].role is role and found[-1].ends == begins:
                begins = found.pop().starts
            found.append(Gap(role=role, starts=begins, ends=ends))
    return tuple(found)


def substitution(county: County, role: Role, now: datetime) -> Substitution | None:
    """Return the substitution in force at `now`. 替班。Of two, the later written: decided last."""
    for each in reversed(county.substitutions):
        if each.role is role and each.starts <= now < each.ends:
            return each
    return None


def _shifts_from(county: County, role: Role, start: datetime, end: datetime) -> Iterator[Shift]:
    now = start
    while True:
        ends = next_handover(county, role, now) or max(end, now)
        yield Shift(
            role=role,
            starts=last_handover(county, role, now) or start,
            ends=ends,
            people=on_duty(county, role, now),
            is_rostered=_is_rostered(county, role, now),
            substitution=substitution(county, role, now),
        )
        if ends >= end:
            return
        now = ends


def _is_rostered(county: County, role: Role, now: datetime) -> bool:
    if any(rotation.role is role for rotation in county.rotations):
        return _named(county, role, now) is not None
    return bool(on_duty(county, role, now))


def _named(county: County, role: Role, now: datetime) -> Person | None:
    """The one person whom a substitution or the rota names for `now`."""
    if stand_in := substitution(county, role, now):
        return county.people.get(stand_in.person_id)
    rotation = _rotation(county, role, now)
    if rotation is None or not rotation.people:
        return None
    return county.people.get(rotation.people[_shift_number(rotation, now) % len(rotation.people)])


def _rotation(county: County, role: Role, now: datetime) -> Rotation | None:
    """The rotation in force: of those that have begun, the one that began last."""
    begun = [r for r in county.rotations if r.role is role and _first_shift(r) <= now]
    return max(begun, key=_first_shift, default=None)


def _first_shift(rotation: Rotation) -> datetime:
    return at(rotation.starts_on, rotation.handover)


def _shift_number(rotation: Rotation, now: datetime) -> int:
    return (now - _first_shift(rotation)) // timedelta(days=rotation.shift_days)


def _edges(county: County, role: Role, now: datetime) -> list[datetime]:
    """Every instant around `now` at which the post may pass on.

    While somebody stands in, the rota's own handovers pass nothing on.
    """
    stand_ins = [each for each in county.substitutions if each.role is role]
    edges = [edge for each in stand_ins for edge in (each.starts, each.ends)]
    if substitution(county, role, now):
        return edges
    edges += [_first_shift(each) for each in county.rotations if each.role is role]
    if rotation := _rotation(county, role, now):
        length = timedelta(days=rotation.shift_days)
        begins = _first_shift(rotation) + _shift_number(rotation, now) * length
        edges += [begins, begins + length]
    return edges
