"""Why a book cannot be opened or written. 台账不可用。"""


class BookAwayError(RuntimeError):
    """The book cannot be written now: full, locked, read-only or gone. 台账暂不可用。"""


class BookBusyError(RuntimeError):
    """Another duty room has this data folder open. 数据目录正被另一进程使用。"""
