"""A few words about the book itself. 台账标记。"""

from sqlalchemy import Connection, select

from ledger.schema import flags

_MUTED = "muted"


def is_muted(connection: Connection) -> bool:
    """Say whether nothing may be sent: a restored book, until someone has looked at it."""
    return connection.execute(select(flags.c.content).where(flags.c.name == _MUTED)).scalar() == "1"


def mute(connection: Connection) -> None:
    """Let nothing be sent from this book."""
    unmute(connection)
    connection.execute(flags.insert().values(name=_MUTED, content="1"))


def unmute(connection: Connection) -> None:
    """Let the book send again."""
    connection.execute(flags.delete().where(flags.c.name == _MUTED))
