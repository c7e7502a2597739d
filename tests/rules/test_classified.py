"""Is a secrecy mark seen, and only a mark? 密级标志。"""

import pytest

import rulebook
from rules.triage import Judge

JUDGE = Judge(rulebook.load())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("机密★10年", id="grade, star, term"),
        pytest.param("绝密★长期", id="for long"),
        pytest.param("秘密★启用前", id="until use"),
        pytest.param("关于某事的报告\n秘 密 ★ 1 年\n正文", id="spaced, inside a text"),
        pytest.param("机　密☆5年", id="full-width spaces, hollow star"),
        pytest.param("秘密＊1年", id="full-width asterisk"),
        pytest.param("密级：机密", id="named as a grade"),
        pytest.param("关于某事的报告\n机密\n正文", id="alone on its line"),
    ],
)
def test_a_mark_is_seen_however_it_is_written(text: str) -> None:
    assert JUDGE.is_classified(text)


@pytest.mark.parametrize(
    "text",
    [
        "认真学习保守国家秘密法",
        "侵犯商业秘密案一审宣判",
        "通报一起泄露国家秘密案件",
        "开展保密检查，严防失泄密",
        "**商业秘密**保护培训",
        "他有一个秘密*没有说",
        "某机密文件遗失传闻不实",
        "一氧化碳中毒",
        "",
    ],
)
def test_words_about_secrecy_are_no_mark(text: str) -> None:
    assert not JUDGE.is_classified(text)
