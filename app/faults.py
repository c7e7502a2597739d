"""What a log may say of a fault of ours: its kind and place, never its words. 故障记录。

An exception's text may quote what came in, and no report text is in a log.
"""

import traceback


def told_of(fault: BaseException | None) -> dict[str, object]:
    """Return the kind of a fault and the last places it passed."""
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    if fault is None:
        return {"kind": "none"}
    frames = traceback.extract_tb(fault.__traceback__)[-6:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    return {"kind": type(fault).__name__, "places": places}


class PartDiedError(RuntimeError):
    """A part of the house met a fault of ours: the process must not go on without it."""


class DoorError(RuntimeError):
    """The port cannot be listened on. 端口被占用。"""
