"""Settings from the environment. 设置。"""

import os
import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent
_SECRETS = (
    "JIBAO_SECRET_KEY",
    "JIBAO_DEADMAN_URL",
    "JIBAO_DATABASE_URL",
    "JIBAO_KAFKA_PASSWORD",
)


class Settings(BaseSettings):
    """What the environment says (`JIBAO_…`); a command's own options come before it.

    A secret may stand in a file named by `…_FILE`. Without a secret key one is made and kept
    in the data folder, readable by its owner alone.
    """

    model_config = SettingsConfigDict(env_prefix="JIBAO_", extra="ignore")

    data: Path = Path("data")
    county: Path = ROOT / "county"
    rulebook: Path = ROOT / "rulebook"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    demo_clock: str = ""  # only for the demo in several processes: the day it lives by
    ops_port: int = Field(default=0, ge=0, le=65535)  # of worker, clock, deliver; 0: none
    database_url: SecretStr = SecretStr("")  # empty: one SQLite file in the data folder
    kafka: str = ""  # host:port, several with commas; empty: no log, one process
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_ca_file: Path | None = None
    kafka_cert_file: Path | None = None
    kafka_key_file: Path | None = None
    kafka_senders: Path | None = None  # what proves foreign senders: keys and topics of their own
    kafka_partitions: int = Field(default=4, ge=1)
    kafka_replication: int = Field(default=1, ge=1)
    kafka_min_insync: int = Field(default=1, ge=1)
    kafka_retention_days: int = Field(default=30, ge=1)
    secret_key: SecretStr = SecretStr("")
    deadman_url: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        if not self.public_url:
            self.public_url = f"http://{self.host}:{self.port}"
        return self

    def key(self) -> str:
        """Return the secret key, made at the first start where none is set."""
        given = self.secret_key.get_secret_value()
        if given:
            return given
        path = self.data / "secret_key"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text("utf-8").strip()


def read_settings(**options: object) -> Settings:
    """Return the settings; an option that is None leaves the environment's word."""
    for name in _SECRETS:
        named = os.environ.get(f"{name}_FILE")
        if named and name not in os.environ:
            os.environ[name] = Path(named).read_text("utf-8").strip()
    given = {name: value for name, value in options.items() if value is not None}
    return Settings(**given)  # type: ignore[arg-type]
