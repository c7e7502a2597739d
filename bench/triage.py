"""How many items a second one core judges, and how the time grows with the length. 研判速度。

The load is the duty room's own scenarios: nearly half are emergencies, so it is dearer than a real
day. An item is a line of JSON read, judged with its figures, and written as a line of JSON, as
`jibao triage` does it. Processor seconds are counted, since others may share the machine.
"""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from statistics import median
from time import process_time
from typing import Any

import orjson

from app.triage_commands import judge_line
from bench.fitting import Item, scenarios
from bench.processes import Ground
from bench.report import Measured, Say
from bench.scale import Scale
from bench.settled import Figures
from rulebook import load
from rules.triage import Judge

_KIB = 1024
_LENGTHS = (1, 2, 4, 8, 16, 32, 64)  # KiB of UTF-8
_REPEATS = 5
_MICRO = 1_000_000


def measure(_ground: Ground, scale: Scale, say: Say) -> Measured:
    """Measure the judge on the scenarios and on long texts; then the peer."""
    judge = Judge(load())
    items = [*scenarios()]
    lines = [_line(item) for item in items]
    say(f"研判 {len(lines)} 件，{scale.rounds} 轮")
    rounds = [
        _each(lambda line: orjson.dumps(judge_line(judge, line)), lines) for _ in _turns(scale)
    ]
    say("研判长文，1 至 64 KiB")
    curve = {f"{size}_kib_us": round(_long(judge, items, size)) for size in _LENGTHS}
    peer = _peer(items, scale, say)
    typical = sorted(map(median, zip(*rounds, strict=True)))
    figures: Figures = {
        "items_per_s": round(len(typical) / sum(typical)),
        "p50_us": round(_MICRO * median(typical), 1),
        "p99_us": round(_MICRO * typical[int(0.99 * len(typical))], 1),
        "us_64_kib": curve["64_kib_us"],
    }
    return Measured(
        figures=figures,
        settings={
            "items": len(items),
            "item_letters": round(median(len(i.title) + len(i.body) for i in items)),
            "rounds": scale.rounds,
            "figure": "processor time of one process; an item's is the median of its rounds",
        },
        detail={"curve": curve, "items_per_s_of_peer": peer and peer["figures"]["items_per_s"]},
        peer=peer,
    )


def _turns(scale: Scale) -> range:
    return range(scale.rounds * _REPEATS)


def _line(item: Item) -> bytes:
    return orjson.dumps({"id": item.item_id, "title": item.title, "body": item.body})


def _each(do: Callable[[Any], object], loads: Sequence[Any]) -> list[float]:
    """Return the processor seconds that each of the loads took."""
    took = []
    for load_ in loads:
        before = process_time()
        do(load_)
        took.append(process_time() - before)
    return took


def _long(judge: Judge, items: Sequence[Item], kib: int) -> float:
    """Return the microseconds for one text of that length, made of the scenarios end to end."""
    whole = "".join(item.body for item in items).encode()
    whole *= 1 + kib * _KIB // len(whole)
    line = orjson.dumps(
        {"id": kib, "title": "", "body": whole[: kib * _KIB].decode(errors="ignore")}
    )
    return _MICRO * median(_each(lambda one: judge_line(judge, one), [line] * _REPEATS))


def _peer(items: Sequence[Item], scale: Scale, say: Say) -> dict[str, Any] | None:
    """Cut the same texts into words with jieba, which judges nothing; `None` where it is absent."""
    try:
        import jieba
    except ImportError:
        say("没有安装 jieba，不作比较；`uv pip install jieba` 可装")
        return None
    jieba.setLogLevel("ERROR")
    texts = [f"{item.title}\n{item.body}" for item in items]
    jieba.lcut(texts[0])  # reads its dictionary
    say("jieba 切同样的文字")
    rounds = [_each(jieba.lcut, texts) for _ in _turns(scale)]
    typical = [*map(median, zip(*rounds, strict=True))]
    return {
        "name": "jieba",
        "version": version("jieba"),
        "figures": {"items_per_s": round(len(typical) / sum(typical))},
    }
