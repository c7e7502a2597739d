"""A county of thousands of desks, each with officers and channels of its own. 多值班室的大县。

Written as JSON, as a program writes it: YAML too, and read a hundred times as fast.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

_POSTS_ABOVE = ("office_director", "leader_in_charge", "principal_leader", "supervisor")


def unit_id(number: int) -> str:
    """Return the id of a made unit."""
    return f"unit-{number:05d}"


def desk_id(number: int) -> str:
    """Return the id of a desk."""
    return f"desk-{number:04d}"


def officer_id(number: int) -> str:
    """Return the id of a desk's officer: what the phone sees as the addressee."""
    return f"officer-{number:04d}"


def write(folder: Path, units: int, desks: int) -> None:
    """Write units and people in the place of the county's own; unit n reports to desk n % desks.

    The first desk is above all others and has the posts that they do not have.
    """
    _dump(folder / "units.yaml", "units", [*map(_desk, range(desks)), *_units(units, desks)])
    _dump(folder / "people.yaml", "people", [*_people_of_desks(desks), *_people_of_units(units)])
    _dump(folder / "roster.yaml", "rotations", [])


def _dump(path: Path, name: str, entries: list[dict[str, Any]]) -> None:
    path.write_bytes(orjson.dumps({name: entries}, option=orjson.OPT_INDENT_2))


def _desk(number: int) -> dict[str, Any]:
    desk = {
        "id": desk_id(number),
        "name": f"第{number}县政府办",
        "kind": "government_office",
        "rooms": [{"kind": "wecom_room", "key": desk_id(number)}],
    }
    return desk | ({"superior": desk_id(0)} if number else {})


def _units(units: int, desks: int) -> Iterator[dict[str, Any]]:
    for number in range(units):
        yield {
            "id": unit_id(number),
            "name": f"第{number}单位",
            "kind": "bureau",
            "superior": desk_id(number % desks),
        }


def _people_of_desks(desks: int) -> Iterator[dict[str, Any]]:
    for number in range(desks):
        for post, name in (("officer", "duty_officer"), ("leader", "duty_leader")):
            person = _person(f"{post}-{number:04d}", desk_id(number), name)
            yield person | {"channels": ["app", "sms", "voice"]}
    for post in _POSTS_ABOVE:
        yield _person(post.replace("_", "-"), desk_id(0), post)


def _people_of_units(units: int) -> Iterator[dict[str, Any]]:
    for number in range(units):
        yield _person(f"clerk-{number:05d}", unit_id(number), "clerk")
        yield _person(f"head-{number:05d}", unit_id(number), "unit_head")


def _person(person_id: str, unit: str, role: str) -> dict[str, Any]:
    return {
        "id": person_id,
        "name": person_id,
        "unit": unit,
        "roles": [role],
        "mobile": "12000000000",
        "channels": ["app"],
    }
