"""How those who say something to the late log, or are told of it, are written. 署名。"""

from gateway.house import House


def written(house: House, who: str) -> str:
    """Return the name of `unit:<id>`, of `person:<id>` with their unit, or of a recipient.

    Someone who has left the county's files keeps their id.
    """
    kind, _, name = who.rpartition(":")
    if kind == "unit":
        return house.directory.unit_name(name)
    if kind == "room":
        return house.directory.name(who)
    person = house.county.people.get(name)
    if person is None:
        return name
    return f"{house.directory.unit_name(person.unit_id)} {person.name}"
