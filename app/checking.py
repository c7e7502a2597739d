"""Every mistake of county and rulebook, and where the two do not fit. 检查。"""

import os

from app.settings import Settings
from notifiers.carrier import Carrier
from rulebook import Mistake, RulebookError, load
from rulebook.county import CountyError
from rulebook.county import load as load_county
from vocabulary.terms import Duty


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
    if county is not None:
        found += _unreachable(settings, county)
    if law is not None and county is not None:
        profiles = set(law.obligations[Duty.WRITTEN_FIRST_REPORT].limits) - {"*"}
        if county.profile not in profiles:
            named = "、".join(sorted(profiles))
            sentence = f"profile：规章里没有“{county.profile}”这一套时限，可选：{named}"
            found.append(Mistake("county.yaml", 1, sentence))
    return sorted(found)


def _unreachable(settings: Settings, county: object) -> list[Mistake]:
    """Ask Apprise whether it understands each address; the address itself is not repeated."""
    carrier = Carrier()
    channels = [
        channel
        for person in county.people.values()  # type: ignore[attr-defined]
        for channel in person.channels
    ]
    channels += [room for unit in county.units.values() for room in unit.rooms]  # type: ignore[attr-defined]
    return [
        Mistake(str(settings.county / "channels.yaml"), 1, f"渠道 {c.channel_id} 的地址无法识别")
        for c in channels
        if not carrier.understands(c.url)
    ]
