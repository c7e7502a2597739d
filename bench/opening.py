"""Open what is measured: a phone, and a duty room in one process or in its parts. 开张。"""

import re
import shutil

from bench.apart import ApartRoom
from bench.processes import JIBAO, ROOT, Ground, free_port
from bench.room import Phone, Room
from bench.shared import SharedRoom

_URL = re.compile(r'(url: ")([^"?]+)(")')


def a_phone(ground: Ground) -> Phone:
    """Start `jibao phone` and wait for it."""
    port = free_port()
    process = ground.start("phone", (*JIBAO, "phone", "--port", str(port)))
    ground.wait_until_up("phone", process, f"http://127.0.0.1:{port}/messages?limit=1")
    return Phone(port)


def a_room(ground: Ground, name: str, phone: Phone) -> Room:
    """Make a room with the shipped county, whose channels lead to our phone and have no rate.

    The rates are the bots' own, 20 a minute; a burst of emergencies would measure them and not
    the house. The ground says whether the room is one process, on which book, or stands on a Kafka.
    """
    folder = ground.folder / f"{name}-county"
    if not folder.exists():
        shutil.copytree(ROOT / "county", folder)
        channels = folder / "channels.yaml"
        text, count = _URL.subn(r"\1\2?rate=off\3", channels.read_text("utf-8"))
        if not count:
            raise ValueError("no channel address found in channels.yaml")
        channels.write_text(text, "utf-8")
    data = ground.folder / f"{name}-data"
    if ground.kafka is not None:
        return ApartRoom(ground, folder, phone, data)
    kind = SharedRoom if ground.is_on_postgres else Room
    return kind(ground, folder, phone, data)
