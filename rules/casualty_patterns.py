"""How reports write their dead, injured, missing and trapped. 伤亡的写法。"""

import re

from rules.numerals import PATTERN as NUMBER

_DEATHS = (
    "死亡|遇难|身亡|罹难|丧生|牺牲|殉职|溺亡|坠亡|毙命|猝死|不治|遇害"
    "|[炸砸烧淹撞压打砍捅]死|死(?![亡者角里伤])|亡(?=[,，。;；（(]|$)"
)
_INJURED = (
    "重伤|轻伤|受伤|负伤|烧伤|炸伤|砸伤|烫伤|砍伤|刺伤|咬伤|捅伤|(?<!食物)中毒|伤(?![亡害者员心势])"
)
_MISSING = "失联|失踪|下落不明|失去联系"
_TRAPPED = "被困|被埋|受困|围困"
_WHO = (
    "群众|村民|居民|工人|矿工|小学生|中学生|学生|儿童|师生|游客|乘客|旅客|司机|驾驶员|司乘"
    "|消防员|干部|船员|囚犯|员工|职工|民众|平民"
)
# Between the people and what befell them: no second number, and nobody who comes to help.
_BETWEEN = (
    r"(?:，?后?经?抢救|[^\d\s，。；、：！？,;()（）两三四五六七八九救搜赶派寻赴投转疏]){0,12}?"
)
# The letters a count can begin with, told apart at once: most letters of a text begin none.
_BEGINS = (
    r"(?=[\d近上数几零〇一二两三四五六七八九十百千"
    "死遇身罹丧牺殉溺坠毙猝不炸砸烧淹撞压打砍捅亡重轻受负烫刺咬伤昏中失下被围])"
)
_RISES = "(?:[已共]|上?升至|增至|增加到|上升到|达到?|为|有|至少|超过?|逾|约|:){0,3}"


def _verb(side: str) -> str:
    """One group for each figure, so that the match says which it is."""
    verbs = (("d", _DEATHS), ("i", _INJURED), ("m", _MISSING), ("t", _TRAPPED))
    return "(?:" + "|".join(f"(?P<{side}{figure}>{verb})" for figure, verb in verbs) + ")"


COUNT = re.compile(
    f"{_BEGINS}(?:"
    # 造成3人死亡；两名学生溺亡
    f"(?P<n>{NUMBER})(?:[名位个例]?(?:人|{_WHO})|[名位例个](?!月|小时)){_BETWEEN}{_verb('a')}"
    # 死亡三人；死亡人数升至7人
    f"|{_verb('b')}(?:人数|人员|者|的)?{_RISES}(?P<m>{NUMBER})[名位个例余多]*人"
    # 1死2伤；九死一生 is no count
    f"|(?P<d>{NUMBER})死(?!一生|[不而得])(?:约|近|逾|超|至少)?(?:(?P<i>{NUMBER})[余多]?伤)?"
    f"|(?P<h>{NUMBER})[余多]?伤(?![亡害者员心势]))"
)
"""One count: n or m with the group of its figure; d dead and i injured; h injured."""

NONE = re.compile(
    "(?:无|未|没有|没|未有)(?:造成|发现|发生|接到|接报|收到|导致|出现)*"
    "(?:任何|重大)?(?:人员|人|群众|学生|村民)?的?"
    f"(?:(?P<all>伤亡)|(?P<d>死亡|遇难)|(?P<i>受伤)|(?P<m>{_MISSING})|(?P<t>{_TRAPPED}))"
)
"""A zero that was told: 无人员伤亡, 未造成人员伤亡, 无人被困."""

_PERSON = (
    "男子|女子|少年|少女|司机|驾驶员|老人|男孩|女孩|男童|女童|工人|孩子|干部|学生|婴儿|主人|村民"
    "|妇女|老汉|车主|骑手|教师|医生|护士|民警|保安|农民|游客|船员|员工|父亲|母亲|儿子|女儿"
)
_END = "身亡|死亡|溺亡|殒命|不治|丧生|遇难|坠亡|牺牲"
ONE = re.compile(
    f"(?:{_PERSON})[^，。；\\d两三四五六七八九]{{0,18}}?(?:，?(?:后|后经|经)?抢救无效)?(?:{_END})|双双(?:{_END})|殒命|伤重不治"
)
"""One death, or two of a pair, told without a number: 一男子触电身亡."""

NOT_NOW = re.compile(
    "同比|环比|起数|各类事故|零死亡|双下降|亡人事故|去年|前年|历史上|当年|曾(?:发生|造成|致|有)"
    "|周年|年均|每年|以来.{0,4}累计"
)
"""Statistics and old times: their figures are not this incident's."""

PART = re.compile(r"(?:其中|包括|包含|含)[^，。；]{0,6}$")
MORE = re.compile(r"(?:新增|又有|再有|另又)[^，。；]{0,4}$")
NEW_TOTAL = re.compile(r"(?:累计|升至|增至|上升到|增加到|共造成|共致|共有)[^，。；]{0,8}$")
LATER = re.compile("抢救无效|不治|途中")
