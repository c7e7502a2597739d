"""The late log as a table for Excel, with the chain's head that proves it. 台账导出。"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.tables import Cell, TakenAway
from vocabulary.china_time import BEIJING, spoken
from vocabulary.doubt import DOUBT_NAMES
from vocabulary.names import (
    ANSWER_NAMES,
    DUTY_NAMES,
    FULFILMENT_NAMES,
    HOP_NAMES,
    LAPSE_NAMES,
    SEVERITY_NAMES,
    STANDING_NAMES,
    STRETCH_NAMES,
    TIMELINESS_NAMES,
)
from vocabulary.terms import (
    AnswerKind,
    Duty,
    Fulfilment,
    Hop,
    Lapse,
    LapseStanding,
    Severity,
    Stretch,
    Timeliness,
)

_HEADINGS = (
    "单位",
    "应报事项",
    "案卷",
    "等级",
    "应报至",
    "事发时刻",
    "获悉时刻",
    "时刻存疑",
    "起算时刻",
    "应报时刻",
    "收到时刻",
    "超时",
    "超时秒数",
    "时效",
    "履行",
    "定性",
    "依据",
    "可信度",
    *(f"{STRETCH_NAMES[word]}用时" for word in Stretch),
    *(f"{HOP_NAMES[hop]}环节用时" for hop in Hop),
    "超时环节",
    "说明",
    "经过",
    "提示送达",
    "申辩与认定",
    "对应来件",
    "链号",
)


@dataclass(frozen=True)
class Head:
    """Where the chain stood when the table was taken away. 链尾。"""

    count: int
    hash: str
    at: datetime

    @property
    def proof(self) -> list[tuple[str, Cell]]:
        """What the export prints."""
        return [
            ("导出时刻", self.at),
            ("链上环数", self.count),
            ("链尾散列", self.hash),
            ("验证", f"jibao log verify --head {self.hash}"),
        ]


def late_log_table(
    rows: list[dict[str, Any]], head: Head, unit_name: Callable[[str], str], names: "Names"
) -> TakenAway:
    """Return the log as a table."""
    return TakenAway(
        name=f"late-log-{head.at.astimezone(BEIJING):%Y%m%d-%H%M%S}",
        title="迟报台账",
        headings=_HEADINGS,
        rows=(_cells(row, unit_name, names) for row in rows),
        proof=head.proof,
    )


Names = Callable[[str], str]


def standing_told(row: Mapping[str, Any]) -> str:
    """Return how a row stands in Chinese: 疑似迟报, 认定瞒报, 已撤销."""
    standing = LapseStanding(row["standing"])
    is_of_lapse = standing in (LapseStanding.SUSPECTED, LapseStanding.FOUND)
    lapse = LAPSE_NAMES[Lapse(row["lapse"])] if is_of_lapse else ""
    return STANDING_NAMES[standing] + lapse


def _cells(row: dict[str, Any], unit_name: Callable[[str], str], names: Names) -> list[Cell]:
    seconds = row["overrun_seconds"]
    return [
        unit_name(row["unit_id"]),
        DUTY_NAMES[Duty(row["kind"])],
        row["case_title"] or (row["opened_by"] if row["kind"] == Duty.SOLICITED_ITEM else ""),
        SEVERITY_NAMES[Severity(row["severity"])] if row["severity"] else "",
        row["owed_to"],
        row["occurred_at"],
        row["known_at"] or ("未填" if row["is_assumed"] else None),
        "、".join(DOUBT_NAMES[each] for each in row["doubts"]),
        row["counted_from"],
        row["due_at"],
        row["received_at"],
        timedelta(seconds=seconds) if seconds else None,
        seconds,
        TIMELINESS_NAMES[Timeliness(row["timeliness"])],
        FULFILMENT_NAMES[Fulfilment(row["fulfilment"])],
        standing_told(row),
        row["source"],
        row["confidence"],
        *(_length(row["stretches"][word.value]) for word in Stretch),
        *(_length(_of_hop(row, hop)) for hop in Hop),
        "、".join(HOP_NAMES[hop] for hop in row["overran"]),
        row["note"],
        "；".join(_before(entry) for entry in row["history"]),
        "；".join(_notice(notice, names) for notice in row["notices"]),
        "；".join(_answer(said, names) for said in row["answers"]),
        _report(row),
        row["link"],
    ]


def _of_hop(row: dict[str, Any], hop: Hop) -> int | None:
    return next((each["seconds"] for each in row["hops"] if each["hop"] == hop.value), None)


def _length(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _before(entry: dict[str, Any]) -> str:
    name = TIMELINESS_NAMES[Timeliness(entry["timeliness"])]
    return f"{spoken(entry['at'])} {name} {entry['note']}"


def _notice(notice: dict[str, Any], names: Names) -> str:
    arrived = notice["accepted_at"]
    told = f"{spoken(arrived)} 送达" if arrived else "未送达"
    return f"{spoken(notice['created_at'])} 发 {names(notice['recipient'])}，{told}"


def _answer(said: dict[str, Any], names: Names) -> str:
    lapse = LAPSE_NAMES[Lapse(said["lapse"])] if said["lapse"] else ""
    kind = ANSWER_NAMES[AnswerKind(said["kind"])]
    return f"{spoken(said['at'])} {names(said['said_by'])} {kind}{lapse}：{said['reason']}"


def _report(row: dict[str, Any]) -> str:
    report = row["report"]
    return f"{report['title']}（{report['submission_id']}）" if report else ""
