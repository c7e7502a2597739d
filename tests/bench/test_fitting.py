"""Is the weight table fitted from labelled lines, keeping none of their sentences? 拟合。"""

from pathlib import Path

import orjson
import yaml

import rulebook
from bench.fitting import bounds, examples_of, held_out, items_of, limit, main, scenarios, table
from bench.logistic import Example, fit
from rules.triage import Judge

JUDGE = Judge(rulebook.load())
SENTENCE = "十里铺今日发生火灾，两人受伤，正在扑救"
ITEMS = [
    {"id": f"u-{n}", "title": "十里铺起火", "body": f"{SENTENCE}，第{n}车已到。", "label": "urgent"}
    for n in range(12)
] + [
    {"id": f"r-{n}", "title": "召开例会", "body": f"会议部署第{n}项工作。", "label": "routine"}
    for n in range(12)
]


def written(folder: Path) -> Path:
    file = folder / "items.jsonl"
    unlabelled = {"id": "x", "title": "", "body": "不知道", "label": "unsure"}
    file.write_bytes(b"\n".join(orjson.dumps(item) for item in [*ITEMS, unlabelled]))
    return file


def test_unlabelled_lines_are_left_out(tmp_path: Path) -> None:
    assert len([*items_of(written(tmp_path))]) == len(ITEMS)


def test_the_table_can_be_loaded_and_holds_no_sentence_of_an_item(tmp_path: Path) -> None:
    out = tmp_path / "scorer.yaml"

    main([written(tmp_path)], out=out, page_false=0.1, look_false=0.2)

    told = yaml.safe_load(out.read_text("utf-8"))
    assert told["look"] <= told["page"]
    assert SENTENCE[:6] not in out.read_text("utf-8")
    assert "十里铺" not in out.read_text("utf-8")


def test_the_same_items_always_give_the_same_table(tmp_path: Path) -> None:
    told = examples_of(JUDGE, items_of(written(tmp_path)))

    assert table(fit(told, bounds), 0.0, -1.0) == table(fit(told, bounds), 0.0, -1.0)


def test_each_item_is_scored_by_a_model_that_has_not_seen_it(tmp_path: Path) -> None:
    items = [*items_of(written(tmp_path))]
    told = examples_of(JUDGE, items)
    own = examples_of(JUDGE, [*scenarios()][:40])

    scores = held_out(items, told, own)

    urgent = [s for s, e in zip(scores, told, strict=True) if e.is_urgent]
    routine = [s for s, e in zip(scores, told, strict=True) if not e.is_urgent]
    assert min(urgent) > max(routine)


def test_the_limit_lets_no_more_than_its_share_of_the_routine_items_through() -> None:
    told = [Example((), is_urgent=False)] * 10
    scores = [float(number) for number in range(10)]

    assert sum(score >= limit(told, scores, 0.2) for score in scores) == 2


def test_weights_keep_within_their_bounds() -> None:
    odd = [Example(("有死亡人数",), is_urgent=False), Example(("语境·宣传教育",), is_urgent=True)]

    weights = fit(odd, bounds).weights

    assert weights["有死亡人数"] >= 0
    assert weights["语境·宣传教育"] <= 0
