"""Fit the weight table: `python -m bench.fitting ITEMS.jsonl… [--out rulebook/scorer.yaml]`. 拟合。

Each line of ITEMS holds id, title, body and label (`urgent` or `routine`; others are left out).
The duty room's own scenarios are always fitted too. What is written is a table of signs and
weights: no sentence of any item enters it. The limits of paging and looking are taken from
items scored by models that had not seen them.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import orjson
import typer
import yaml

from bench.logistic import Example, Model, fit
from rulebook import load
from rules.triage import Judge

ROOT = Path(__file__).parent.parent
FOLDS = 10
PAGE_FALSE, LOOK_FALSE = 0.018, 0.045  # of the routine items, at most
_FREE = (-9.0, 9.0)
_SMALLEST = 0.05  # a weight below it is left out of the table
_EYEWITNESSES = "triage_spoken.yaml"
_LABELS = {"urgent": True, "emergency": True, "routine": False}
# What tells of an event never takes off, and what tells of something else never adds.
_ADDS = (
    *("证据满", "规则分满", "有死亡", "有受伤", "有失联", "有被困", "有规模", "类别·", "敏感·"),
    *(
        "此句有强词",
        "此句强词多",
        "此句有弱词",
        "此句弱词多",
        "此句有伤害词",
        "此句·",
        "此句有钟点",
    ),
    *("标题有强词", "标题有伤害词", "标题有人数", "全文·", "强词句1", "强词句2", "强词句3"),
)
_TAKES_OFF = (
    *("语境·", "标题语境·", "标题没说事", "标题说事又有语境", "标题说的是", "此句语境"),
    *("有旧年", "规则分为负", "时间含混", "少数句说事"),
)


class Item(NamedTuple):
    """One labelled item. 已有结论的件。"""

    item_id: str
    title: str
    body: str
    is_urgent: bool


def items_of(file: Path) -> Iterator[Item]:
    """Yield the labelled items of a JSON Lines file."""
    with file.open("rb") as lines:
        for line in lines:
            if line.strip():
                told = orjson.loads(line)
                if told.get("label") in _LABELS:
                    yield _item(told, str(told["id"]), _LABELS[told["label"]])


def scenarios(folder: Path = ROOT / "tests" / "scenarios") -> Iterator[Item]:
    """Yield the duty room's own cases; early signs and marked drills are no examples.

    Nor are eyewitnesses who name no event: the table is not asked about them, and would learn that
    little evidence is an emergency.
    """
    for file in sorted({*folder.glob("triage*.yaml")} - {folder / _EYEWITNESSES}):
        for number, case in enumerate(yaml.safe_load(file.read_text("utf-8"))):
            verdict = case["verdict"]
            wanted = verdict if isinstance(verdict, str) else verdict[0]
            if wanted in _LABELS and not case.get("is_drill"):
                yield _item(case, f"{file.stem}-{number}", _LABELS[wanted])


def _item(told: dict[str, Any], item_id: str, is_urgent: bool) -> Item:  # noqa: FBT001
    return Item(item_id, told.get("title") or "", told.get("body") or "", is_urgent)


def bounds(sign: str) -> tuple[float, float]:
    """Return between what a sign's weight may lie."""
    if sign.startswith(_ADDS):
        return 0.0, _FREE[1]
    if sign.startswith(_TAKES_OFF):
        return _FREE[0], 0.0
    return _FREE


def examples_of(judge: Judge, items: Iterable[Item]) -> list[Example]:
    """Return the items as the fit sees them."""
    return [Example(judge.signs(i.title, i.body), i.is_urgent) for i in items]


def held_out(items: Sequence[Item], told: Sequence[Example], own: Sequence[Example]) -> list[float]:
    """Score each item by a model fitted on the other folds and the scenarios. 交叉验证。"""
    folds = [int(sha256(item.item_id.encode()).hexdigest(), 16) % FOLDS for item in items]
    models = {
        fold: fit([*own, *(e for e, f in zip(told, folds, strict=True) if f != fold)], bounds)
        for fold in set(folds)
    }
    return [models[fold](example.signs) for example, fold in zip(told, folds, strict=True)]


def limit(told: Sequence[Example], scores: Sequence[float], false_share: float) -> float:
    """Return the score that no more than this share of the routine items reach."""
    routine = sorted(
        (s for s, e in zip(scores, told, strict=True) if not e.is_urgent), reverse=True
    )
    through = int(len(routine) * false_share)
    if not through:
        return routine[0] + 1.0
    return (routine[through - 1] + routine[through]) / 2


def table(model: Model, page: float, look: float) -> str:
    """Return the file rulebook/scorer.yaml."""
    kept = {s: w for s, w in model.weights.items() if abs(w) >= _SMALLEST}
    ordered = sorted(kept.items(), key=lambda pair: (-pair[1], pair[0]))
    return "\n".join(
        (
            "# 特征评分表",
            "#",
            "# 规则不能直接判定的件，按通读所得的特征逐项相加：满 page 判紧急，满 look 判关注。",
            "# 由 `python -m bench.fitting` 拟合写出；每行一个特征和分量，正偏紧急，负偏一般。",
            "# 可以手改一行试试：改完跑场景测试，或 `jibao explain` 看某一件的得分。",
            "# 可信度：D 本系统自定，不是法规。",
            "title: 特征评分表",
            "note: 只会把件往上提，从不压下规则已判的紧急",
            "source: 依已有结论的件和值班室案例拟合，不是法规",
            "confidence: D",
            "",
            f"base: {model.base:.2f}",
            f"page: {page:.2f}",
            f"look: {look:.2f}",
            "",
            "signs:",
            *(f"  {sign}: {weight:.2f}" for sign, weight in ordered),
            "",
        )
    )


def main(
    files: Annotated[list[Path], typer.Argument(help="JSON Lines：id、title、body、label")],
    out: Annotated[Path | None, typer.Option(help="写到哪个文件；缺省写标准输出")] = None,
    page_false: Annotated[float, typer.Option(help="一般件误呼叫的上限")] = PAGE_FALSE,
    look_false: Annotated[float, typer.Option(help="一般件误过目的上限")] = LOOK_FALSE,
) -> None:
    """拟合特征评分表。"""
    judge = Judge(load())
    items = [item for file in files for item in items_of(file)]
    told, own = examples_of(judge, items), examples_of(judge, scenarios())
    scores = held_out(items, told, own)
    model = fit([*own, *told], bounds)
    page, look = limit(told, scores, page_false), limit(told, scores, look_false)
    written = table(model, page, look)
    if out is None:
        typer.echo(written)
    else:
        out.write_text(written, "utf-8")
    for name, least in (("紧急", page), ("关注", look)):
        urgent = [s >= least for s, e in zip(scores, told, strict=True) if e.is_urgent]
        typer.echo(
            f"未见过的件：满{name}线的急件占 {100 * sum(urgent) / len(urgent):.1f}%", err=True
        )


if __name__ == "__main__":
    typer.run(main)
