"""How many dead, injured, missing, trapped does a report tell? 伤亡抽取。

Read downwards: how figures are written, what joins them, what is none, what is unknown, and
which sentences tell nothing of this incident.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.extraction import extract, overruled
from vocabulary.judgement import Casualties
from vocabulary.submission import Submission


@pytest.mark.parametrize(
    ("sentence", "deaths"),
    [
        pytest.param("造成3人死亡", 3, id="arabic"),
        pytest.param("造成三人死亡", 3, id="chinese"),
        pytest.param("两名学生溺亡", 2, id="two said as 两"),
        pytest.param("死亡十二人", 12, id="figure behind the word"),
        pytest.param("死亡人数升至7人", 7, id="risen to"),
        pytest.param("造成1死2伤", 1, id="headline shorthand"),
        pytest.param("一死三伤", 1, id="chinese shorthand"),
        pytest.param("十余人遇难", 10, id="blurred counts by its lower end"),
        pytest.param("已致一百零五人遇难", 105, id="hundreds"),
        pytest.param("1人当场死亡，2人经抢救无效死亡", 3, id="on the spot and later add up"),
        pytest.param("一男子触电身亡", 1, id="one person without a number"),
        pytest.param("父子双双溺亡", 2, id="a pair"),
        pytest.param("两名工人落井，经抢救无效死亡", 2, id="died after all, behind a comma"),
    ],
)
def test_the_dead_are_counted_as_reports_write_them(sentence: str, deaths: int | None) -> None:
    assert extract([sentence]).deaths == deaths


@pytest.mark.parametrize(
    ("sentence", "injured"),
    [
        pytest.param("5人受伤", 5, id="plain"),
        pytest.param("重伤2人、轻伤5人", 7, id="badly and slightly add up"),
        pytest.param("24人受伤，其中3人重伤", 24, id="其中 is a part"),
        pytest.param("近百人受伤", 80, id="nearly a hundred"),
        pytest.param("4名工人硫化氢中毒", 4, id="poisoned"),
    ],
)
def test_the_injured_are_counted(sentence: str, injured: int) -> None:
    assert extract([sentence]).injured == injured


def test_the_missing_and_the_trapped_are_counted_apart() -> None:
    told = extract(["2人失联，4名矿工被困井下"])

    assert (told.missing, told.trapped, told.deaths) == (2, 4, None)


@pytest.mark.parametrize(
    "said", ["无人员伤亡", "未造成人员伤亡", "没有接到人员伤亡报告", "暂无人员伤亡"]
)
def test_none_is_zero(said: str) -> None:
    assert extract([said]) == Casualties(deaths=0, injured=0, missing=0)


@pytest.mark.parametrize(
    "said", ["伤亡情况不详", "人员伤亡正在核实", "死亡人数正在核实", "有人受伤，人数不明"]
)
def test_unknown_is_never_zero(said: str) -> None:
    assert extract([said]) == Casualties()


def test_a_figure_overrules_an_earlier_none() -> None:
    told = extract(["起初称无人员伤亡", "清理时发现2人死亡"])

    assert told.deaths == 2


def test_the_title_is_believed_before_old_stories_in_the_body() -> None:
    told = extract(["某校发生枪击，3死5伤", "此前邻市一案造成4人死亡、7人受伤"])

    assert (told.deaths, told.injured) == (3, 5)


def test_a_new_total_replaces_and_an_addition_adds() -> None:
    assert extract(["2人死亡", "死亡人数增至5人"]).deaths == 5
    assert extract(["2人死亡", "新增1人死亡"]).deaths == 3


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("事故12起、死亡5人，同比下降", id="statistics"),
        pytest.param("去年该路段曾造成3人死亡", id="old times"),
        pytest.param("实现零死亡", id="zero as a merit"),
        pytest.param("九死一生", id="a proverb"),
        pytest.param("组织200人搜救失联干部", id="who comes to help"),
    ],
)
def test_other_figures_are_not_this_incidents(said: str) -> None:
    assert extract([said]) == Casualties()


def test_what_the_sender_states_overrules_the_prose() -> None:
    told = overruled(extract(["1人死亡"]), Submission(title="x", deaths=2, missing=0))

    assert (told.deaths, told.injured, told.missing) == (2, None, 0)


@given(
    st.text(alphabet="造成死亡受伤失联被困人名一二两三十百千万余近数0123456789.，。（", max_size=60)
)
def test_no_text_breaks_the_reading_or_counts_below_zero(text: str) -> None:
    told = extract([text])

    for count in (told.deaths, told.injured, told.missing, told.trapped):
        assert count is None or count >= 0
