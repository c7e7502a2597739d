"""Each unit's punctuality in a period, as the API, the page and the table show it. 时效统计。"""

from dataclasses import dataclass
from typing import Any

from gateway.house import House
from gateway.identity import Principal
from gateway.late_log_table import Head
from gateway.tables import Cell, TakenAway
from ledger import chain
from ledger.punctuality import told_of_units
from rules.periods import Period
from rules.punctuality import Punctuality, Told, punctuality
from vocabulary.names import LIGHT_NAMES, STRETCH_NAMES, TIMELINESS_NAMES
from vocabulary.terms import Stretch, Timeliness

_HEADINGS = (
    "单位",
    "按时率",
    "评价",
    *(TIMELINESS_NAMES[word] for word in Timeliness),
    "已撤销",
    *(
        f"{STRETCH_NAMES[word]}{what}"
        for word in Stretch
        for what in ("件数", "中位用时", "九成以内", "评价")
    ),
)


@dataclass(frozen=True)
class Figures:
    """The figures of a period by unit, in the county's own order, and the chain's head then."""

    period: Period
    units: dict[str, Punctuality]
    head: Head


def figures(house: House, principal: Principal, period: Period, unit_id: str | None) -> Figures:
    """Return what the caller may see: a unit its own, desk and supervisor every unit's."""
    wanted = unit_id if principal.sees_all else principal.unit_id
    with house.book.read() as connection:
        told = told_of_units(connection, period.starts, period.ends, wanted)
        count, last = chain.head(connection)
    reporting = [unit.unit_id for unit in house.county.reporting_units]
    known = [each for each in reporting if wanted in (None, each)]
    names = [*known, *sorted(set(told) - set(known))]
    targets = house.rulebook.targets
    units = {name: punctuality(told.get(name) or Told(), targets) for name in names}
    return Figures(period, units, Head(count, last.hex(), house.now()))


def as_told(found: Figures, house: House) -> dict[str, Any]:
    """Return the figures as JSON says them."""
    targets = house.rulebook.targets
    return {
        "period": found.period.name,
        "from": found.period.starts,
        "to": found.period.ends,
        "units": [_unit(unit, each) for unit, each in found.units.items()],
        "targets": {
            "on_time_rate": {"green": targets.on_time.green, "amber": targets.on_time.amber},
            "stretches": {
                word.value: {
                    "green_seconds": goal.green.total_seconds(),
                    "amber_seconds": goal.amber.total_seconds(),
                }
                for word, goal in targets.stretches.items()
            },
            "source": targets.source.title,
            "confidence": targets.source.confidence,
        },
        "chain": {"count": found.head.count, "head": found.head.hash, "at": found.head.at},
    }


def as_table(found: Figures, house: House) -> TakenAway:
    """Return the figures as a table to take away."""
    return TakenAway(
        name=f"timeliness-{found.period.name}",
        title=f"报送时效 {found.period.name}",
        headings=_HEADINGS,
        rows=[_cells(house.directory.unit_name(unit), each) for unit, each in found.units.items()],
        proof=found.head.proof,
    )


def _unit(unit_id: str, each: Punctuality) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "on_time_rate": each.on_time_rate,
        "light": each.light,
        "waived": each.waived,
        **{word.value: count for word, count in each.tally.items()},
        "stretches": {
            word.value: lengths
            and {
                "count": lengths.count,
                "median_seconds": lengths.median.total_seconds(),
                "p90_seconds": lengths.p90.total_seconds(),
                "light": lengths.light,
            }
            for word, lengths in each.stretches.items()
        },
    }


def _cells(name: str, each: Punctuality) -> list[Cell]:
    cells: list[Cell] = [
        name,
        None if each.on_time_rate is None else round(each.on_time_rate, 4),
        LIGHT_NAMES[each.light] if each.light else "",
        *each.tally.values(),
        each.waived,
    ]
    for lengths in each.stretches.values():
        cells += (
            [lengths.count, lengths.median, lengths.p90, LIGHT_NAMES[lengths.light]]
            if lengths
            else [0, None, None, ""]
        )
    return cells
