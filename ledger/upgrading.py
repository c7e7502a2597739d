"""Bring a book up to the schema this program knows. 台账升级。"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

HEAD = "0006"
_MIGRATIONS = Path(__file__).parent / "migrations"


class BookTooNewError(RuntimeError):
    """The book was written by a newer version. 台账版本较新，请升级程序。"""


def bring_up_to_date(connection: Connection, to: str = HEAD) -> None:
    """Run the migrations that the book lacks, in the caller's transaction.

    Alembic is loaded only when there is something to do, so that a restart is quick.

    Raises:
        BookTooNewError: a newer program wrote it; this one must not touch it.
    """
    found = refuse_newer(connection)
    if found == HEAD:
        return
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def refuse_newer(connection: Connection) -> str | None:
    """Return the book's revision; None of an empty one.

    Raises:
        BookTooNewError: a newer program has brought it up to date, maybe while this one runs.
    """
    found = _revision(connection)
    if found is not None and found > HEAD:
        raise BookTooNewError(f"{found} > {HEAD}")
    return found


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
