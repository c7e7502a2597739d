"""One number, in every hand that writes it: for tests that rewrite figures. 数目的各种写法。"""

_DIGITS = "零一二三四五六七八九"
_FULL = str.maketrans("0123456789", "０１２３４５６７８９")


def in_chinese(number: int) -> str:
    """Return the number as it is read out, below ten thousand: 205 is 二百零五."""
    if number == 0:
        return "零"
    told, is_gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            told += ("零" if is_gap and told else "") + _DIGITS[digit] + name
        is_gap = not digit
    return told.removeprefix("一") if 10 <= number < 20 else told


def writings(number: int) -> list[str]:
    """Return the number in Arabic, full width, Chinese, with 两, and with a thousands comma."""
    chinese = in_chinese(number)
    told = [str(number), str(number).translate(_FULL), chinese, f"{number:,}"]
    if "二百" in chinese or "二千" in chinese or number == 2:
        told.append(chinese.replace("二百", "两百").replace("二千", "两千") if number > 2 else "两")
    return told
