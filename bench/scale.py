"""How much a benchmark does: the whole of it, or just enough to see that it works. 规模。"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes of all benchmarks. 规模。"""

    rounds: int = 3  # a figure is the median of so many
    warm_up_seconds: float = 2.0  # not counted
    rates: tuple[tuple[int, float], ...] = ((50, 20.0), (300, 10.0))  # a second; for how long
    accept_connections: int = 64
    accept_seconds: float = 8.0
    batch_lines: int = 500
    batch_connections: int = 6
    batch_seconds: float = 6.0
    express_rate: int = 50
    express_seconds: float = 8.0
    express_queued: int = 100_000
    storm_units: int = 40_000
    storm_desks: int = 2_800
    storm_seconds: float = 60.0
    start_seconds: float = 30.0  # for a room to come up before the first is due
    open_obligations: int = 1_000_000
    units: int = 1_000
    trials: int = 300
    trial_gap_seconds: float = 0.1
    history_items: int = 10_000_000
    history_items_few: int = 10_000
    history_rounds: int = 5
    history_rate: int = 50
    history_seconds: float = 15.0


FULL = Scale()
SMALL = Scale(
    rounds=1,
    warm_up_seconds=0.3,
    rates=((10, 1.0), (20, 1.0)),
    accept_connections=4,
    accept_seconds=0.5,
    batch_lines=20,
    batch_connections=2,
    batch_seconds=0.5,
    express_rate=10,
    express_seconds=1.0,
    express_queued=400,
    storm_units=40,
    storm_desks=6,
    storm_seconds=2.0,
    start_seconds=12.0,
    open_obligations=2_000,
    units=20,
    trials=10,
    history_items=3_000,
    history_items_few=100,
    history_rounds=1,
    history_rate=10,
    history_seconds=1.0,
)
