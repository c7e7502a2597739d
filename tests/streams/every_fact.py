"""One of everything that the house writes on the log, the same on each day. 各种消息的样本。"""

from datetime import timedelta
from uuid import UUID

from streams.relay import record_of, record_set_aside
from streams.wire import Headers, Keys, sealed
from tests.builders import BLAST, LEADER, MINUTE, NEIGHBOUR, NIGHT, TOWNSHIP
from vocabulary.facts import (
    Acknowledged,
    AlertOpened,
    AnyFact,
    CaseClosed,
    CaseMerged,
    CaseOpened,
    CaseRegraded,
    CaseReopened,
    CaseSplit,
    DeliveryFailed,
    ItemJoined,
    ItemSolicited,
    LadderClimbed,
    ObligationWaived,
    OfferAnswered,
    ReportNoticed,
    SetAside,
    SolicitationWithdrawn,
    TakenBack,
)
from vocabulary.identity import submission_uid
from vocabulary.record import Envelope
from vocabulary.submission import Submission
from vocabulary.terms import Closing, Duty, Medium, Role, Severity, Stage, StepKind, Verdict

KEYS = Keys(house=b"a key for golden files alone")
CASE, ITEM, ALERT = UUID(int=0xCA5E), submission_uid(TOWNSHIP, "golden"), UUID(int=0xA1E2)

OTHER = UUID(int=0x07E5)

EVERY_FACT: tuple[AnyFact, ...] = (
    CaseOpened(case_id=CASE, at=NIGHT, submission=ITEM, unit=TOWNSHIP, verdict=Verdict.EMERGENCY),
    ItemJoined(case_id=CASE, at=NIGHT, submission=ITEM, stage=Stage.FOLLOW_UP, unit=TOWNSHIP),
    AlertOpened(case_id=CASE, at=NIGHT, alert=ALERT, cause="opened"),
    LadderClimbed(case_id=CASE, at=NIGHT + 3 * MINUTE, to=(Role.DUTY_LEADER, Role.OFFICE_DIRECTOR)),
    Acknowledged(case_id=CASE, at=NIGHT + timedelta(milliseconds=1), alert=ALERT, by="feng-jianye"),
    TakenBack(case_id=CASE, at=NIGHT, alert=ALERT, by="feng-jianye"),
    DeliveryFailed(case_id=CASE, at=NIGHT, recipient="feng-jianye"),
    ReportNoticed(
        case_id=CASE,
        at=NIGHT,
        obligation=UUID(int=0x0B1),
        unit=TOWNSHIP,
        duty=Duty.FOLLOW_UP_REPORT,
        step=StepKind.NUDGE,
        due_at=NIGHT + 10 * MINUTE,
    ),
    SetAside(at=NIGHT, quarantine=UUID(int=0x0DD), reason="不是有效的 JSON（UTF-8）"),
    CaseRegraded(
        case_id=CASE, at=NIGHT, before=None, after=Severity.MAJOR, by=LEADER, reason="有人被困"
    ),
    CaseMerged(case_id=CASE, at=NIGHT, merged=OTHER, by=LEADER, reason="同一起火"),
    CaseSplit(
        case_id=CASE, at=NIGHT, opened=OTHER, submissions=(ITEM,), by=LEADER, reason="两处起火"
    ),
    CaseClosed(
        case_id=CASE, at=NIGHT, closing=Closing.MERGED, into=OTHER, by=LEADER, reason="同一起火"
    ),
    CaseReopened(case_id=CASE, at=NIGHT, by=LEADER, reason="复燃"),
    OfferAnswered(
        case_id=CASE, at=NIGHT, submission=ITEM, is_confirmed=True, by=LEADER, reason="已核实"
    ),
    ObligationWaived(
        case_id=CASE,
        at=NIGHT,
        obligation=UUID(int=0x0B1),
        unit=TOWNSHIP,
        duty=Duty.TERRITORY_REPORT,
        by=LEADER,
        reason="不在辖区",
    ),
    ItemSolicited(
        at=NIGHT,
        solicitation=OTHER,
        units=(TOWNSHIP, NEIGHBOUR),
        due_at=NIGHT + 60 * MINUTE,
        by=LEADER,
    ),
    SolicitationWithdrawn(
        at=NIGHT, solicitation=OTHER, units=(NEIGHBOUR,), by=LEADER, reason="已有专报"
    ),
)
ENVELOPE = Envelope(
    uid=ITEM,
    unit_id=TOWNSHIP,
    received_at=NIGHT,
    submission=Submission(
        **BLAST,
        unit_id=TOWNSHIP,
        recorder="冯建业",
        called_at=NIGHT - 3 * MINUTE,
        stage=Stage.SUPPLEMENT,
        case_id=str(CASE),
        medium=Medium.PHONE,
        occurred_at=NIGHT - 32 * MINUTE,
        known_at=NIGHT - 20 * MINUTE,
        drafted_at=NIGHT - 9 * MINUTE,
        approved_at=NIGHT - 5 * MINUTE,
        place="宏达公司",
        deaths=12,
        injured=20,
        missing=0,
        reporter="李春梅",
        is_drill=True,
    ),
    rulebook="5f0c",
    verdict=Verdict.EMERGENCY,
    receipt='{"verdict":"emergency"}',
    is_keyed=False,
)
GARBAGE = {
    "topic": "jibao.express.v1",
    "partition": 1,
    "offset": 41,
    "content": b"\xff",
    "content_hash": b"\xa8" * 32,
}


def written(fact: AnyFact) -> tuple[bytes, Headers]:
    """A fact as the relay publishes it; its row's key follows from its kind."""
    number = 1 + [each.kind for each in EVERY_FACT].index(fact.kind)
    if isinstance(fact, SetAside):
        return record_set_aside(number, fact, GARBAGE)
    return record_of(number, fact)


def envelope_written() -> tuple[bytes, Headers]:
    return sealed(ENVELOPE, KEYS)
