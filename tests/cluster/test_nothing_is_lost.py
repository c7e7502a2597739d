"""Is anything lost when the parts and the database are shot in turn? 逐个杀进程，丢不丢件？

Method: units report through the gateway, one by one and in batches, and send again what was
answered. Each part dies once at a step between accept and delivered, and once at a moment that
chance picks; so does PostgreSQL. In the end all is left alone, and book and telephone are compared
with what the units were told. One seed is one duty room on a Kafka and a database of its own;
`pytest -k seed-3` plays it again.
"""

import time
from collections.abc import Callable
from random import Random

import pytest

from tests.cluster.harness import Cluster
from tests.cluster.holding import figures, nothing_is_lost
from tests.cluster.traffic import Traffic
from tests.conftest import IN_CI
from tests.loopback import Phone

SEEDS = 5 if IN_CI else 1
STEPS = {
    "gateway": ("before-log", "after-log", "before-reply"),
    "express": ("before-commit:absorb", "after-commit:absorb"),
    "submissions": ("after-commit:absorb", "before-commit:absorb"),
    "clock": ("before-publish", "after-publish", "before-commit:fire", "after-commit:drain"),
    "deliver": (
        "after-send",
        "before-commit:answer",
        "after-commit:claim",
        "before-send",
        "after-commit:answer",
    ),
}
SELDOM = ("fire", "drain")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def orders(seed: int, chance: Random) -> dict[str, str]:
    """Return at which step each part's first life ends: over the seeds each step comes."""
    steps = {part: steps[seed % len(steps)] for part, steps in STEPS.items()}
    return {
        part: f"kill:{step}:{1 if step.endswith(SELDOM) else chance.randint(2, 20)}"
        for part, step in steps.items()
    }


def victims_of(cluster: Cluster) -> dict[str, tuple[Callable[[], None], Callable[[], None]]]:
    """Return how each victim is shot, and how it comes back."""

    def part(name: str) -> tuple[Callable[[], None], Callable[[], None]]:
        return lambda: cluster.kill(name), lambda: cluster.revive(name)

    database = (cluster.postgres.kill, cluster.postgres.start)
    return {name: part(name) for name in STEPS} | {"postgres": database}


@pytest.mark.parametrize("seed", range(SEEDS), ids="seed-{}".format)
def test_what_was_accepted_is_kept_once_and_delivered(
    seed: int, cluster: Cluster, phone: Phone
) -> None:
    chance = Random(seed)
    traffic = Traffic(cluster, f"s{seed}", chance=Random(seed))
    cluster.start(orders(seed, chance))
    victims = list(victims_of(cluster).items())
    chance.shuffle(victims)

    with traffic.flowing():
        for _, (shoot, bring_back) in victims:
            time.sleep(chance.uniform(0.5, 1.5))
            shoot()
            time.sleep(chance.uniform(0.1, 1.5))
            bring_back()
            cluster.wait("gateway")  # a machine that is busy takes its time over a start
        time.sleep(1)
    cluster.until_quiet()

    print(f"\nseed-{seed}, {[name for name, _ in victims]}: {figures(cluster, traffic, phone)}")
    nothing_is_lost(cluster, traffic, phone)
