"""Ids that derive from facts, so that a replay finds the same rows. 标识。"""

from uuid import NAMESPACE_URL, UUID, uuid5

_JIBAO = uuid5(NAMESPACE_URL, "jibao")
_KEYED = uuid5(_JIBAO, "submission")
_ASKED = uuid5(_JIBAO, "solicitation")


def submission_uid(unit_id: str, key: str) -> UUID:
    """Return the id of what `unit_id` sent under the idempotency key `key`."""
    return uuid5(_KEYED, f"{unit_id}\n{key}")


def solicitation_uid(person_id: str, key: str) -> UUID:
    """Return the id of what `person_id` asks units for under the key `key`."""
    return uuid5(_ASKED, f"{person_id}\n{key}")


def minted_uid(received_us: int, house: int, number: int) -> UUID:
    """Return an id for an item sent without a key: ordered by time, so cheap to index.

    Args:
        received_us: microseconds since 1970; the upper 64 bits.
        house: 32 bits that tell this run of the process from every other.
        number: a count within the run.
    """
    return UUID(int=(received_us << 64) | ((house & 0xFFFFFFFF) << 32) | (number & 0xFFFFFFFF))


def derived_uid(parent: UUID, *parts: str) -> UUID:
    """Return the id of what follows from `parent`: the same parts, the same id."""
    return uuid5(parent, "\n".join(parts))
