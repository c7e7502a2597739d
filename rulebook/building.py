"""From what the files say to what the rules use. 由表到规则。"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pydantic import BaseModel

from rulebook import grade_building
from rulebook.grade_building import source as _source
from rulebook.grade_tables import EscalatorsPage, FloorsPage, GradingPage, SubtypesPage
from rulebook.law_tables import (
    AlertPage,
    DailyPage,
    DeliveryPage,
    DoubtsPage,
    ElementsPage,
    FirstReportPage,
    JoiningPage,
    LadderPage,
    LadderTable,
    Limit,
    ReportPage,
    TargetsPage,
    UpwardPage,
)
from rulebook.word_tables import (
    ClassifiedPage,
    ContextPage,
    EyewitnessPage,
    FrameTable,
    LexiconPage,
    ScorerPage,
)
from rules.doubts import DoubtRule
from rules.rulebook import (
    AskingBack,
    ClassifiedRule,
    Context,
    DailyReport,
    DeliveryRule,
    EyewitnessRule,
    Frame,
    Goal,
    JoiningRule,
    Ladder,
    Lexicon,
    ObligationRule,
    Points,
    Rulebook,
    Scorer,
    Step,
    SubtypeRule,
    Targets,
    TimeLimit,
)
from vocabulary.names import DUTY_NAMES
from vocabulary.terms import Duty, Severity


class Book(BaseModel):
    """Every file of the folder by its name. 全书。"""

    acknowledgement: AlertPage
    attention: AlertPage
    casualty_change: ReportPage
    classified: ClassifiedPage
    daily: DailyPage
    delivery: DeliveryPage
    doubts: DoubtsPage
    escalators: EscalatorsPage
    final_report: ReportPage
    first_report: FirstReportPage
    floors: FloorsPage
    follow_up: ReportPage
    joining: JoiningPage
    grading: dict[str, GradingPage]  # a folder, one table a file
    lexicon: LexiconPage
    missing_elements: ElementsPage
    reporting_ladder: LadderPage
    routine_context: ContextPage
    scorer: ScorerPage
    eyewitness: EyewitnessPage
    solicitation: AlertPage
    subtypes: SubtypesPage
    territory: AlertPage
    upward: UpwardPage
    timeliness_targets: TargetsPage


def build(book: Book, digest: str) -> Rulebook:
    """Return the rulebook that the tables describe."""
    return Rulebook(
        obligations={rule.duty: rule for rule in _obligations(book)},
        daily=tuple(
            DailyReport(
                r.duty,
                r.due,
                r.opens,
                tuple(k.value for k in r.kinds),
                _source(r),
                r.title,
                r.calendar,
            )
            for r in book.daily.reports
        ),
        asking_back=AskingBack(
            frozenset(book.missing_elements.elements), book.missing_elements.not_known_yet
        ),
        upward=tuple(_upward(book.upward)),
        fixed_holidays=frozenset(
            (int(day[:2]), int(day[3:])) for day in book.daily.fixed_holidays.days
        ),
        grades=grade_building.grades(book.grading.values()),
        floors=grade_building.floors(book.floors),
        escalators=grade_building.escalators(book.escalators),
        subtypes=grade_building.subtypes(book.subtypes),
        lexicon=_lexicon(book.lexicon, book.routine_context),
        scorer=_scorer(book.scorer),
        eyewitness=_eyewitness(book.eyewitness),
        classified=ClassifiedRule(
            book.classified.mark, book.classified.never, _source(book.classified)
        ),
        delivery=_delivery(book.delivery),
        doubting=_doubting(book.doubts),
        joining=_joining(book.joining),
        targets=_targets(book.timeliness_targets),
        digest=digest,
    )


def _obligations(book: Book) -> Iterator[ObligationRule]:
    reporting = _ladder(book.reporting_ladder.ladder)
    first, daily = book.first_report, book.daily
    for duty, page in (
        (Duty.PHONE_FIRST_REPORT, first.phone),
        (Duty.WRITTEN_FIRST_REPORT, first.written),
    ):
        yield ObligationRule(duty, page.title, first.owed_to, _limits(page.profiles), reporting)
    for duty, report in (
        (Duty.FOLLOW_UP_REPORT, book.follow_up),
        (Duty.FINAL_REPORT, book.final_report),
        (Duty.MISSING_ELEMENTS, book.missing_elements),
        (Duty.CASUALTY_CHANGE, book.casualty_change),
    ):
        limits = _limits(report.profiles)
        yield ObligationRule(duty, report.title, report.owed_to, limits, reporting)
    for duty in (Duty.NIL_REPORT, Duty.PERIODIC_REPORT):
        yield ObligationRule(duty, DUTY_NAMES[duty], daily.owed_to, {}, reporting)
    upward = book.upward
    yield ObligationRule(Duty.UPWARD_REPORT, upward.title, "", {}, _ladder(upward.ladder))
    yield _alert(Duty.TERRITORY_REPORT, book.territory)
    yield _alert(Duty.SOLICITED_ITEM, book.solicitation)
    yield _alert(Duty.ACKNOWLEDGEMENT, book.acknowledgement)
    yield _alert(Duty.LOOK, book.attention)


def _upward(page: UpwardPage) -> Iterator[ObligationRule]:
    for each in page.recipients:
        limits, ladder = _limits(each.profiles), _ladder(each.ladder or page.ladder)
        yield ObligationRule(Duty.UPWARD_REPORT, page.title, each.owed_to, limits, ladder)


def _alert(duty: Duty, page: AlertPage) -> ObligationRule:
    length = timedelta(minutes=page.minutes)
    limit = TimeLimit(length, page.clock, _source(page), page.in_force_from)
    return ObligationRule(duty, page.title, page.owed_to, {"*": (limit,)}, _ladder(page.ladder))


def _limits(profiles: Mapping[str, tuple[Limit, ...]]) -> dict[str, tuple[TimeLimit, ...]]:
    """Newest first; of one day those for named grades first, then the one for all others."""
    return {
        profile: tuple(
            TimeLimit(
                timedelta(minutes=limit.minutes),
                limit.clock,
                _source(limit),
                limit.in_force_from,
                _grades(limit.severities),
                limit.codes,
                limit.hours,
                None if limit.within_days is None else timedelta(days=limit.within_days),
                None if limit.kinds is None else frozenset(limit.kinds),
                limit.stands_alone,
            )
            for limit in sorted(
                limits, key=lambda v: (-v.in_force_from.toordinal(), v.severities is None)
            )
        )
        for profile, limits in profiles.items()
    }


def _grades(severities: tuple[Severity, ...] | None) -> frozenset[Severity] | None:
    return None if severities is None else frozenset(severities)


def _ladder(table: LadderTable) -> Ladder:
    steps = tuple(
        Step(s.kind, timedelta(minutes=s.after_minutes), s.to, _grades(s.severities))
        for s in table.steps
    )
    return Ladder(table.name, steps, _source(table), table.at_once)


def _joining(page: JoiningPage) -> JoiningRule:
    return JoiningRule(
        same_incident=timedelta(minutes=page.same_incident_minutes),
        maybe=timedelta(hours=page.maybe_hours),
        following=timedelta(days=page.following_days),
        most_items=page.most_items,
        kin=page.kin,
        landmarks=page.landmarks,
        leading=frozenset(page.leading),
        common=frozenset(page.common),
        source=_source(page),
    )


def _doubting(page: DoubtsPage) -> DoubtRule:
    skew, far_off = timedelta(minutes=page.skew_minutes), timedelta(days=page.far_off_days)
    return DoubtRule(skew, far_off, _source(page))


def _delivery(page: DeliveryPage) -> DeliveryRule:
    return DeliveryRule(
        next_channel_after=timedelta(seconds=page.next_channel_after_seconds),
        send_timeout=timedelta(seconds=page.send_timeout_seconds),
        lease=timedelta(seconds=page.lease_seconds),
        backoff=tuple(timedelta(seconds=wait) for wait in page.backoff_seconds),
        link_valid=timedelta(hours=page.link_valid_hours),
        source=_source(page),
    )


def _targets(page: TargetsPage) -> Targets:
    rate = page.on_time_percent
    return Targets(
        on_time=Goal(rate.green / 100, rate.amber / 100),
        stretches={
            word: Goal(timedelta(minutes=goal.green), timedelta(minutes=goal.amber))
            for word, goal in page.stretches_minutes.items()
        },
        source=_source(page),
    )


def _lexicon(page: LexiconPage, routine: ContextPage) -> Lexicon:
    return Lexicon(
        subtypes=tuple(
            SubtypeRule(s.code, s.name, s.category, s.strong, s.weak) for s in page.subtypes
        ),
        harm=dict(page.harm),
        happened=page.happened,
        response=page.response,
        trend=page.trend,
        papers=page.papers,
        escalators=page.escalators,
        vague_dates=page.vague_dates,
        contexts=tuple(Context(**dict(c)) for c in routine.classes),
        neutral=routine.neutral,
        before=routine.before,
        after=routine.after,
        points=Points(**dict(page.points)),
        source=_source(page),
        context_source=_source(routine),
    )


def _scorer(page: ScorerPage) -> Scorer:
    return Scorer(page.base, page.page, page.look, page.signs, _source(page))


def _frame(table: FrameTable, endings: tuple[str, ...]) -> Frame:
    made = [verb + ending for verb in table.verbs for ending in endings]
    words = frozenset([*table.words, *made])
    is_plight, subjects = table.kind == "plight", frozenset(table.of)
    return Frame(table.name, is_plight, table.grave, table.code, subjects, words)


def _eyewitness(page: EyewitnessPage) -> EyewitnessRule:
    return EyewitnessRule(
        short=page.short,
        gap=page.gap,
        subjects={name: frozenset(words) for name, words in page.subjects.items()},
        frames=tuple(_frame(frame, page.endings) for frame in page.frames),
        now=frozenset(page.now),
        callers_say=frozenset(page.callers_say),
        against=frozenset(page.against),
        denials=page.denials,
        source=_source(page),
    )
