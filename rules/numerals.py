"""Numbers as reports write them: 3, 1.2万, 十余, 两, 上百. 数目。"""

_DIGITS = {"零": 0, "〇": 0, "两": 2} | {d: n for n, d in enumerate("一二三四五六七八九", 1)}
_TENS = {"十": 10, "百": 100, "千": 1000}
_UNITS = {"万": 10_000, "亿": 100_000_000}
_SEVERAL = 2  # 数十, 几百: the least that the word can mean
_NEARLY = 0.8  # 近百: the least that a reader expects

PATTERN = (
    r"(?<![\d.第高初周])(?:近|[上数几](?=[十百千万]))?"
    r"(?:\d{1,7}(?:\.\d+)?[千百]?|[零〇一二两三四五六七八九十百千]{1,9})[余多]?[万亿]?[余多]?"
)
"""One number with what blurs it, for use inside a larger pattern."""


def least(text: str) -> int:
    """Return the least that the number can mean: 十余 is 10, 数百 is 200, 近百 is 80.

    A report's blurred figure is graded by its lower end and mended by the next report.
    """
    body = text.strip("近上数几").replace("余", "").replace("多", "")
    scale = 1
    while body and body[-1] in _UNITS:
        scale *= _UNITS[body[-1]]
        body = body[:-1]
    value = _value(body) * scale
    if text[0] in "数几":
        value *= _SEVERAL
    return int(value * _NEARLY) if text[0] == "近" else int(value)


def _value(body: str) -> float:
    if body and body[0] in "0123456789":
        tens = _TENS.get(body[-1], 1)
        return float(body.rstrip("十百千")) * tens
    total, digit = 0, 0
    for letter in body or "一":
        if letter in _TENS:
            total += (digit or 1) * _TENS[letter]
            digit = 0
        else:
            digit = _DIGITS[letter]
    return total + digit
