"""A finished text on its way to a person. 成稿。"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """Title and body as they will be read; notifiers carry it and never edit it."""

    title: str
    body: str
