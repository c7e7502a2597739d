"""What one attempt to send came to. 发送结果。

Channels return one of these four and raise none of them. A reason is shown on the board and
kept in the book, so it holds a code and a short sentence of ours, and never an address, a
token, a telephone number or a word of the text.
"""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from vocabulary import terms


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel said that it took the text; a person may still not have read it. 渠道已接受。"""

    kind: ClassVar[terms.Outcome] = terms.Outcome.DELIVERED
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """It may work later: try again, here or on the next channel. 暂不可达。

    `retry_after_seconds` is what the channel, or our own limiter, asks for; `None` is no word.
    """

    kind: ClassVar[terms.Outcome] = terms.Outcome.UNREACHABLE
    reason: str
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never work as asked: a person has to mend the address or the bot. 被拒。"""

    kind: ClassVar[terms.Outcome] = terms.Outcome.REFUSED
    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Sent, and no answer came in time: it may have arrived, it may not. 没有答复。"""

    kind: ClassVar[terms.Outcome] = terms.Outcome.UNKNOWN
    reason: str


Outcome: TypeAlias = Delivered | Unreachable | Refused | Unknown
