"""What the settings say of the log reaches every client of it. 日志客户端的设置。"""

import ssl
import subprocess
from pathlib import Path

import pytest
from faust.auth import SASLCredentials, SSLCredentials
from pydantic import ValidationError

from app.parts.log_client import brokers, credentials, options
from app.settings import Settings, read_settings

SASL = {
    "kafka": "a:9092, b:9092",
    "kafka_security": "SASL_SSL",
    "kafka_sasl_mechanism": "SCRAM-SHA-512",
    "kafka_username": "jibao",
    "kafka_password": "secret",
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1")
    subprocess.run(
        (*command, "-subj", "/CN=jibao", "-keyout", str(key), "-out", str(cert)),
        check=True,
        capture_output=True,
    )
    return cert, key


def test_without_a_word_the_brokers_are_spoken_to_in_the_clear() -> None:
    settings = Settings(kafka="127.0.0.1:9092")

    assert options(settings)["security_protocol"] == "PLAINTEXT"
    assert options(settings)["ssl_context"] is None
    assert credentials(settings) is None


def test_several_brokers_are_named_to_faust_in_its_own_way() -> None:
    assert brokers(Settings(kafka="a:9092, b:9092")) == "kafka://a:9092;kafka://b:9092"


def test_name_and_password_reach_aiokafka_and_faust_alike() -> None:
    settings = Settings(**SASL)  # type: ignore[arg-type]

    ours, fausts = options(settings), credentials(settings)

    assert ours["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (ours["sasl_plain_username"], ours["sasl_plain_password"]) == ("jibao", "secret")
    assert isinstance(ours["ssl_context"], ssl.SSLContext)
    assert isinstance(fausts, SASLCredentials)
    assert (fausts.username, fausts.password) == ("jibao", "secret")
    assert fausts.ssl_context is not None


def test_a_name_in_the_clear_needs_no_certificate() -> None:
    settings = Settings(**SASL | {"kafka_security": "SASL_PLAINTEXT"})  # type: ignore[arg-type]

    assert options(settings)["ssl_context"] is None


def test_a_certificate_of_ours_is_shown_and_the_brokers_is_checked(
    certificate: tuple[Path, Path],
) -> None:
    cert, key = certificate
    settings = Settings(
        kafka_security="SSL", kafka_ca_file=cert, kafka_cert_file=cert, kafka_key_file=key
    )

    context = options(settings)["ssl_context"]

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert [found["subject"] for found in context.get_ca_certs()] == [((("commonName", "jibao"),),)]
    assert isinstance(credentials(settings), SSLCredentials)


def test_an_unknown_way_to_speak_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="kafka_security"):
        Settings(kafka_security="TLS")  # type: ignore[arg-type]


def test_the_password_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("from a file\n")
    monkeypatch.setenv("JIBAO_KAFKA_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("JIBAO_KAFKA_PASSWORD", "")
    monkeypatch.delenv("JIBAO_KAFKA_PASSWORD")

    assert read_settings().kafka_password.get_secret_value() == "from a file"


def test_no_secret_is_shown_with_the_settings() -> None:
    shown = repr(Settings(**SASL, database_url="postgresql://u:hidden@h/d"))  # type: ignore[arg-type]

    assert "hidden" not in shown
    assert "secret'" not in shown
