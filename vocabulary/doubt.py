"""Why a moment that a sender stated is not believed as it stands. 时刻存疑。"""

from enum import StrEnum


class Doubt(StrEnum):
    """What contradicts a stated moment. Software doubts; a person looks into it."""

    AHEAD = "ahead"  # 所填时刻晚于收到时刻：发送方时钟不准，或笔误
    FAR_OFF = "far_off"  # 所填时刻距收到过久
    BEFORE_OCCURRED = "before_occurred"  # 获悉早于事发
    AFTER_REPORTED = "after_reported"  # 获悉晚于本单位此前的来报或来电
    OUT_OF_ORDER = "out_of_order"  # 成稿早于获悉，或审签早于成稿


DOUBT_NAMES = {
    Doubt.AHEAD: "所填时刻晚于收到时刻",
    Doubt.FAR_OFF: "所填时刻距收到过久",
    Doubt.BEFORE_OCCURRED: "获悉早于事发",
    Doubt.AFTER_REPORTED: "获悉晚于此前来报",
    Doubt.OUT_OF_ORDER: "获悉、成稿、审签次序颠倒",
}
