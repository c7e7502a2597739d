"""What follows one attempt to reach someone? 发送之后。"""

from datetime import timedelta

import pytest

from rules.sending import Accepted, GiveUp, Move, NextChannel, NextRound, after
from tests.builders import the_law
from vocabulary.terms import Outcome

RULE = the_law().delivery
ROUNDS = len(RULE.backoff)
FAILURES = [Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.UNKNOWN]
each_failure = pytest.mark.parametrize("failure", FAILURES)


def move(outcome: Outcome, channel: int, round_number: int = 0, channels: int = 3) -> Move:
    return after(outcome, channel=channel, channels=channels, round_number=round_number, rule=RULE)


def test_what_a_channel_took_is_done() -> None:
    assert move(Outcome.DELIVERED, 1, ROUNDS) == Accepted()


@each_failure
def test_a_channel_that_fails_is_followed_by_the_next(failure: Outcome) -> None:
    assert move(failure, 0) == NextChannel(1)
    assert move(failure, 1, ROUNDS) == NextChannel(2)


@each_failure
def test_when_all_channels_failed_another_round_comes_after_a_while(failure: Outcome) -> None:
    assert move(failure, 2) == NextRound(1, timedelta(seconds=10))
    assert move(failure, 0, 1, channels=1) == NextRound(2, timedelta(seconds=30))


@each_failure
def test_when_all_rounds_are_used_up_it_is_failed_for_all_to_see(failure: Outcome) -> None:
    assert move(failure, 2, ROUNDS) == GiveUp()


def test_each_round_waits_longer_than_the_last() -> None:
    moves = [move(Outcome.REFUSED, 2, number) for number in range(ROUNDS)]
    waits = [each.wait for each in moves if isinstance(each, NextRound)]

    assert len(waits) == ROUNDS
    assert waits == sorted(set(waits))
