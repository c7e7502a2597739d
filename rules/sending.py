"""What follows one attempt to reach someone. 发送之后。

A channel that fails or stays silent is followed by the person's next channel at once; when a
round over all of them has failed the next person is called, and this one is tried again after
a while, until the rounds are used up.
"""

from dataclasses import dataclass
from datetime import timedelta

from rules.rulebook import DeliveryRule
from vocabulary.terms import Outcome


@dataclass(frozen=True, slots=True)
class Accepted:
    """The channel took it. Taken is not read. 渠道已接受。"""


@dataclass(frozen=True, slots=True)
class NextChannel:
    """Try the next channel now. 换渠道。"""

    channel: int


@dataclass(frozen=True, slots=True)
class NextRound:
    """All channels failed: call the next person, try this one again after `wait`. 再试。"""

    round: int
    wait: timedelta


@dataclass(frozen=True, slots=True)
class GiveUp:
    """All rounds are used up: failed, for all to see. 送达失败。"""


Move = Accepted | NextChannel | NextRound | GiveUp


def after(
    outcome: Outcome, *, channel: int, channels: int, round_number: int, rule: DeliveryRule
) -> Move:
    """Return what to do after `outcome` on channel number `channel` of `channels`."""
    if outcome is Outcome.DELIVERED:
        return Accepted()
    if channel + 1 < channels:
        return NextChannel(channel + 1)
    if round_number < len(rule.backoff):
        return NextRound(round_number + 1, rule.backoff[round_number])
    return GiveUp()
