"""Does a command that is loaded alone know as much as among all the others? 各命令。"""

import subprocess
import sys
from importlib import import_module

import pytest
import typer

from app.main import HERE, ROOMS, commands


def names(cli: typer.Typer) -> set[str]:
    return set(getattr(typer.main.get_command(cli), "commands", {}))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_found_by_each_of_its_commands(room: str) -> None:
    alone = typer.Typer(callback=lambda: None)

    import_module(f"app.{room}").add_to(alone)

    assert names(alone) == set(ROOMS[room])


def test_the_command_line_has_them_all() -> None:
    assert names(commands()) == {*HERE, *(word for words in ROOMS.values() for word in words)}


@pytest.mark.slow
def test_a_start_loads_what_the_first_notice_does_not_need_only_afterwards() -> None:
    heavy = {"fastapi", "openpyxl", "psycopg", "uvicorn", "cloudevents", "alembic", "faust"}
    asked = f"import sys, app.main, app.serving; print(*({heavy!r} & set(sys.modules)))"

    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout

    assert loaded.split() == []
