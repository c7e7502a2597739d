"""Single keys from the terminal, without Enter. 按键。"""

import asyncio
import sys
import termios
import tty
from collections.abc import AsyncIterator


async def keys_pressed() -> AsyncIterator[str]:
    """Give each key as it is pressed; none at all where there is no terminal."""
    if not sys.stdin.isatty():
        return
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    pressed: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    tty.setcbreak(number)
    loop.add_reader(number, lambda: pressed.put_nowait(sys.stdin.read(1)))
    try:
        while True:
            yield await pressed.get()
    finally:
        loop.remove_reader(number)
        termios.tcsetattr(number, termios.TCSADRAIN, before)
