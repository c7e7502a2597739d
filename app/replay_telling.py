"""What a replay found, as an official reads it. 推演结果的说法。"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from vocabulary.china_time import spoken
from vocabulary.names import DUTY_NAMES, SEVERITY_NAMES, TIMELINESS_NAMES, VERDICT_NAMES
from vocabulary.terms import Duty, Severity, Timeliness, Verdict

_MOST = 200  # rows of one kind on the screen; --json has all
_CHANGES = {
    "newly_late": "新增迟报、缺报",
    "no_longer_late": "不再算迟",
    "otherwise_late": "仍迟，程度不同",
    "another_due": "时限不同，不涉迟报",
}


def told(found: dict[str, Any], unit_name: Callable[[str], str]) -> str:
    """Return the whole in Chinese; long lists are cut, and say so."""
    lines = list(_heads(found))
    for change, name in _CHANGES.items():
        rows = [row for row in found["late"] if row["change"] == change]
        lines += _listed(name, [_owed(row, unit_name) for row in rows])
    lines += _listed("判定不同的件", [_item(row, unit_name) for row in found["items"]])
    lines += _listed("警报不同", [_alert(row, unit_name) for row in found["alerts"]])
    if not (found["late"] or found["items"] or found["alerts"]):
        lines.append("两套规章之下没有任何不同。")
    return "\n".join(lines)


def _heads(found: dict[str, Any]) -> Iterator[str]:
    totals, left_out = found["totals"], found["left_out"]
    since, until = (datetime.fromisoformat(found[name]) for name in ("from", "to"))
    yield f"推演 {spoken(since)} 至 {spoken(until)}，共 {totals['items']} 件；台账未作任何改动。"
    if any(left_out.values()):
        yield (
            f"未列入：涉密标志 {left_out['classified']} 件，无法读取 {left_out['unreadable']} 件，"
            f"未能接收 {left_out['stumbled_over']} 件。"
        )
    verdicts = (_counted(each, lambda w: VERDICT_NAMES[Verdict(w)]) for each in totals["verdicts"])
    yield f"判定：{_both(verdicts)}"
    yield f"警报：现行 {totals['alerts'][0]} 个 → 拟改 {totals['alerts'][1]} 个"
    kinds = (
        _counted(each, lambda w: TIMELINESS_NAMES[Timeliness(w)]) for each in totals["timeliness"]
    )
    yield f"应报：{_both(kinds)}"


def _both(pair: Iterable[str]) -> str:
    before, after = pair
    return f"现行 {before} → 拟改 {after}"


def _counted(counts: dict[str, int], name: Callable[[str], str]) -> str:
    return "、".join(f"{name(word)} {count}" for word, count in counts.items()) or "无"


def _listed(name: str, rows: list[str]) -> Iterator[str]:
    if not rows:
        return
    yield f"{name}（{len(rows)}）："
    yield from (f"  · {row}" for row in rows[:_MOST])
    if len(rows) > _MOST:
        yield f"  · 其余 {len(rows) - _MOST} 项略，加 --json 可看全部"


def _owed(row: dict[str, Any], unit_name: Callable[[str], str]) -> str:
    case = f"《{row['case_title']}》" if row["case_title"] else ""
    stands = " → ".join(_standing(row[side]) for side in ("before", "after"))
    return f"{unit_name(row['unit_id'])} {DUTY_NAMES[Duty(row['kind'])]}{case}：{stands}"


def _standing(stands: dict[str, Any] | None) -> str:
    if stands is None:
        return "不须报"
    over = timedelta(seconds=stands["overrun_seconds"])
    due_at = spoken(datetime.fromisoformat(stands["due_at"]))
    name = TIMELINESS_NAMES[Timeliness(stands["timeliness"])]
    return f"{name}{f' {over}' if over else ''}（{due_at} 前）"


def _item(row: dict[str, Any], unit_name: Callable[[str], str]) -> str:
    stands = " → ".join(_verdict(row[side]) for side in ("before", "after"))
    at = spoken(datetime.fromisoformat(row["received_at"]))
    return f"{at} {unit_name(row['unit_id'])}《{row['title']}》：{stands}"


def _verdict(judged: dict[str, Any]) -> str:
    grade = judged["severity"] and SEVERITY_NAMES[Severity(judged["severity"])]
    words = (VERDICT_NAMES[Verdict(judged["verdict"])], judged["subtype"], grade)
    return " ".join(word for word in words if word)


def _alert(row: dict[str, Any], unit_name: Callable[[str], str]) -> str:
    stands = " → ".join(_call(row[side]) for side in ("before", "after"))
    at = spoken(datetime.fromisoformat(row["opened_at"]))
    return f"{at} {unit_name(row['unit_id'])} {row['title']}：{stands}"


def _call(alert: dict[str, Any] | None) -> str:
    if alert is None:
        return "不报警"
    grade = alert["severity"] and SEVERITY_NAMES[Severity(alert["severity"])]
    return f"{VERDICT_NAMES[Verdict(alert['level'])]}{grade or ''}"
