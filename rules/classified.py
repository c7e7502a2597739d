"""Does a text bear a secrecy mark? 密级标志。"""

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

_SPACING = re.compile("[ \\t\\u00a0\\u200b\\u200c\\u200d\\u2060\\u3000\\ufe0f\\ufeff]+")
_SECRECY = "密"  # no mark is without it, so that nearly every text costs one look


def find_mark(text: str, pattern: str, never: Iterable[str] = ()) -> bool:
    """Say whether the text bears a mark, however it is spaced and whatever its width. 查密标。

    Lines are kept apart, since a grade that stands alone on its line is a mark too.

    Args:
        pattern: a regular expression, matched after NFKC and without spaces.
        never: phrases that hold such a word and are no mark, such as 保守国家秘密.

    Source:
        rulebook/classified.yaml
    """
    if _SECRECY not in text:
        return False
    plain = _SPACING.sub("", normalize("NFKC", text))
    for phrase in never:
        plain = plain.replace(phrase, "。")
    return _compiled(pattern).search(plain) is not None


@lru_cache(maxsize=8)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)
