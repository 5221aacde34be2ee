"""Who reads feedback."""

from __future__ import annotations

from lms.mail.letters import Addressee
from lms.people.queries import list_active_people
from lms.permissions import Role
from lms.settings import current_config


def list_readers() -> list[Addressee]:
    """Return who gets feedback: the programme office, and where no address of it is set, every administrator."""
    office = current_config().contact_mail
    if office:
        return [Addressee(office)]
    return [Addressee.of(person) for person in list_active_people(Role.ADMIN)]
