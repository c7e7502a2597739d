"""What a command says on standard error: why it stopped, and its log. 报错与日志。"""

import logging
import sys
from collections.abc import Callable
from time import monotonic

import structlog
from rich.console import Console

from app.faults import DoorError, PartDiedError, told_of

_ONCE_IN_SECONDS = 10.0
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def said(run: Callable[[], object]) -> int:
    """Run something, and turn what stops a start into sentences on standard error."""
    from ledger.away import BookAwayError, BookBusyError
    from ledger.upgrading import BookTooNewError
    from rulebook import RulebookError
    from rulebook.county import CountyError

    try:
        run()
    except (CountyError, RulebookError) as error:
        for mistake in error.mistakes:
            errors.print(str(mistake), markup=False, soft_wrap=True)
        errors.print(f"共 {len(error.mistakes)} 处错误，改正后再启动。")
    except BookBusyError as error:
        errors.print(f"数据目录 {error} 正被另一个值班室使用：先停掉它，或用 --data 另指目录。")
    except BookTooNewError as error:
        errors.print(f"台账由较新的版本写成（{error}）：请升级本程序。")
    except BookAwayError as error:
        errors.print(f"台账打不开：{error}。请检查磁盘空间和目录权限。")
    except DoorError as error:
        errors.print(str(error))
    except PartDiedError:
        errors.print("内部故障，值班室已停止，请立即重启并查看日志；期间请电话值班。")
    else:
        return 0
    return 1


def quiet_logs() -> None:
    """Write one JSON line per entry to standard error; of libraries, only kind and place."""
    logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING, force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


class _Libraries(logging.Handler):
    """What other people's code logs, without its words: they may quote what came in."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, int], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write the logger's name and, of an exception, its kind and place; each once in a while.

        A client whose brokers are away says so forty times a second.
        """
        line, now = (record.filename, record.lineno), monotonic()
        if now - self._said.get(line, -_ONCE_IN_SECONDS) < _ONCE_IN_SECONDS:
            return
        self._said[line] = now
        fault = record.exc_info[1] if record.exc_info else None
        told = told_of(fault) if fault is not None else {}
        structlog.get_logger().warning(
            "library", logger=record.name, at=f"{record.filename}:{record.lineno}", **told
        )
