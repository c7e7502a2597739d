"""Signed one-tap links, and what they say. 一键签收链接。

A link names one alert and one person, is signed with the house's key and expires. A link sent
to a group room names no person: whoever opens it is asked who they are.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from vocabulary.terms import Stage


@dataclass(frozen=True, slots=True)
class Signed:
    """What a valid link says. `person_id` is None for a link from a room."""

    alert_uid: UUID
    person_id: str | None


class LinkExpiredError(ValueError):
    """The link was good once. 链接已过期。"""


class LinkForgedError(ValueError):
    """The link was never ours, or was cut on its way. 链接无效。"""


class Links:
    """Make and read links under one key."""

    def __init__(self, *, public_url: str, secret_key: str, valid: timedelta) -> None:
        """Take the address people reach us by, the key and how long a link lives."""
        self._public_url = public_url.rstrip("/")
        self._serializer = URLSafeTimedSerializer(secret_key, salt="acknowledge")
        self._valid = valid

    def to_acknowledge(self, alert_uid: UUID, recipient: str) -> str:
        """Return the address that acknowledges this alert for this recipient."""
        person = None if recipient.startswith("room:") else recipient
        signed = self._serializer.dumps([alert_uid.hex, person])
        return f"{self._public_url}/a/{signed}"

    def to_form(self) -> str:
        """Return the address of the form."""
        return f"{self._public_url}/"

    def to_report(self, stage: Stage, case_uid: UUID | None) -> str:
        """Return the address of the form for a stage of a case, or of none."""
        case = f"&case_id={case_uid}" if case_uid is not None else ""
        return f"{self._public_url}/report?stage={stage.value}{case}"

    def to_board(self) -> str:
        """Return the address of the duty board."""
        return f"{self._public_url}/board"

    def to_log_row(self, uid: UUID) -> str:
        """Return the address of one row of the late log, by its obligation."""
        return f"{self._public_url}/late-log/{uid}"

    def to_late_log(self) -> str:
        """Return the address of the late log."""
        return f"{self._public_url}/late-log"

    def read(self, signed: str) -> Signed:
        """Return what a link says.

        Raises:
            LinkExpiredError: it was signed too long ago.
            LinkForgedError: the signature does not hold.
        """
        try:
            alert, person = self._serializer.loads(signed, max_age=int(self._valid.total_seconds()))
        except SignatureExpired as error:
            raise LinkExpiredError from error
        except BadSignature as error:
            raise LinkForgedError from error
        return Signed(UUID(hex=alert), person)
