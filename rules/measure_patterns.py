"""How reports write losses, areas, crowds and outages. 量值的写法。

A number and its unit are found first; then the words of its clause, before it and behind it, say
what it measures. So one scan serves all quantities, and a new one is a line in `MEANINGS`.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from rules.numerals import RANGE as NUMBER
from vocabulary.terms import Quantity

_UNITS = (
    "人(?!次|民|均)|[名位](?![于列单副置])|例|户|间|栋|幢|座|亩|公顷|平方公里|平方千米|平方米|元(?!旦)|级|分钟|天|头|只(?!有|要|能|是)|羽|匹"
    "|吨|公斤|千克|毫米|条|辆|节(?!日|目|点)|年一遇|(?:个(?:半|多)?|多个?)?小时|个(?![月多半人])|处(?![置理罚分境])"
)
SCAN = re.compile(
    r"(?=[\d半近将上数几零〇一二两三四五六七八九十百千廿卅万])"
    rf"(?:(?P<n>{NUMBER}) ?(?P<u>{_UNITS})|半个?(?P<half>小时))"
)
"""One number with its unit."""

CLAUSE_END = re.compile("[，。；！？,;!?\n]")
HOUSEHOLDS_BEFORE = re.compile(f"{NUMBER}[余多]?户(?:居民|村民|群众)?[、，,]?[共约计]*$")
PEOPLE_BEHIND = re.compile(f"[、，,]?[共约计]*{NUMBER}[余多]?人")
ABOUT_BEFORE, ABOUT_BEHIND = re.compile("约$"), re.compile("左右|上下")
OPEN_BEFORE, OPEN_BEHIND = re.compile("(?:至少|超过?|逾|不少于|不下)$"), re.compile("[余多]?以上")

SCALES: Mapping[str, float] = {
    "亩": 1 / 15,
    "平方公里": 100,
    "平方千米": 100,
    "平方米": 1 / 10_000,
    "分钟": 1 / 60,
    "天": 24,
    "公斤": 1 / 1000,
    "千克": 1 / 1000,
}
"""What one of a unit is in the unit of its quantity: 亩 in 公顷, 分钟 in 小时, 公斤 in 吨."""


class Meaning(NamedTuple):
    """A quantity, and the words that make a number one of it. 含义。

    `before` has to stand at the end of what precedes the number in its clause, `behind` at the
    beginning of what follows; either is enough. `both` has to be somewhere in the clause.
    """

    quantity: Quantity
    before: re.Pattern[str] | None = None
    behind: re.Pattern[str] | None = None
    both: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None

    def fits(self, before: str, number: str, behind: str) -> bool:
        """Say whether the clause makes the number one of this quantity."""
        is_before = self.before is not None and self.before.search(before)
        if not is_before and not (self.behind is not None and self.behind.match(behind)):
            return False
        if self.both is not None and not self.both.search(before + number + behind):
            return False
        return self.never is None or not (self.never.search(before) or self.never.search(behind))


def _before(words: str, reach: int = 10) -> re.Pattern[str]:
    return re.compile(rf"(?:{words})[^，。；\d]{{0,{reach}}}$")


def _behind(words: str, reach: int = 12) -> re.Pattern[str]:
    return re.compile(rf"[^，。；\d无未没]{{0,{reach}}}?(?:{words})")


_MOVED = "转移(?!物资|财产|资金|矛盾)|疏散|撤离|撤出|安置"
_HELPERS = re.compile("(?:组织|出动|投入|动员|派出|调集)[了共]?$")
_ILL = (
    "发热|发烧|腹泻|腹痛|呕吐|恶心|不适|中毒|就诊|就医|发病|患病|确诊|感染|住院|入院|送医"
    "|送[往至到].{0,8}医院|症状|阳性|病例|患者"
)
_GATHERED = (
    "聚集|聚众|围堵|集体(?:上访|访|到|走访|讨|抗议|停工|罢|维权)|上访|集访|走访|拉横幅|打横幅|横幅|堵[路门塞住]|静坐|罢[工课运市]|讨薪|讨要|维权|示威|游行|冲击|械斗|斗殴|滞留"
    "|请愿|抗议|围观|闹事"
)
_POWER, _SUPPLY = "停电|断电|供电中断", "停水|断水|停气|断气|供水中断|供气中断|停供"
_TRAFFIC = "中断|封闭|阻断|停运|堵塞|拥堵|瘫痪|封路|断行|受阻"
_HOUSE = re.compile("房屋|民房|住房|农房|平房|楼房|瓦房|土房|房子|住宅")
_FALLEN, _HURT = "倒塌|垮塌|坍塌|冲毁|损毁|烧毁|倒损|塌", "受损|损坏|进水|被淹|受淹|开裂|裂缝"
_DIED = "死亡|病死|淹死|冻死|烧死|砸死|扑杀|冲走"
_BEASTS = "猪|牛|羊|马|驴|鸡|鸭|鹅|禽|畜|鸽|兔|骆驼|牦牛"
_FOREST, _GRASS = "森林|林地|山林|林木|有林地", "草原|草场|草地"
_CROPS = "受灾|成灾|受旱|被淹|受淹|淹没|倒伏|减产|冲毁|受损"

_PEOPLE = (
    Meaning(Quantity.EVACUATED, _before(_MOVED), _behind(_MOVED, 8), never=_HELPERS),
    Meaning(Quantity.THIRSTY, _before("饮水困难|缺水"), _behind("饮水困难|吃水困难|饮用水困难")),
    Meaning(Quantity.AT_RISK, re.compile("(?:威胁|危及)[^，。；]{0,14}$")),
    Meaning(Quantity.AFFECTED, _before("受灾(?:人口|群众|人员|人数)?", 4), _behind("受灾", 4)),
    Meaning(
        Quantity.CROWD,
        _before("聚集|围观|上访|集访|参与|人群"),
        _behind(_GATHERED, 22),
        never=re.compile("民警|警力|干部|工作人员|消防|救援|医护|劝|疏导"),
    ),
    Meaning(
        Quantity.PATIENTS,
        _before(_ILL, 6),
        _behind(_ILL, 16),
        never=re.compile("[就用]餐$|密切接触|密接|检测|采样|接种|排查|医护|专家"),
    ),
)
_HOUSEHOLDS = (
    Meaning(Quantity.POWER_CUT_HOUSEHOLDS, _before(_POWER), _behind(_POWER)),
    Meaning(Quantity.SUPPLY_CUT_HOUSEHOLDS, _before(_SUPPLY), _behind(_SUPPLY)),
    Meaning(Quantity.EVACUATED, _before(_MOVED), _behind(_MOVED, 8)),
    Meaning(
        Quantity.HOUSEHOLDS,
        _before(f"受灾|涉及|影响|殃及|波及|{_FALLEN}|{_HURT}", 8),
        _behind(f"受灾|受影响|过火|被毁|{_FALLEN}|{_HURT}", 10),
    ),
)
_BUILDINGS = (
    Meaning(Quantity.HOUSES_COLLAPSED, _before(_FALLEN, 8), _behind(_FALLEN, 8), _HOUSE),
    Meaning(Quantity.HOUSES_DAMAGED, _before(_HURT, 8), _behind(_HURT, 8), _HOUSE),
)
_AREAS = (
    Meaning(Quantity.CROP_LOST_AREA, _before("绝收"), _behind("绝收")),
    Meaning(Quantity.BURNT_AREA, _before("过火"), _behind("过火")),
    Meaning(
        Quantity.GRASSLAND_AREA, _before("受害|烧毁"), _behind("受害|被烧"), re.compile(_GRASS)
    ),
    Meaning(
        Quantity.FOREST_AREA, _before("受害|烧毁"), _behind("受害|被烧|烧毁"), re.compile(_FOREST)
    ),
    Meaning(Quantity.CROP_AREA, _before(_CROPS), _behind(_CROPS)),
)
_HOURS = (
    Meaning(Quantity.POWER_CUT_HOURS, _before(_POWER)),
    Meaning(Quantity.SUPPLY_CUT_HOURS, _before(_SUPPLY)),
    Meaning(Quantity.STRANDED_HOURS, _before("被困|受困|困人|困在|滞留|悬停|关在")),
    Meaning(Quantity.TRAFFIC_CUT_HOURS, _before(_TRAFFIC)),
)
_CATTLE = (Meaning(Quantity.LIVESTOCK, _before(_DIED), _behind(_DIED), re.compile(_BEASTS)),)
_WEIGHT = (
    Meaning(
        Quantity.SPILL, _before("泄漏|泄露|溢油|外泄|流入|流出"), _behind("泄漏|泄露|外泄|流入")
    ),
)
_RAIL = (
    Meaning(
        Quantity.CARRIAGES_DERAILED,
        _before("脱轨|出轨|脱线"),
        _behind("脱轨|出轨|脱线"),
    ),
)

MEANINGS: Mapping[str, tuple[Meaning, ...]] = {
    **dict.fromkeys("人名位", _PEOPLE),
    "例": (Meaning(Quantity.PATIENTS, _before(f"{_ILL}|新增", 8), _behind(_ILL, 8)),),
    "户": _HOUSEHOLDS,
    **dict.fromkeys("间栋幢座", _BUILDINGS),
    **dict.fromkeys(("亩", "公顷", "平方公里", "平方千米", "平方米"), _AREAS),
    "元": (
        Meaning(
            Quantity.LOSS,
            _before("损失", 12),
            re.compile("[余多]?的?(?:直接)?(?:经济|财产)?损失"),
            never=re.compile("间接|挽回|避免"),
        ),
    ),
    "级": (
        Meaning(
            Quantity.MAGNITUDE,
            re.compile("里氏 ?$|震级(?:为|约|达|约为)?$|M[sSlLwW]? ?$|地震$"),
            re.compile("(?:左右)?的?(?:强烈|有感)?(?:地震|强震)"),
        ),
    ),
    **dict.fromkeys(("小时", "分钟", "天"), _HOURS),
    **dict.fromkeys("头只羽匹", _CATTLE),
    **dict.fromkeys(("吨", "公斤", "千克"), _WEIGHT),
    "毫米": (Meaning(Quantity.RAINFALL, _before("雨|降水|雪", 14)),),
    "年一遇": (Meaning(Quantity.RETURN_PERIOD, re.compile("")),),
    "条": (
        Meaning(
            Quantity.RECORDS_LEAKED,
            _before("泄露|泄漏|外泄|窃取"),
            _behind("泄露|泄漏|外泄|窃取|被盗"),
            re.compile("信息|数据|记录"),
        ),
    ),
    **dict.fromkeys("辆节", _RAIL),
    **dict.fromkeys(
        "个处", (Meaning(Quantity.INFECTED_PLACES, _before("疫点", 4), re.compile("疫点")),)
    ),
}
"""By unit, what a number can mean; the first that fits stands."""

_WORDS = {
    "人": f"{_MOVED}|饮水|缺水|吃水|威胁|危及|受灾|{_GATHERED}|参与|人群|{_ILL}",
    "例": f"{_ILL}|新增",
    "户": f"{_POWER}|{_SUPPLY}|{_MOVED}|受|涉及|影响|殃及|波及|过火|被毁|{_FALLEN}|{_HURT}",
    "间": f"{_FALLEN}|{_HURT}",
    "亩": f"绝收|过火|受害|烧毁|被烧|{_CROPS}",
    "元": "损失",
    "级": "震|里氏|M",
    "小时": f"{_POWER}|{_SUPPLY}|困|滞留|悬停|关在|{_TRAFFIC}",
    "头": _DIED,
    "吨": "泄|溢|流",
    "毫米": "雨|雪|降水",
    "年一遇": "遇",
    "条": "信息|数据|记录",
    "辆": "轨|脱线",
    "个": "疫点",
}
HINTS: Mapping[str, re.Pattern[str]] = {
    unit: re.compile(words)
    for first, words in _WORDS.items()
    for unit, meanings in MEANINGS.items()
    if meanings is MEANINGS[first]
}
"""By unit, the words without which a number has none of its meanings: one cheap look first."""
