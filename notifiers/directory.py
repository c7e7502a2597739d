"""Who is reached how. 通讯录。

A recipient is a person's id, or `room:` and the id of a group's channel. Addresses are looked
up at the moment of sending, so a changed number holds for texts already written.
"""

from datetime import datetime

from rules.county import Channel, County
from rules.duty import people_for
from vocabulary.terms import Role

_ROOM = "room:"


def is_room(recipient: str) -> bool:
    """Say whether a recipient is a group's room: never a person, and never instead of one."""
    return recipient.startswith(_ROOM)


class Directory:
    """The county's people and rooms as recipients."""

    def __init__(self, county: County) -> None:
        """Index the county's rooms."""
        self._county = county
        self._rooms = {
            _ROOM + channel.channel_id: channel
            for unit in county.units.values()
            for channel in unit.rooms
        }

    def recipients(self, roles: tuple[Role, ...], unit_id: str, now: datetime) -> tuple[str, ...]:
        """Return who holds these posts now: those of the unit, and those on duty at the desk."""
        found = (
            person.person_id
            for role in roles
            for person in people_for(self._county, role, unit_id, now)
        )
        return tuple(dict.fromkeys(found))

    def rooms(self, unit_id: str) -> tuple[str, ...]:
        """Return the group rooms of a unit: many may read there and nobody must."""
        unit = self._county.units.get(unit_id)
        return tuple(_ROOM + channel.channel_id for channel in unit.rooms) if unit else ()

    def channels(self, recipient: str, *, rings_first: bool = False) -> tuple[Channel, ...]:
        """Return the channels of a recipient in the order to try; empty when unknown.

        `rings_first` is for a call that nobody answered: someone asleep hears a telephone, and
        does not see a text.
        """
        room = self._rooms.get(recipient)
        if room is not None:
            return (room,)
        person = self._county.people.get(recipient)
        if person is None:
            return ()
        if rings_first:
            return tuple(sorted(person.channels, key=lambda channel: not channel.rings))
        return person.channels

    def name(self, recipient: str) -> str:
        """Return how a recipient is written in a text."""
        person = self._county.people.get(recipient)
        if person is not None:
            return f"{person.title}{person.name}" if person.title else person.name
        return "工作群" if recipient in self._rooms else recipient

    def unit_name(self, unit_id: str) -> str:
        """Return a unit's name, or its id when it is unknown."""
        unit = self._county.units.get(unit_id)
        return unit.name if unit else unit_id
