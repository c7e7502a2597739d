"""Ask the unit of the place about what another told first. 请属地核实（疑似漏报）。"""

from dataclasses import replace

from ledger import asked
from ledger.sheet import Sheet
from rules.asked import is_telling, of_territory, places_of, whom_to_ask
from streams.debts import Debts
from streams.receipt import Placed
from vocabulary.arrival import Arrival
from vocabulary.identity import derived_uid
from vocabulary.judgement import Judgement
from vocabulary.terms import Duty, Fulfilment


def ask_territory(
    sheet: Sheet, debts: Debts, arrival: Arrival, judgement: Judgement, placed: Placed
) -> None:
    """Open the question that an emergency puts to the unit of its place, once for case and unit.

    Not where that unit has told of the case itself, nor for a drill or what is no emergency. About
    a case that is closed it is waived with the closing, and put when the case is reopened.
    `placed` gets the question, which is not on the teller's receipt.
    """
    desk, key = debts.desk, placed.case_key
    if key is None or not is_telling(arrival.submission, judgement):
        return
    places = places_of(desk.judge, arrival.submission, judgement)
    unit_id = whom_to_ask(desk.county, arrival.owing_unit_id, placed.told_by, places)
    if unit_id is None or _is_asked(debts, key, unit_id):
        return
    asked_at = desk.begins_at(arrival.received_at)
    owed = of_territory(desk.rulebook, unit_id, judgement.severity, asked_at)
    uid = derived_uid(arrival.uid, owed.duty.value)
    case = {"case_id": key, "case_uid": placed.case_uid}
    told = {"case_code": judgement.code, "case_closed_at": None}
    if placed.closed_at is not None:
        owed = replace(
            owed, fulfilment=Fulfilment.WAIVED, fulfilled_at=placed.closed_at, next_at=None
        )
    debts.add(sheet, owed, uid, case | told, is_drill=False)
    placed.asked.append(owed)


def _is_asked(debts: Debts, case_key: int, unit_id: str) -> bool:
    is_made = debts.is_made(case_key, Duty.TERRITORY_REPORT, unit_id)
    return is_made or asked.is_asked(debts.connection, case_key, unit_id)
