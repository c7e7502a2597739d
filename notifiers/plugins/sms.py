"""A text message through an HTTP gateway. 短信。

`jibao-sms://gateway:8080/13800000000` posts `{"to", "text"}` to `/sms`;
`jibao-smss://gateway/api/send/13800000000` posts it to `/api/send`.
"""

from typing import Any

from notifiers.plugins.gateway import Gateway
from notifiers.plugins.session import Letter
from vocabulary.message import Message


class Sms(Gateway, schema="sms"):
    """Sends title and body as one text."""

    text_bytes_max = 1_500  # 500 Chinese characters: what one concatenated message may hold

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._number, self._path = self.number_and_path("/sms")

    def letter(self, message: Message) -> Letter:
        return self.hand(self._path, {"to": self._number, "text": self.text_of(message)})
