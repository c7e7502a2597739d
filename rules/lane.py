"""The two lanes of intake. 分道。"""

from enum import StrEnum


class Lane(StrEnum):
    """Which lane an item takes. 通道。"""

    EXPRESS = "express"  # 快道
    SUBMISSIONS = "submissions"  # 普通
