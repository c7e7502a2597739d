"""What should the sender still tell? 缺项。"""

import re

from rules.reading import Reading
from rules.times import is_vague
from vocabulary.judgement import Casualties
from vocabulary.submission import Submission

_HOUR = re.compile(
    r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:时(?!间|候|段|期)|点(?!钟?头|多钟|的)|:\d\d)"
)
_DAY = re.compile(
    r"(?:(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})月(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})[日号]"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[日号]|[今昨前][日天晚夜晨]|今早|当[日天晚])"
    r"[^。；\n]{0,8}$"
)
_PART_OF_DAY = re.compile(r"(?:凌晨|上午|下午|晚上?|中午|傍晚|清晨|夜间)[^。；\n]{0,8}$")
_DAY_REACH = 20  # letters before the hour in which its day may stand
_PLACE = re.compile(
    "[一-龥]{2}(?:省|市|县|区|镇|乡|村|街道|社区|街|路|巷|大道|国道|省道|高速|公司|厂|矿|学校|中学|小学|幼儿园"
    "|医院|小区|广场|市场|水库|河|江|湖|桥|隧道|工地|园区|山|组)|[GSXK]\\d{2,4}"
)
_REPORTER = re.compile(
    "(?:报告人|报送人|报告单位|报送单位|联系人|值班员|信息员|记录人|联系电话)[:：]?\\s*\\S"
)

ELEMENTS = ("occurred_at", "place", "deaths", "injured", "missing", "reporter")


def missing_elements(
    submission: Submission, reading: Reading, casualties: Casualties
) -> tuple[str, ...]:
    """Return which elements are neither stated nor found in the text, in the order to ask them.

    “近日” is no time: a vague date leaves `occurred_at` missing.
    """
    text = reading.text
    has = {
        "occurred_at": submission.occurred_at is not None or _has_precise_time(text),
        "place": bool(submission.place) or _PLACE.search(text) is not None,
        "deaths": casualties.deaths is not None,
        "injured": casualties.injured is not None,
        "missing": casualties.missing is not None,
        "reporter": bool(submission.reporter or submission.recorder)
        or _REPORTER.search(text) is not None,
    }
    return tuple(element for element in ELEMENTS if not has[element])


def _has_precise_time(text: str) -> bool:
    """An hour with its day before it: “3月1日14时”, “今日凌晨2点”, “2026-03-01 02:30”.

    “近日凌晨2时” is none: a part of a day is one only where no vague date stands before it.
    """
    for hour in _HOUR.finditer(text):
        start, end = max(0, hour.start() - _DAY_REACH), hour.start()
        if _DAY.search(text, start, end):
            return True
        if _PART_OF_DAY.search(text, start, end) and not is_vague(text[start:end]):
            return True
    return False
