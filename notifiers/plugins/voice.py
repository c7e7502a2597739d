"""A telephone call that rings and reads aloud, through an HTTP gateway. 语音电话。

`jibao-voice://gateway:8080/13800000000` posts `{"to", "text"}` to `/voice`; a path before the
number replaces it, as for text messages.
"""

from typing import Any

from notifiers.plugins.gateway import Gateway
from notifiers.plugins.session import Letter
from vocabulary.message import Message


class Voice(Gateway, schema="voice"):
    """Calls and reads the text; a line with a link is left out, since nobody can tap a voice."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._number, self._path = self.number_and_path("/voice")

    def letter(self, message: Message) -> Letter:
        lines = self.text_of(message).splitlines()
        spoken = "\n".join(line for line in lines if "://" not in line)
        return self.hand(self._path, {"to": self._number, "text": spoken})
