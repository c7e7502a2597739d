"""What the benchmarks report: emergencies and routine items of a fictional county. 压测件。

Every emergency bears a marker at the head of its title, so that its page is found again among
all others by what the officer reads.
"""

import re
from collections.abc import Iterator

import orjson

_MARKER = re.compile(r"〔(\w+)〕")

# None names a place: each is an incident of its own, as those of a whole county are.
_EMERGENCIES = (
    ("民房起火有人被困", "今日凌晨，一栋三层民房起火，2人被困，消防救援队已到场施救。"),
    ("货车与客车相撞", "今天上午，过境省道上一辆货车与一辆客车相撞，已造成2人死亡、5人受伤。"),
    ("井下发生瓦斯爆炸", "一煤矿井下发生瓦斯爆炸，3人死亡，现场正在组织救援，伤者已送医。"),
    ("山体滑坡冲毁房屋", "强降雨引发山体滑坡，冲毁民房4间，1人失联，正在组织群众转移。"),
    ("学校多名学生呕吐", "镇中心小学42名学生午餐后出现呕吐腹泻，疑似食物中毒，已送县医院救治。"),
)
_ROUTINE_BODY = (
    "我镇今日召开春季农业生产工作会议，传达县里部署，对化肥、种子、农药储备和农机检修作了安排，"
    "要求各村于本周五前上报春播面积。会后，农技站工作人员分赴各村指导育秧，发放技术资料二百余份。"
    "截至目前，全镇已完成整地一万二千亩，占计划的六成；高标准农田配套沟渠清淤工作进展正常，"
    "群众反映良好。下一步，我镇将继续做好技术服务和物资调度工作。"
)


def emergency(marker: str, number: int) -> bytes:
    """Return an emergency as JSON; its kind and wording go with the number."""
    title, body = _EMERGENCIES[number % len(_EMERGENCIES)]
    return orjson.dumps({"title": f"〔{marker}〕{title}", "body": body, "stage": "first"})


def routine(number: int) -> dict[str, str]:
    """Return a routine item of some six hundred bytes."""
    return {"title": f"春耕生产工作动态第{number}期", "body": _ROUTINE_BODY, "stage": "first"}


def markers_in(text: str) -> Iterator[str]:
    """Yield the markers that a title bears."""
    return (found[1] for found in _MARKER.finditer(text))
