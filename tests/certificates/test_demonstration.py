"""The people of the demonstration."""

from __future__ import annotations

from certificates.demo.people import EARLIER, FINISHED, RUNNING


def test_everybody_has_an_address_of_their_own_that_every_mail_server_takes() -> None:
    addresses = [one.email for one in (*EARLIER, *FINISHED, *RUNNING)]
    assert len(set(addresses)) == len(addresses)
    assert [one for one in addresses if not one.isascii()] == []
    assert {"mehmet.yildirim@example.org", "zuzana.dvorackova@example.org", "joerg.baumann@example.org"} <= set(addresses)
