"""Settings: read once, refused with a sentence when they are unknown, malformed or unsafe."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from config import Config, ConfigError, pass_on

ROOT = Path(__file__).parents[1]

SAFE = {
    "LMS_ENVIRONMENT": "production",
    "LMS_BASE_URL": "https://lernen.example.de",
    "LMS_TRUSTED_PROXIES": "1",
    "LMS_SECRET_KEY": "s" * 48,
    "LMS_MAIL_URL": "smtps://mail.example.de",
    "LMS_CONTACT_MAIL": "buero@example.de",
    "LMS_INSTITUTION_NAME": "Agentur",
}


@pytest.fixture
def safe(tmp_path: Path) -> dict[str, str]:
    """Everything that production needs."""
    key = tmp_path / "seal.p12"
    key.write_bytes(b"x")
    key.chmod(0o640)
    return {**SAFE, "LMS_SEAL_KEY_FILE": str(key)}


def test_without_any_setting_the_default_works() -> None:
    config = Config.from_environment({})
    assert config.environment == "development"
    assert config.sqlalchemy_url.startswith("sqlite:///")


def test_a_safe_production_starts(safe: dict[str, str]) -> None:
    assert Config.from_environment(safe).environment == "production"


@pytest.mark.parametrize("name", [*sorted(set(SAFE) - {"LMS_ENVIRONMENT"}), "LMS_SEAL_KEY_FILE"])
def test_production_refuses_to_start_without(name: str, safe: dict[str, str]) -> None:
    safe.pop(name)
    with pytest.raises(ConfigError, match=name):
        Config.from_environment(safe)


@pytest.mark.parametrize(
    ("name", "value"),
    [("LMS_BASE_URL", "http://lernen.example.de"), ("LMS_TRUSTED_PROXIES", "0"), ("LMS_SECRET_KEY", "kurz"),
     ("LMS_SEAL_KEY_FILE", "/gibt/es/nicht"),
     ("LMS_SEAL_CHAIN_FILE", "/gibt/es/nicht"), ("LMS_SEAL_KEY_URI", "pkcs11:token=a;object=b?module-path=/c.so")],
)  # fmt: skip
def test_production_refuses_what_is_unsafe(name: str, value: str, safe: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=name):
        Config.from_environment({**safe, name: value})


def test_production_refuses_a_key_that_everybody_can_read(safe: dict[str, str]) -> None:
    Path(safe["LMS_SEAL_KEY_FILE"]).chmod(0o644)
    with pytest.raises(ConfigError, match="chmod"):
        Config.from_environment(safe)


@pytest.mark.parametrize(
    ("name", "value"),
    [("LMS_PROT", "1"), ("LMS_PORT", "achttausend"), ("LMS_ZONE", "Potsdam"), ("LMS_LANGUAGE", "fr"), ("LMS_ENVIRONMENT", "prod"),
     ("LMS_BASE_URL", "lernen"), ("LMS_DATABASE_URL", "mysql://x"), ("LMS_MAIL_URL", "http://x"),
     ("LMS_SEAL_KEY_URI", "file:///x"), ("LMS_SEAL_TIMESTAMP_URL", "ftp://x"),
     ("LMS_MAIL_FROM", "Amt Müller, Kurs <a@b.de>"), ("LMS_MAIL_FROM", "Amt Müller"), ("LMS_MAIL_FROM", "Büro <a b@c.de>"),
     ("LMS_BASE_URL", "https://a.de/lms"), ("LMS_BASE_URL", "https://a.de?x"), ("LMS_BASE_URL", "https://a.de#x"),
     ("LMS_BASE_URL", "https://u:p@a.de"), ("LMS_BASE_URL", "https://[a"), ("LMS_BASE_URL", "https://a.de:x"),
     ("LMS_BASE_URL", "https://a.de:99999"), ("LMS_BASE_URL", "https://"),
     ("LMS_THREADS", "0"), ("LMS_THREADS", "1001"), ("LMS_WORKER_THREADS", "0"), ("LMS_PORT", "0"), ("LMS_PORT", "65536"),
     ("LMS_SESSION_HOURS", "-1"), ("LMS_SESSION_HOURS", "0"), ("LMS_SESSION_HOURS", "8761"),
     ("LMS_UPLOAD_MEGABYTES", "-5"), ("LMS_UPLOAD_MEGABYTES", "0"), ("LMS_UPLOAD_MEGABYTES", "2001"),
     ("LMS_TRUSTED_PROXIES", "-1"), ("LMS_TRUSTED_PROXIES", "11"), ("LMS_LOG_LEVEL", "LAUT"), ("LMS_FOUR_EYES", "ja")],
)  # fmt: skip
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Config.from_environment({name: value})


@pytest.mark.parametrize("sender", ["a@b.de", "Büro <a@b.de>", '"Amt Müller, Kurs" <a@b.de>', "Wegmarke <noreply@localhost>"])
def test_a_sender_may_have_a_name(sender: str) -> None:
    assert Config.from_environment({"LMS_MAIL_FROM": sender}).mail_from == sender


@pytest.mark.parametrize(
    ("name", "value"),
    [("LMS_THREADS", "1"), ("LMS_PORT", "65535"), ("LMS_TRUSTED_PROXIES", "0"), ("LMS_SESSION_HOURS", "1"),
     ("LMS_UPLOAD_MEGABYTES", "1"), ("LMS_LOG_LEVEL", "debug"), ("LMS_BASE_URL", "http://[::1]:8000"),
     ("LMS_BASE_URL", "https://lernen.example.de/"), ("LMS_BASE_URL", "https://lernen.example.de:8443")],
)  # fmt: skip
def test_what_is_just_possible_is_taken(name: str, value: str) -> None:
    assert Config.from_environment({name: value}).problems() == []


@pytest.mark.parametrize(
    ("set_to", "processors", "served_by"),
    [("", 1, 1), ("", 2, 2), ("0", 16, 4), ("1", 2, 1), ("6", 2, 6)],
)
def test_as_many_processes_serve_as_there_are_processors(
    set_to: str, processors: int, served_by: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: set(range(processors)), raising=False)
    set_ = {"LMS_WEB_PROCESSES": set_to} if set_to else {}
    assert Config.from_environment(set_).serving_processes == served_by


def test_the_address_follows_the_port_unless_it_is_set() -> None:
    assert Config.from_environment({}).base_url == "http://127.0.0.1:8000"
    assert Config.from_environment({"LMS_PORT": "8080"}).base_url == "http://127.0.0.1:8080"
    both = {"LMS_PORT": "8080", "LMS_BASE_URL": "https://lernen.example.de"}
    assert Config.from_environment(both).base_url == "https://lernen.example.de"


def test_what_is_begun_from_here_has_the_port_that_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_PORT", "8000")
    monkeypatch.setenv("LMS_LANGUAGE", "en")
    pass_on(port=8080)
    made = Config.from_environment()
    assert made.base_url == "http://127.0.0.1:8080"
    assert made.language == "en"


@pytest.mark.parametrize(
    ("said", "port"),
    [([], "8000"), (["PORT=8080"], "8080"), (["LMS_PORT=8090"], "8090"), (["PORT=8080", "LMS_PORT=8090"], "8080")],
)
@pytest.mark.parametrize("target", ["demo", "serve"])
def test_make_serves_where_it_says(target: str, said: list[str], port: str, tmp_path: Path) -> None:
    lms = tmp_path / "lms"
    lms.write_text('#!/bin/sh\necho "$@ $LMS_PORT"\n')
    lms.chmod(0o755)
    inherited = {name: value for name, value in os.environ.items() if name not in {"PORT", "LMS_PORT", "MAKEFLAGS"}}
    done = subprocess.run(
        ["make", "-s", target, f"lms={lms}", "-o", "migrate", *(one for one in said if one[0] == "P")],
        cwd=ROOT, env=inherited | dict(one.split("=") for one in said if one[0] == "L"), capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == f"serve {port}"
    assert target == "serve" or f"demo {port}" in done.stdout


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path / "data")
    secret = config.session_secret()
    assert len(secret) >= 48
    assert Config(data_dir=tmp_path / "data").session_secret() == secret
    path = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="LMS_DATA_DIR"):
        Config(data_dir=tmp_path / "file" / "data").prepare_data_dir()


@pytest.mark.parametrize("what", ["os.open", "config.Path.exists", "config.Path.read_text"])
def test_a_data_folder_of_somebody_else_is_named(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_values: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(what, refuse)
    with pytest.raises(ConfigError, match=r"LMS_DATA_DIR names .* cannot read and write \(Permission denied\)"):
        Config(data_dir=tmp_path).session_secret()


def test_only_what_people_can_set_is_offered() -> None:
    with pytest.raises(ConfigError, match=r"^LMS_ENVIRONMENT is 'prod'; set development or production\.$"):
        Config.from_environment({"LMS_ENVIRONMENT": "prod"})


def test_postgresql_is_spoken_to_by_psycopg() -> None:
    made: Any = Config(database_url="postgresql://u@h/d").sqlalchemy_url
    assert made == "postgresql+psycopg://u@h/d"
