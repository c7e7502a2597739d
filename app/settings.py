"""Settings from the environment. 设置。"""

import os
import secrets
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent
_SECRETS = ("JIBAO_SECRET_KEY", "JIBAO_DEADMAN_URL")


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
