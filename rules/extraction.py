"""How many dead, injured, missing, trapped? 伤亡抽取。

The first figure stands; 累计 and 升至 replace it by a larger one, 新增 adds to it, 其中 is a part
of it and never added. “无人员伤亡” is zero; “伤亡情况不详” is unknown, and unknown is never zero.
A blurred figure counts by its lower end. A sentence of statistics or of old times tells nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rules.numerals import PATTERN as NUMBER
from rules.numerals import least
from vocabulary.judgement import Casualties
from vocabulary.submission import Submission

_DEATHS = "死亡|遇难|身亡|罹难|丧生|牺牲|殉职|溺亡|坠亡|毙命|猝死|不治|遇害|[炸砸烧淹撞压打砍捅]死|死(?![亡者角里伤])|亡(?=[,，。;；（(]|$)"
_INJURED = (
    "重伤|轻伤|受伤|负伤|烧伤|炸伤|砸伤|烫伤|砍伤|刺伤|咬伤|捅伤|(?<!食物)中毒|伤(?![亡害者员心势])"
)
_MISSING = "失联|失踪|下落不明|失去联系"
_TRAPPED = "被困|被埋|受困|围困"
_VERB = f"(?:(?P<{{0}}d>{_DEATHS})|(?P<{{0}}i>{_INJURED})|(?P<{{0}}m>{_MISSING})|(?P<{{0}}t>{_TRAPPED}))"
_WHO = "群众|村民|居民|工人|矿工|学生|儿童|师生|游客|乘客|旅客|司机|驾驶员|司乘|消防员|干部|船员|囚犯|员工|职工|民众|平民|小学生|中学生"
# What may stand between the people and what befell them: no second number, nobody who comes to help.
_BETWEEN = r"(?:抢救|[^\d\s，。；、：！？,;()（）两三四五六七八九救搜赶派寻赴投转疏]){0,12}?"
# The first letters, told apart at once: most letters of a text begin no count.
_BEGINS = r"(?=[\d近上数几零〇一二两三四五六七八九十百千死遇身罹丧牺殉溺坠毙猝不炸砸烧淹撞压打砍捅亡重轻受负烫刺咬伤中失下被围])"
_COUNT = re.compile(
    f"{_BEGINS}(?:(?P<n>{NUMBER})(?:[名位个例]?(?:人|{_WHO})|[名位例个](?!月|小时|多月)){_BETWEEN}{_VERB.format('a')}"
    f"|{_VERB.format('b')}(?:人数|人员|者|的)?(?:[已共]|[上]?升至|增至|增加到|上升到|达到?|为|有|至少|超过?|逾|约|:){{0,3}}"
    f"(?P<m>{NUMBER})(?:[名位个例]|余|多)*人"
    f"|(?P<d>{NUMBER})死(?!一生|[不而得])(?:约|近|逾|超|至少)?(?:(?P<i>{NUMBER})(?:余|多)?伤)?"
    f"|(?P<h>{NUMBER})(?:余|多)?伤(?![亡害者员心势]))"
)
_NONE = re.compile(
    "(?:无|未|没有|没|未有|幸无)(?:造成|发现|发生|接到|接报|收到|导致|出现)*(?:任何|重大)?(?:人员|人|群众|学生|村民)?的?"
    f"(?:(?P<all>伤亡)|(?P<d>死亡|遇难)|(?P<i>受伤)|(?P<m>{_MISSING})|(?P<t>{_TRAPPED}))"
)
_PERSON = (
    "男子|女子|少年|少女|司机|驾驶员|老人|男孩|女孩|男童|女童|工人|孩子|干部|学生|婴儿|主人|村民|妇女|老汉"
    "|车主|骑手|教师|医生|护士|民警|保安|农民|游客|船员|员工|父亲|母亲|儿子|女儿"
)
_END = "身亡|死亡|溺亡|殒命|不治|丧生|遇难|坠亡|牺牲"
_ONE = re.compile(
    f"(?:{_PERSON})[^，。；\\d两三四五六七八九]{{0,18}}?(?:{_END})|双双(?:{_END})|殒命|伤重不治"
)
_NOT_NOW = re.compile(
    "同比|环比|起数|各类事故|零死亡|双下降|亡人事故|去年|前年|历史上|当年|曾(?:发生|造成|致|有)|周年|年均|每年|以来.{0,4}累计"
)
_PART = re.compile(r"(?:其中|包括|包含|含)[^，。；]{0,6}$")
_MORE = re.compile(r"(?:新增|又有|再有|另又)[^，。；]{0,4}$")
_NEW_TOTAL = re.compile(r"(?:累计|升至|增至|上升到|增加到|共造成|共致|共有)[^，。；]{0,8}$")
_LATER = re.compile("抢救无效|不治|送医途中|途中")
_KINDS = {"d": "deaths", "i": "injured", "m": "missing", "t": "trapped"}


@dataclass(slots=True)
class _Tally:
    """What has been counted so far, by figure. 计数。"""

    found: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)  # 重伤 and 轻伤; on the spot and later
    zeros: set[str] = field(default_factory=set)

    def add(self, kind: str, value: int, before: str, verb: str) -> None:
        """Take one figure in, by the words that stand before it."""
        if _PART.search(before) and (kind in self.found or kind in self.parts):
            return
        if part := _part_of(kind, verb):
            self.parts[part] = self.parts.get(part, value)
        elif kind not in self.found:
            self.found[kind] = value
        elif _MORE.search(before):
            self.found[kind] += value
        elif _NEW_TOTAL.search(before) or any(mark in verb for mark in ("升至", "增至", "累计")):
            self.found[kind] = max(value, self.found[kind])

    def total(self, kind: str) -> int | None:
        """Return the figure; the sum of its parts where no whole was told; zero; or unknown."""
        if kind in self.found:
            return self.found[kind]
        parts = [value for part, value in self.parts.items() if part.startswith(kind)]
        if parts:
            return sum(parts)
        return 0 if kind in self.zeros else None


def extract(sentences: Iterable[str]) -> Casualties:
    """Return the figures of these sentences, read in order. 从句中抽取伤亡。

    Figures that nobody told are `None`. The trapped are counted apart.
    """
    tally = _Tally()
    kept = [sentence for sentence in sentences if not _NOT_NOW.search(sentence)]
    for sentence in kept:
        _read_zeros(sentence, tally)
        for match in _COUNT.finditer(sentence):
            _read_count(sentence, match, tally)
    deaths = tally.total("deaths")
    if not deaths:
        deaths = next((n for n in map(_one, kept) if n), deaths)
    return Casualties(
        deaths, tally.total("injured"), tally.total("missing"), tally.total("trapped")
    )


def overruled(found: Casualties, stated: Submission) -> Casualties:
    """Return the figures with those that the sender stated in their place."""
    return Casualties(
        found.deaths if stated.deaths is None else stated.deaths,
        found.injured if stated.injured is None else stated.injured,
        found.missing if stated.missing is None else stated.missing,
        found.trapped,
    )


def _read_zeros(sentence: str, tally: _Tally) -> None:
    for match in _NONE.finditer(sentence):
        if match["all"]:
            tally.zeros |= {"deaths", "injured", "missing"}
        tally.zeros |= {kind for key, kind in _KINDS.items() if match[key]}


def _read_count(sentence: str, match: re.Match[str], tally: _Tally) -> None:
    before = sentence[max(0, match.start() - 12) : match.start()]
    if match["n"] or match["m"]:
        number, side = (match["n"], "a") if match["n"] else (match["m"], "b")
        kind = next(name for key, name in _KINDS.items() if match[side + key])
        tally.add(kind, least(number), before, match[0])
        return
    if match["d"]:
        tally.add("deaths", least(match["d"]), before, "")
    if injured := match["i"] or match["h"]:
        tally.add("injured", least(injured), before, "")


def _part_of(kind: str, verb: str) -> str | None:
    if kind == "injured":
        return next((f"{kind}{word}" for word in ("重伤", "轻伤") if word in verb), None)
    if kind == "deaths" and "当场" in verb:
        return "deaths当场"
    if kind == "deaths" and _LATER.search(verb):
        return "deaths其后"
    return None


def _one(sentence: str) -> int | None:
    """“一男子触电身亡” counts one though it writes no number of people."""
    match = _ONE.search(sentence)
    if match is None or _NONE.search(sentence):
        return None
    return 2 if "双双" in match[0] else 1
