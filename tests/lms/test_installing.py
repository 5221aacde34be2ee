"""The first hour of an installation: municipalities, a port that is taken, addresses that are none."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from lms.db import session, transaction
from lms.migration import lacks_schema
from lms.municipalities.models import District, Municipality
from lms.people.models import Person
from lms.people.rules import is_email
from lms.serving.web import _is_needed, port_problem
from tests.conftest import open_app, test_config

ROOT = Path(__file__).parents[2]
ALL = "18 districts and 416 municipalities are there."


def run(app: Flask, *words: str) -> tuple[int, str]:
    """Run an ``lms`` command; return its status and all that it says."""
    done = app.test_cli_runner().invoke(args=list(words))
    return done.exit_code, done.output


def count(app: Flask) -> int:
    """Return how many municipalities there are."""
    with app.app_context():
        return session.scalar(select(func.count()).select_from(Municipality)) or 0


def test_a_new_database_has_the_municipalities_and_an_old_one_keeps_its_own(own_app: Flask) -> None:
    assert run(own_app, "migrate") == (0, f"{ALL}\n")
    assert count(own_app) == 416
    with own_app.app_context(), transaction():
        session.query(Municipality).delete()
        session.add(Municipality(ags="12060005", name="Eigene", district_key="12060"))
    assert run(own_app, "migrate") == (0, "")
    assert count(own_app) == 1
    assert run(own_app, "municipalities", "import") == (0, f"{ALL}\n")
    with own_app.app_context():
        assert session.get_one(Municipality, "12060005").name == "Ahrensfelde"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"ags,name\n12060005,Neuer Name\n", "416 municipalities"),
        (b"\xef\xbb\xbfags,name\n12060999,Neu\n", "417 municipalities"),
        (b"ags,name\n1206000,Zu kurz\n", "liste.csv:2: '1206000' is not the key"),
        (b"ags,name\n12060005,\n", "liste.csv:2: Each line has ags, name"),
        (b"ags;name\n12060005;Falsch\n", "liste.csv:2: Each line has ags, name"),
        (b"ags,name\n", "liste.csv holds no line"),
        ("ags,name\n12060005,Lübben\n".encode("latin-1"), "liste.csv is no list in UTF-8"),
    ],
)
def test_a_list_of_ones_own(content: bytes, said: str, database: Flask, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    run(database, "municipalities", "import")
    status, output = run(database, "municipalities", "import", str(path))
    assert said in output
    assert status == (0 if "municipalities" in said else 1)
    assert "Traceback" not in output
    assert session.scalar(select(func.count()).select_from(District)) == 18


@pytest.mark.once
def test_a_port_that_is_taken_is_refused_before_anything_starts(own_app: Flask) -> None:
    run(own_app, "migrate")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, output = run(own_app, "serve", "--port", str(port))
        assert (status, f"Port {port} of 127.0.0.1 is taken" in output) == (1, True)
        assert "Serving on" not in output
    assert port_problem("127.0.0.1", port) is None
    assert "192.0.2.1" in (port_problem("192.0.2.1", port) or "")
    assert "nirgends.invalid" in (port_problem("nirgends.invalid", port) or "")


@pytest.mark.once
def test_nothing_is_served_without_styles_and_scripts(
    own_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.frame.assets.BUILT", tmp_path)
    monkeypatch.setattr("lms.serving.commands.port_problem", lambda *_where: "too late")
    status, output = run(own_app, "serve")
    assert (status, "Please run: make assets" in output) == (1, True)


def test_only_the_doubt_about_threads_is_left_out() -> None:
    said = ["Configuration allows spawning up to 8 Python threads, which seems quite high", "Worker 1 died"]
    records = [logging.LogRecord("_granian", logging.WARNING, "", 0, text, None, None) for text in said]
    assert [_is_needed(record) for record in records] == [False, True]


@pytest.mark.parametrize(
    ("database_url", "said"),
    [("", "Please run: lms migrate"), ("postgresql://lms@127.0.0.1:1/lms", "Please look at LMS_DATABASE_URL")],
)
def test_nothing_is_served_before_the_database_is_in_order(database_url: str, said: str, tmp_path: Path) -> None:
    with open_app(test_config(tmp_path, database_url)) as made:
        status, output = run(made, "serve")
    assert (status, said in output) == (1, True)


def test_a_command_without_its_database_says_so_in_a_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "LMS_DATA_DIR": str(tmp_path), "LMS_DATABASE_URL": "postgresql://lms@127.0.0.1:1/lms"}
    command = [sys.executable, "-c", "from wsgi import main; main()", "migrate"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The database is in trouble (")
    assert done.stderr.endswith("lms check\n")
    assert done.stderr.count("\n") == 1


# What the web server does with its log before it serves, and a warning of some library.
LOGGING = """
import logging, warnings
from granian.log import LogLevels, configure_logging
from lms.serving.web import LOGGED_WITH_THE_REST
from wsgi import create_app
create_app()
configure_logging(LogLevels.info, LOGGED_WITH_THE_REST)
logging.getLogger("_granian").info("Starting")
warnings.warn("Old")
"""


def test_the_web_servers_lines_and_warnings_are_json_as_well(tmp_path: Path) -> None:
    environment = {**os.environ, "LMS_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", LOGGING], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["logger"] for line in lines] == ["_granian", "py.warnings"]
    assert "Old" in lines[1]["message"]
    assert done.stdout == ""


@pytest.mark.parametrize("address", ["keine", "keine@", "@keine.de", "a b@keine.de", "a@keine", ""])
def test_what_is_no_address_gets_no_account(address: str, database: Flask) -> None:
    assert not is_email(address)
    status, output = run(database, "user", "create", address, "Ina", "Tee")
    assert status == 1
    assert "E-Mail-Adresse" in output
    assert session.scalars(select(Person)).all() == []


def test_an_address_is_kept_in_small_letters(database: Flask) -> None:
    status, output = run(database, "user", "create", " Ina.Tee@Beispiel.de ", "Ina", "Tee", "--no-invite")
    assert (status, output) == (0, "Ina Tee <ina.tee@beispiel.de> is there.\n")


@pytest.mark.parametrize(
    ("statement", "lacks"),
    [("SELECT 1 FROM a_table_of_tomorrow", True), ("SELECT of_tomorrow FROM people", True), ("SELECT FROM FROM", False)],
)
def test_a_database_that_is_behind_is_told_from_other_faults(statement: str, lacks: bool, database: Flask) -> None:
    with pytest.raises(DatabaseError) as caught, transaction():
        session.execute(text(statement))
    assert lacks_schema(caught.value) is lacks
