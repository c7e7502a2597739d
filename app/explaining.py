"""Why, and what follows: one item explained. 说明。"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from notifiers.directory import Directory
from rules.arrived import Arrived, happened_at, law_day
from rules.asked import is_telling, of_territory, places_of, whom_to_ask
from rules.county import County
from rules.marking import Piece, marked, told
from rules.obligations import Obligation, of_alert, of_first_report, upward
from rules.rulebook import Rulebook
from rules.supplements import of_missing_elements
from rules.triage import Judge
from rules.triage_line import triage_line
from vocabulary.china_time import spoken
from vocabulary.names import (
    DUTY_NAMES,
    ELEMENT_NAMES,
    ROLE_NAMES,
    SEVERITY_NAMES,
    TIMELINESS_NAMES,
    VERDICT_NAMES,
)
from vocabulary.submission import Submission
from vocabulary.terms import Clock, Duty, Fulfilment, Role, Severity, Timeliness, Verdict

_CLOCK_NAMES = {Clock.OCCURRED: "事发", Clock.KNOWN: "获悉", Clock.RECEIVED: "接报"}


def explain(rulebook: Rulebook, county: County, made: Submission, now: datetime) -> dict[str, Any]:
    """Return the judgement with its grounds, what would be owed, and who would be called when.

    Nothing is stored and nobody is called. A unit that is not named is taken to be the first
    township of the county.
    """
    judge = Judge(rulebook, county)
    judgement = judge(made, now)
    unit_id = made.owing_unit or county.reporting_units[0].unit_id
    kind = county.kind_of(unit_id)
    day = law_day(happened_at(made, judgement), now)
    arrived = Arrived(made, unit_id, now, judgement.severity, judgement.code, kind, day)
    owed: list[Obligation] = []
    calls: list[dict[str, Any]] = []
    if judgement.verdict is Verdict.EMERGENCY:
        owed = of_first_report(rulebook, county.profile, arrived)
        missing = judgement.missing_elements
        asked_back = of_missing_elements(rulebook, county.profile, arrived, missing)
        owed += [asked_back] if asked_back is not None else []
        room = county.desk_of(unit_id).unit_id
        owed += upward(rulebook, county.profile_upward, room, arrived)
        places = places_of(judge, made, judgement)
        asked = whom_to_ask(county, unit_id, (unit_id,), places)
        if made.owing_unit and asked is not None and is_telling(made, judgement):
            owed.append(of_territory(rulebook, asked, arrived.severity, arrived.received_at))
        calls = _calls(rulebook, county, unit_id, now, judgement.severity)
    elif judgement.verdict is Verdict.ATTENTION:
        owed = [of_alert(rulebook, Duty.LOOK, county.desk_of(unit_id).unit_id, now, None)]
    title, body = marked(made.title, made.body, judgement)
    return {
        **triage_line(None, judgement),
        "marked": "\n".join(map(_bracketed, (title, body))).strip(),
        "measured": [told(measure) for measure in judgement.measures],
        "unit_id": unit_id,
        "received_at": now.isoformat(),
        "obligations": [_obligation(o) for o in owed],
        "calls": calls,
    }


def _bracketed(pieces: Iterable[Piece]) -> str:
    """The letters that the judgement rests on, in brackets that no report writes."""
    runs = groupby(pieces, key=lambda piece: bool(piece.grounds))
    told_in = ((is_marked, "".join(piece.text for piece in run)) for is_marked, run in runs)
    return "".join(f"【{text}】" if is_marked else text for is_marked, text in told_in)


def _obligation(owed: Obligation) -> dict[str, Any]:
    return {
        "kind": owed.duty.value,
        "owed_by": owed.owed_by,
        "owed_to": owed.owed_to,
        "clock": owed.clock.value,
        "limit_minutes": int(owed.limit / timedelta(minutes=1)),
        "due_at": owed.due_at.isoformat(),
        "fulfilment": owed.fulfilment.value,
        "timeliness": owed.timeliness.value,
        "source": owed.source,
        "confidence": owed.confidence,
    }


def _calls(
    rulebook: Rulebook, county: County, unit_id: str, now: datetime, severity: Severity | None
) -> list[dict[str, Any]]:
    directory, room = Directory(county), county.desk_of(unit_id).unit_id
    rule = rulebook.obligations[Duty.ACKNOWLEDGEMENT]
    owed = of_alert(rulebook, Duty.ACKNOWLEDGEMENT, room, now, severity)
    also = rule.ladder.at_once.get(severity, ()) if severity else ()
    moments = [(now, (Role.DUTY_OFFICER, *also))]
    moments += [(owed.due_at + step.after, step.to) for step in rule.ladder.steps]
    return [
        {
            "after_minutes": int((at - now) / timedelta(minutes=1)),
            "at": at.isoformat(),
            "roles": [role.value for role in roles],
            "people": [
                {"person_id": person, "name": directory.name(person)}
                for person in directory.recipients(roles, room, at)
            ],
        }
        for at, roles in moments
    ]


def explained_in_words(found: dict[str, Any]) -> str:
    """Return the explanation as an official reads it."""
    severity = found["severity"]
    grade = f"，初判{SEVERITY_NAMES[Severity(severity)]}" if severity else ""
    subtype = f"（{found['category']} {found['subtype']} {found['code']}）" if found["code"] else ""
    lines = [f"判定：{VERDICT_NAMES[Verdict(found['verdict'])]}{subtype}{grade}", "理由："]
    for reason in found["reasons"]:
        words = f"［{'、'.join(reason['words'])}］" if reason["words"] else ""
        source = (
            f"（依据：{reason['source']}，可信度 {reason['confidence']}）"
            if reason["source"]
            else ""
        )
        lines.append(f"  · {reason['sentence']}{words}{source}")
    if found["happened_at"]:
        lines.append(f"事发：{spoken(datetime.fromisoformat(found['happened_at']))}（据原文）")
    if found["places"]:
        lines.append(f"地名：{'、'.join(place['name'] for place in found['places'])}（据县地名录）")
    if found["measured"]:
        lines.append(f"读出：{'、'.join(found['measured'])}")
    if found["marked"]:
        lines += [
            "原文（【】内是所依据的字）：",
            *(f"  {line}" for line in found["marked"].split("\n")),
        ]
    if found["missing_elements"]:
        names = "、".join(ELEMENT_NAMES.get(e, e) for e in found["missing_elements"])
        lines.append(f"仍缺：{names}")
    if found["obligations"]:
        lines.append("应报：")
    for owed in found["obligations"]:
        due_at = datetime.fromisoformat(owed["due_at"])
        met = owed["fulfilment"] == Fulfilment.MET.value
        done = f"，本件即是（{TIMELINESS_NAMES[Timeliness(owed['timeliness'])]}）" if met else ""
        lines.append(
            f"  · {DUTY_NAMES[Duty(owed['kind'])]} → {owed['owed_to']}，"
            f"{_CLOCK_NAMES[Clock(owed['clock'])]}起 {owed['limit_minutes']} 分钟内，"
            f"{spoken(due_at)} 前{done}（{owed['source']}）"
        )
    if found["calls"]:
        lines.append("呼叫：")
    for call in found["calls"]:
        when = "立即" if call["after_minutes"] == 0 else f"{call['after_minutes']} 分钟未签收"
        roles = "、".join(ROLE_NAMES[Role(r)] for r in call["roles"])
        people = "、".join(p["name"] for p in call["people"])
        lines.append(f"  · {when}：{roles}（{people}）")
    return "\n".join(lines)
