"""The command line, asked as a person asks it. 命令测试公用。"""

from pathlib import Path

from typer.testing import CliRunner, Result

from app.main import commands
from ledger.book import open_book
from ledger.schema import submissions

CLI = commands()


def jibao(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(CLI, [str(each) for each in arguments], input=given)


def count_of_submissions(data: Path) -> int:
    opened = open_book(data)
    with opened.read() as connection:
        found = len(connection.execute(submissions.select()).all())
    opened.close()
    return found
