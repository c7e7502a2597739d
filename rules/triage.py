"""Emergency, attention or routine? 研判。

Built once from a rulebook, then asked for each item. Pure: the same item under the same
rulebook always gets the same judgement, with its grounds.
"""

from datetime import date, datetime

from rules import classified, eyewitness
from rules.county import County
from rules.deciding import Asked, decide
from rules.elements import missing_elements
from rules.extraction import NOBODY, People, count_all, overruled
from rules.gauging import Gauging, ungraded
from rules.grade_rules import SubtypeName
from rules.lane import Lane
from rules.lexicon import compile_lexicon, compile_triggers, for_drills
from rules.places import Gazetteer
from rules.reading import Reading, normal, read
from rules.reasons import reasons, stated
from rules.rulebook import EyewitnessRule, Lexicon, Rulebook, Scorer, SubtypeRule
from rules.signs import signs as signs_of
from rules.spacing import as_sent, closed_up, is_spaced
from rules.subtype import Settings, choose
from rules.times import when_it_happened
from rules.weighing import weigh
from vocabulary.china_time import civil_day
from vocabulary.judgement import Judgement, PlaceTold
from vocabulary.submission import Submission
from vocabulary.terms import Category, Verdict


class Judge:
    """The rules of triage under one rulebook. 研判。"""

    def __init__(self, rulebook: Rulebook, county: County | None = None) -> None:
        """Compile the rulebook's words, and the county's names: some milliseconds."""
        self._gazetteer = Gazetteer(county) if county is not None else None
        self._rulebook = rulebook
        lexicon, frames = rulebook.lexicon, rulebook.eyewitness
        self._asked = _asked(lexicon, frames, rulebook.scorer)
        self._asked_in_drills = _asked(
            for_drills(lexicon), eyewitness.for_drills(frames, lexicon), rulebook.scorer
        )
        self._triggers = compile_triggers(rulebook.lexicon)
        self._gauge = Gauging(rulebook)
        self._settings = Settings(rulebook.subtypes)

    def __call__(self, submission: Submission, now: datetime | None = None) -> Judgement:
        """Judge one item by its whole text and what was stated beside it. 研判一件。

        With `now`, the instant of receipt, the time it tells is read as well; with a county, the
        places. Neither changes the verdict.

        A drill is judged like the real thing. A figure that the sender states makes an
        emergency whatever the prose says: nobody fills in two dead for a routine item.
        """
        title, body = submission.title, submission.body
        if not (is_spaced(title) or is_spaced(body)):
            return self._judge(submission, now)
        as_read = {"title": closed_up(title), "body": closed_up(body)}
        return as_sent(self._judge(submission.model_copy(update=as_read), now), title, body)

    def _judge(self, submission: Submission, now: datetime | None) -> Judgement:
        asked = self._asked_in_drills if submission.is_drill else self._asked
        reading = read(submission.title, submission.body, asked.words)
        people = _people(reading)
        found = people.casualties
        casualties = overruled(found, submission)
        decision = decide(reading, found, asked)
        verdict = decision.verdict
        why = reasons(decision, reading, self._rulebook)
        if _stated(submission):
            verdict = Verdict.EMERGENCY
            why = (stated(asked.lexicon), *why)
        if verdict is Verdict.ROUTINE:
            return Judgement(verdict, casualties=casualties, reasons=why)

        best = decision.weight.best
        subtype = self._settings.settle(
            choose(reading.sentences, best),
            submission.title,
            reading.text[best.start : best.end] if best else "",
        )
        account = decision.account
        if subtype is None and account is not None and account.code is not None:
            subtype = self._rulebook.subtypes[account.code]
        is_emergency = verdict is Verdict.EMERGENCY
        missing = missing_elements(submission, reading, casualties) if is_emergency else ()
        code = subtype.code if subtype else None
        gauged = self._gauge(reading.text, people, casualties, _day(submission), code)
        if not is_emergency:
            gauged = ungraded(gauged)
        return Judgement(
            verdict,
            *_class(subtype),
            gauged.severity,
            casualties,
            missing,
            (*why, *gauged.reasons),
            gauged.measures,
            must_report=gauged.must_report,
            places=self.places_in(reading.text),
            happened=when_it_happened(reading.text, now) if now else None,
        )

    def lane(self, title: str, body: str, *figures: int | None, is_drill: bool = False) -> Lane:
        """Return the lane: no verdict, but never too low. 分道。

        An item without a trigger, as most routine ones are, costs one quick scan. One with a
        trigger is decided as the judge decides it, only without grade, class and grounds.

        Args:
            figures: deaths, injured and missing as the sender stated them.
        """
        if any(figures):
            return Lane.EXPRESS
        title, body = closed_up(title), closed_up(body)
        asked = self._asked_in_drills if is_drill else self._asked
        tells = self._triggers.find(title) or self._triggers.find(body)
        if not tells and asked.listen(normal(title, body)) is None:
            return Lane.SUBMISSIONS
        reading = read(title, body, asked.words)
        verdict = decide(reading, _people(reading).casualties, asked).verdict
        return Lane.EXPRESS if verdict is Verdict.EMERGENCY else Lane.SUBMISSIONS

    def places_in(self, text: str) -> tuple[PlaceTold, ...]:
        """Return the county's places that a text names; none where no county is known."""
        return self._gazetteer.find(text) if self._gazetteer else ()

    def signs(self, title: str, body: str) -> tuple[str, ...]:
        """Return the signs that the weight table is asked for; for fitting it. 特征。"""
        reading = read(closed_up(title), closed_up(body), self._asked.words)
        found = _people(reading).casualties
        weight = weigh(reading, found, self._asked.lexicon)
        return tuple(dict.fromkeys(signs_of(reading, found, weight)))

    def is_classified(self, text: str) -> bool:
        """Say whether the text bears a secrecy mark."""
        rule = self._rulebook.classified
        return classified.find_mark(text, rule.mark, rule.never)


def _asked(lexicon: Lexicon, frames: EyewitnessRule, scorer: Scorer) -> Asked:
    return Asked(lexicon, compile_lexicon(lexicon), eyewitness.Listener(frames), scorer)


def _class(
    subtype: SubtypeRule | SubtypeName | None,
) -> tuple[Category | None, str | None, str | None]:
    return (subtype.category, subtype.name, subtype.code) if subtype else (None, None, None)


def _day(submission: Submission) -> date:
    """The day whose law applies; an incident without a date is judged by the newest."""
    return civil_day(submission.occurred_at) if submission.occurred_at else date.max


def _people(reading: Reading) -> People:
    return count_all(reading.text) if reading.sentences else NOBODY


def _stated(submission: Submission) -> bool:
    return bool(submission.deaths or submission.injured or submission.missing)
