"""Who may write to the log from outside, and what proves them. 外部来源。

A YAML file, readable by its owner alone, because it holds keys:

    keys:            # HMAC-SHA256, in the header jibao-signature: unit=hexdigest
      unit-id: a long secret
    topics:          # one unit alone may write there, by the broker's own rules
      county.hospital.reports: unit-id
"""

from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from rulebook.county import CountyError
from rulebook.lines import Mistake, UnreadableError, read
from streams.wire import Keys


class _Senders(BaseModel):
    model_config = ConfigDict(extra="forbid")

    keys: dict[str, SecretStr] = Field(default_factory=dict)
    topics: dict[str, str] = Field(default_factory=dict)


def read_keys(file: Path | None, house: str) -> Keys:
    """Return what proves a sender: the house's own key, and those of the file where there is one.

    Raises:
        CountyError: the file cannot be read, with what is wrong in it and no word of its secrets.
    """
    if file is None:
        return Keys(house=house.encode())
    try:
        found = _Senders.model_validate(read(file)[0] or {})
    except UnreadableError as error:
        raise CountyError((replace(error.mistake, file=str(file)),)) from None
    except ValidationError as error:
        wrong = "、".join(".".join(str(part) for part in e["loc"]) for e in error.errors())
        raise CountyError((Mistake(str(file), 1, f"字段有误：{wrong}"),)) from None
    return Keys(
        house=house.encode(),
        units={unit: key.get_secret_value().encode() for unit, key in found.keys.items()},
        own_topics=found.topics,
    )
