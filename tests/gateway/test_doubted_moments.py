"""Is a moment that cannot be so shown as doubted, on the item, the case and the log? 时刻存疑。"""

from datetime import timedelta

from tests.builders import FIRE, HOUR, MINUTE, NIGHT
from tests.gateway.front_office import CLERK, SUPERVISOR, FrontOffice, a_report, the_case

REMARK = "时刻存疑"


def local(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def test_it_is_shown_on_the_receipt_and_on_the_case(office: FrontOffice) -> None:
    item = a_report(
        office, **FIRE, occurred_at=local(NIGHT - HOUR), known_at=local(NIGHT - 3 * HOUR)
    )

    receipt = office.visitor(CLERK).read(f"/receipts/{item}")
    case = office.visitor(SUPERVISOR).read(f"/cases/{the_case(office)}")

    for page in (receipt, case):
        assert REMARK in page
        assert "获悉早于事发" in page
        assert "只作提示，不作认定" in page


def test_what_fits_together_is_not_remarked(office: FrontOffice) -> None:
    item = a_report(
        office, **FIRE, occurred_at=local(NIGHT - HOUR), known_at=local(NIGHT - 30 * MINUTE)
    )

    assert REMARK not in office.visitor(CLERK).read(f"/receipts/{item}")


def test_the_log_shows_who_says_to_have_known_after_the_own_call(office: FrontOffice) -> None:
    """The desk logged the call; the written report an hour later dates the knowledge after it."""
    a_report(office, **FIRE, medium="phone")
    office.pass_time(timedelta(minutes=61))
    known_at = local(NIGHT + 40 * MINUTE)
    item = a_report(office, **FIRE, case_id=str(the_case(office)), known_at=known_at)
    supervisor = office.visitor(SUPERVISOR)

    (row,) = supervisor.look("/late-log.json").json()["late_log"]
    page = supervisor.read(f"/late-log/{row['id']}")
    table = supervisor.look("/late-log.csv").text

    assert row["evidence"] == str(item)
    assert row["doubts"] == ["after_reported"]
    assert "获悉晚于此前来报" in page
    assert "获悉晚于此前来报" in table
