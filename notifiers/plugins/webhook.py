"""Another system that takes JSON. 通用网络回调。

`jibao-webhooks://host/any/path` posts `{"title", "text"}` to that very path.
"""

from notifiers.plugins.gateway import Gateway
from notifiers.plugins.session import Letter
from vocabulary.message import Message


class Webhook(Gateway, schema="webhook"):
    """Posts title and body apart."""

    def letter(self, message: Message) -> Letter:
        payload = {"title": message.title, "text": message.body}
        return self.hand("/" + "/".join(self.segments), payload)
