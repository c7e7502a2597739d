"""The small change of the texts: grades, counts, lengths of time, cut titles. 措辞零件。"""

from datetime import datetime, timedelta

from vocabulary.china_time import spoken
from vocabulary.judgement import Casualties
from vocabulary.terms import Severity

SEVERITIES = {
    Severity.EXTREME: "特别重大",
    Severity.MAJOR: "重大",
    Severity.SERIOUS: "较大",
    Severity.ORDINARY: "一般",
}
CUT_MARK = "…"


def graded(severity: Severity | None) -> str:
    """Return a provisional grade: 初判较大, or that it cannot be told yet."""
    return "等级待定" if severity is None else f"初判{SEVERITIES[severity]}"


def counted(casualties: Casualties) -> str:
    """Return the counts as a report writes them; unknown is said and is never a zero."""
    counts = (
        ("死亡", casualties.deaths),
        ("受伤", casualties.injured),
        ("失联", casualties.missing),
    )
    if all(count is None for _, count in counts):
        return "情况不明"
    return "，".join(f"{what}不明" if n is None else f"{what}{n}人" for what, n in counts)


def lasted(length: timedelta) -> str:
    """Return a length of time in hours and minutes, cut down to the minute: 1小时5分钟."""
    minutes = max(0, int(length.total_seconds() // 60))
    hours, minutes = divmod(minutes, 60)
    if hours and minutes:
        return f"{hours}小时{minutes}分钟"
    if hours:
        return f"{hours}小时"
    return f"{minutes}分钟" if minutes else "不足1分钟"


def clock_time(instant: datetime) -> str:
    """Return day, hour and minute: 11月24日 03:40."""
    return spoken(instant)[:-3]


def one_line(text: str, length_max: int) -> str:
    """Return the text on one line, cut to `length_max` characters with a mark."""
    line = " ".join(text.split())
    return line if len(line) <= length_max else line[: length_max - 1] + CUT_MARK


def lines(*parts: str) -> str:
    """Return the parts that say something, a line each."""
    return "\n".join(part for part in parts if part)
