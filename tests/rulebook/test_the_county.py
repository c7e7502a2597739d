"""Is the county that ships sound? 随附县情是否完好。"""

from collections import Counter
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from notifiers.plugins import plugin_at
from rulebook.county import load
from rules.duty import gaps
from vocabulary.china_time import BEIJING
from vocabulary.terms import Role, UnitKind

SHIPPED = Path(__file__).parents[2] / "county"
COUNTY = load(SHIPPED, {})


def test_the_county_has_its_units() -> None:
    kinds = Counter(unit.kind for unit in COUNTY.units.values())

    assert kinds == {
        UnitKind.TOWNSHIP: 12,
        UnitKind.BUREAU: 8,
        UnitKind.GOVERNMENT_OFFICE: 1,
        UnitKind.PARTY_OFFICE: 1,
    }


@pytest.mark.parametrize(
    ("role", "at_least"),
    [
        (Role.DUTY_OFFICER, 6),
        (Role.DUTY_LEADER, 3),
        (Role.OFFICE_DIRECTOR, 1),
        (Role.LEADER_IN_CHARGE, 1),
        (Role.PRINCIPAL_LEADER, 1),
        (Role.SUPERVISOR, 2),
    ],
)
def test_the_desk_has_people_in_each_post(role: Role, at_least: int) -> None:
    assert len(COUNTY.people_of(COUNTY.desk.unit_id, role)) >= at_least


def test_the_county_has_no_gap_for_years() -> None:
    assert gaps(COUNTY, datetime(2026, 1, 1, 8, 30, tzinfo=BEIJING), days=1500) == ()


def test_every_channel_of_the_demo_ends_at_the_loopback_phone() -> None:
    rooms = [room for unit in COUNTY.units.values() for room in unit.rooms]
    personal = [channel for person in COUNTY.people.values() for channel in person.channels]

    assert {urlsplit(channel.url).netloc for channel in rooms + personal} == {"127.0.0.1:8900"}
    assert all(room.is_room for room in rooms)
    assert not any(channel.is_room for channel in personal)


def test_every_address_is_one_that_a_notifier_takes() -> None:
    owners = [unit.rooms for unit in COUNTY.units.values()]
    owners += [person.channels for person in COUNTY.people.values()]

    for channel in (channel for channels in owners for channel in channels):
        assert plugin_at(channel.url) is not None, channel.channel_id


def test_every_officer_has_a_channel_that_rings() -> None:
    officers = COUNTY.people_of(COUNTY.desk.unit_id, Role.DUTY_OFFICER)

    assert all(any(channel.rings for channel in officer.channels) for officer in officers)


def test_no_two_channels_have_one_id() -> None:
    owners = [unit.rooms for unit in COUNTY.units.values()]
    owners += [person.channels for person in COUNTY.people.values()]
    ids = [channel.channel_id for channels in owners for channel in channels]

    assert len(ids) == len(set(ids))


def test_the_environment_comes_before_the_county_s_own_variables() -> None:
    county = load(SHIPPED, {"JIBAO_PHONE": "gateway.example:443"})

    sms = county.people["li-chunmei"].channels[0]
    assert urlsplit(sms.url).netloc == "gateway.example:443"
