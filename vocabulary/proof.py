"""How the late log is proved: links of a chain, and what was done to them. 链与被动痕迹。"""

from enum import StrEnum


class LinkKind(StrEnum):
    """What a link of the late log's chain holds. 链上的一环。"""

    ENTRY = "entry"  # 台账一条
    ANSWER = "answer"  # 一条答复


class Tampering(StrEnum):
    """What was done to the late log behind its back. 台账被动过的痕迹。"""

    REMOVED = "removed"  # 被删
    CHANGED = "changed"  # 被改
    INSERTED = "inserted"  # 后来插入
    CUT_OFF = "cut_off"  # 链尾被截
