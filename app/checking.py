"""Every mistake of county and rulebook, and where the two do not fit. 检查。"""

import os
from collections.abc import Iterator
from datetime import datetime

from app.settings import Settings
from notifiers.carrier import Carrier
from rulebook import Mistake, RulebookError, load
from rulebook.county import CountyError
from rulebook.county import load as load_county
from rules.calendars import is_year_known
from rules.county import County
from rules.rulebook import Rulebook
from vocabulary.china_time import civil_day
from vocabulary.terms import Duty

_DECEMBER = 12  # by then the next year's decree is out


def mistakes(settings: Settings) -> list[Mistake]:
    """Return all mistakes, in order of file and line."""
    found: list[Mistake] = []
    law = county = None
    try:
        law = load(settings.rulebook)
    except RulebookError as error:
        found += error.mistakes
    try:
        county = load_county(settings.county, os.environ)
    except CountyError as error:
        found += error.mistakes
    if law is not None and county is not None:
        found += misfits_of(settings, law, county)
    return sorted(found)


def reminders(now: datetime) -> list[str]:
    """Return what is no mistake and should be known: years whose holidays are not decreed yet."""
    this_year = civil_day(now).year
    years = [this_year, this_year + 1] if civil_day(now).month == _DECEMBER else [this_year]
    return [
        f"{year}年的放假安排尚未收入日历：节假日只认日期固定的几天，调休按周末算，请升级程序。"
        for year in years
        if not is_year_known(year)
    ]


def misfits_of(settings: Settings, law: Rulebook, county: County) -> list[Mistake]:
    """Return where county and rulebook do not fit, and what no channel understands."""
    return [*_unknown_profiles(settings, law, county), *_unreachable(settings, county)]


def _unknown_profiles(settings: Settings, law: Rulebook, county: County) -> Iterator[Mistake]:
    """Limits that the county chose and that nobody wrote; none chosen upward are those of all."""
    first = set(law.obligations[Duty.WRITTEN_FIRST_REPORT].limits) - {"*"}
    above = {name for rule in law.upward for name in rule.limits} - {"*"}
    chosen = (("profile", county.profile, first), ("upward_profile", county.upward_profile, above))
    file = settings.county / "county.yaml"
    lines = file.read_text("utf-8").splitlines()
    for field, name, known in chosen:
        if name is not None and name not in known:
            line = next((n for n, text in enumerate(lines, 1) if text.startswith(f"{field}:")), 1)
            named = "、".join(sorted(known))
            sentence = f"“{field}”：规章里没有“{name}”这一套时限，可选：{named}"
            yield Mistake(file.name, line, sentence)


def _unreachable(settings: Settings, county: County) -> list[Mistake]:
    """Ask Apprise whether it understands each address; the address itself is not repeated.

    One channel of each kind is asked: they differ by a name or a number only.
    """
    carrier = Carrier()
    everyone = [channel for person in county.people.values() for channel in person.channels]
    rooms = [room for unit in county.units.values() for room in unit.rooms]
    kinds = {channel.channel_id.rpartition(".")[2]: channel for channel in (*everyone, *rooms)}
    channels = kinds.values()
    return [
        Mistake(str(settings.county / "channels.yaml"), 1, f"渠道 {c.channel_id} 的地址无法识别")
        for c in channels
        if not carrier.understands(c.url)
    ]
