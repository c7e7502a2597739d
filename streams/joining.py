"""Look for the case that an item belongs to, among those that are open. 归案查找。

Only an item that names its case joins in silence. What is found here joins and still pages, or
is a question to a person.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger import cases, joining
from ledger.schema import offers
from ledger.sheet import Sheet
from rules.case import Entry
from rules.joining import (
    Comparison,
    Likeness,
    Traits,
    compare_first,
    compare_following,
    kin_of,
    settle,
)
from streams.desk import Desk
from vocabulary.arrival import Arrival
from vocabulary.identity import derived_uid
from vocabulary.judgement import Judgement
from vocabulary.terms import Stage, Verdict

_STANDING_ALONE = (Stage.NIL, Stage.PERIODIC)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the case to join, or the one to ask a person about. 查找结果。

    `apart` are the cases that this item certainly does not belong to, whoever owes for them.
    """

    sure: dict[str, Any] | None = None
    maybe: dict[str, Any] | None = None
    grounds: str = ""
    apart: frozenset[UUID] = frozenset()


@dataclass
class Joining:
    """The open cases a batch of items may belong to, its own among them."""

    connection: Connection
    desk: Desk
    opened: list[dict[str, Any]] = field(default_factory=list)  # here: not yet in the book
    reported: Counter[tuple[int, str, str]] = field(default_factory=Counter)  # case, unit, stage

    def find(self, arrival: Arrival, entry: Entry) -> Found:
        """Compare an item that names no case with the open ones. 归案比对。"""
        traits, is_first = entry.traits, entry.stage is Stage.FIRST
        if traits is None or entry.stage in _STANDING_ALONE or not arrival.is_proven:
            return Found()
        is_emergency = entry.judgement.verdict is Verdict.EMERGENCY
        if is_first and (traits.code is None or not is_emergency):
            return Found()
        rows = {row["id"]: row for row in self._candidates(arrival, traits, is_first=is_first)}
        if not rows:
            return Found()
        reported = self._reported(rows)
        compared = [
            (key, self._compare(entry, row, reported, is_first=is_first))
            for key, row in rows.items()
        ]
        return _found(rows, compared)

    def note(self, key: int, entry: Entry, opened: dict[str, Any] | None = None) -> None:
        """Remember an item placed here, and the case it opened: neither is in the book yet."""
        self.reported[key, entry.unit_id, entry.stage.value] += 1
        if opened is not None:
            self.opened.append(opened)

    def _candidates(
        self, arrival: Arrival, traits: Traits, *, is_first: bool
    ) -> list[dict[str, Any]]:
        rule, is_drill = self.desk.rulebook.joining, arrival.submission.is_drill
        reach = rule.maybe if is_first else rule.following
        since = arrival.received_at - reach
        around = traits.territories | {traits.unit_id}
        there = joining.near(self.connection, around, since, is_drill=is_drill)
        if is_first and traits.code is not None:
            there += joining.alike(self.connection, traits.code, since, is_drill=is_drill)
        elif not is_first:
            there += joining.reported_to(self.connection, arrival.unit_id, since, is_drill=is_drill)
        here = [row for row in reversed(self.opened) if row["is_drill"] == is_drill]
        room = self.desk.room_of(traits.unit_id)
        return [row for row in (*here, *there) if self.desk.room_of(row["unit_id"]) == room]

    def _reported(self, keys: Collection[int]) -> Counter[tuple[int, str, str]]:
        return joining.reported(self.connection, keys) + self.reported

    def _compare(
        self,
        entry: Entry,
        row: dict[str, Any],
        reported: Counter[tuple[int, str, str]],
        *,
        is_first: bool,
    ) -> Comparison:
        """A first report that its own follow-up has overtaken is found as a follow-up is."""
        rule, case, traits = self.desk.rulebook.joining, joining.traits_of(row), entry.traits
        assert traits is not None
        stages = {
            stage for key, unit, stage in reported if (key, unit) == (row["id"], traits.unit_id)
        }
        if is_first and (not stages or Stage.FIRST.value in stages):
            told = compare_first(traits, case, rule)
        else:
            told = compare_following(traits, case, rule, is_own=bool(stages))
        if told.likeness is Likeness.SURE and _would_lower(entry, row):
            return replace(told, likeness=Likeness.MAYBE)  # a guess lowers nothing by itself
        count = sum(n for (key, *_), n in reported.items() if key == row["id"])
        if told.likeness is Likeness.SURE and count >= rule.most_items:
            return replace(told, likeness=Likeness.MAYBE)
        return told


def _would_lower(entry: Entry, row: dict[str, Any]) -> bool:
    """Say whether the item counts fewer people than the case holds."""
    told = entry.judgement.casualties
    return any(
        count is not None and count < (row[name] or 0)
        for name, count in (
            ("deaths", told.deaths),
            ("injured", told.injured),
            ("missing", told.missing),
        )
    )


def _found(rows: dict[int, dict[str, Any]], compared: list[tuple[int, Comparison]]) -> Found:
    apart = frozenset(rows[key]["uid"] for key, told in compared if told.likeness is Likeness.NONE)
    settled = settle(compared)
    if settled is None:
        return Found(apart=apart)
    key, told = settled
    is_sure = told.likeness is Likeness.SURE
    return Found(
        sure=rows[key] if is_sure else None,
        maybe=None if is_sure else rows[key],
        grounds=told.sentence,
        apart=apart,
    )


def ask(
    sheet: Sheet, arrival: Arrival, submission_key: int, found: Found, case_key: int | None
) -> None:
    """Put the question to the desk: does this item belong to that case? 请人确认。

    Not where it is in that case already, by the debt that it paid.
    """
    if found.maybe is None or found.maybe["id"] == case_key:
        return
    sheet.add(
        offers,
        uid=derived_uid(arrival.uid, "offer", str(found.maybe["uid"])),
        submission_id=submission_key,
        case_id=found.maybe["id"],
        grounds=found.grounds,
        offered_at=arrival.received_at,
    )


def hold(connection: Connection, desk: Desk, judgements: Iterable[Judgement]) -> None:
    """Hold the kinds of incident that a batch tells of, so that two processes open one case."""
    rule = desk.rulebook.joining
    codes = {each.code for each in judgements if each.code is not None}
    cases.hold_kinds(connection, (min(kin_of(code, rule)) for code in codes))
