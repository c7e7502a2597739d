"""Verdicts on items that the weight table was not fitted on: `python -m bench.crossing`. 交叉验证。

`folds` scores each item by a table fitted on the other nine folds, `halves` by one fitted on the
other half; both also use the duty room's scenarios, as the shipped table does. `own` fits on the
scenarios alone. `rules` asks no table, and `table` no rule. An answer is a line of id and verdict.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import orjson
import typer

from bench.fitting import (
    FOLDS,
    LOOK_FALSE,
    PAGE_FALSE,
    Item,
    bounds,
    examples_of,
    held_out,
    items_of,
    limit,
    scenarios,
)
from bench.logistic import Example, fit
from rulebook import load
from rules.rulebook import Rulebook, Scorer
from rules.triage import Judge
from vocabulary.submission import Submission
from vocabulary.terms import Stage

_NEVER = 99.0


class Part(StrEnum):
    """What is left out, or asked alone. 哪一部分。"""

    FOLDS = "folds"
    HALVES = "halves"
    OWN = "own"
    RULES = "rules"
    TABLE = "table"


def half_of(item_id: str) -> int:
    """Return 0 or 1: the half an item belongs to, by the hash of its id."""
    return int(sha256(item_id.encode()).hexdigest(), 16) % 2


def _fold_of(item_id: str) -> int:
    return int(sha256(item_id.encode()).hexdigest(), 16) % FOLDS


def judges(
    book: Rulebook, items: Sequence[Item], told: Sequence[Example], part: Part
) -> Callable[[Item], Judge]:
    """Return which judge answers which item."""
    own = examples_of(Judge(book), scenarios())
    if part is Part.RULES:
        return _always(Judge(_without_table(book)))
    if part is Part.OWN:
        return _always(_fitted(book, items, told, own, [False] * len(items)))
    of = half_of if part is Part.HALVES else _fold_of
    groups = {of(item.item_id) for item in items}
    bare = _without_rules(book) if part is Part.TABLE else book
    by_group = {
        group: _fitted(bare, items, told, own, [of(i.item_id) != group for i in items])
        for group in groups
    }
    return lambda item: by_group[of(item.item_id)]


def _always(judge: Judge) -> Callable[[Item], Judge]:
    return lambda _: judge


def _fitted(
    book: Rulebook,
    items: Sequence[Item],
    told: Sequence[Example],
    own: Sequence[Example],
    is_shown: Sequence[bool],
) -> Judge:
    """A judge whose table and limits come from the shown items and the scenarios only."""
    shown = [(i, e) for i, e, is_one in zip(items, told, is_shown, strict=True) if is_one]
    model = fit([*own, *(e for _, e in shown)], bounds)
    if shown:
        seen = [e for _, e in shown]
        scores = held_out([i for i, _ in shown], seen, own)
        page, look = limit(seen, scores, PAGE_FALSE), limit(seen, scores, LOOK_FALSE)
    else:
        page, look = book.scorer.page, book.scorer.look
    scorer = Scorer(model.base, page, look, model.weights, book.scorer.source)
    return Judge(replace(book, scorer=scorer))


def _without_table(book: Rulebook) -> Rulebook:
    """The sum of the points decides, as the sign of enough of them says it."""
    enough = f"规则分满{book.lexicon.points.emergency}"
    signs = {enough: _NEVER}
    return replace(book, scorer=Scorer(0.0, _NEVER, _NEVER, signs, book.scorer.source))


def _without_rules(book: Rulebook) -> Rulebook:
    never = replace(book.lexicon.points, sure=99, early_signs=99)
    return replace(book, lexicon=replace(book.lexicon, points=never))


def answers(items: Sequence[Item], judge_of: Callable[[Item], Judge]) -> Iterator[bytes]:
    """Yield the answer to each item."""
    for item in items:
        made = Submission(title=item.title, body=item.body or "。", stage=Stage.NIL)
        judgement = judge_of(item)(made)
        yield orjson.dumps({"id": item.item_id, "verdict": judgement.verdict.value})


def main(
    file: Annotated[Path, typer.Argument(help="JSON Lines：id、title、body、label")],
    part: Annotated[Part, typer.Option(help="哪一部分")] = Part.FOLDS,
) -> None:
    """对评分表没见过的件作判定，写 JSON Lines。"""
    book = load()
    items = [*items_of(file)]
    told = examples_of(Judge(book), items)
    for line in answers(items, judges(book, items, told, part)):
        typer.echo(line)


if __name__ == "__main__":
    typer.run(main)
