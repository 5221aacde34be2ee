"""Pages are compressed for those who can read it, and their length gives nothing away."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.compression import MOST_PADDING


@pytest.fixture
def client(database: Flask) -> FlaskClient:
    """Return somebody who has not signed in."""
    return database.test_client()


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("", False), ("br", False), ("gzip;q=0", False), ("identity", False)],
)
def test_who_can_read_it_gets_it_compressed(client: FlaskClient, accepted: str, compressed: bool) -> None:
    answer = client.get("/login", headers={"Accept-Encoding": accepted})
    assert (answer.headers.get("Content-Encoding") == "gzip") is compressed
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    page = gzip.decompress(answer.data) if compressed else answer.data
    assert b"</html>" in page
    assert len(answer.data) <= len(page)


def test_an_error_s_page_is_compressed_and_a_short_answer_is_not(client: FlaskClient) -> None:
    page = client.get("/nowhere", headers={"Accept-Encoding": "gzip"})
    assert page.status_code == 404
    assert b"</html>" in gzip.decompress(page.data)
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


def test_the_same_page_has_many_lengths(client: FlaskClient) -> None:
    answers = [client.get("/login", headers={"Accept-Encoding": "gzip"}) for _number in range(40)]
    lengths = {len(answer.data) for answer in answers}
    assert len(lengths) > 10
    assert max(lengths) - min(lengths) < 3 * MOST_PADDING


def test_verification_is_compressed_once(client: FlaskClient) -> None:
    for _first_or_remembered in range(2):
        answer = client.get("/verify/nobody", headers={"Accept-Encoding": "gzip"})
        page = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
        assert b"</html>" in page
