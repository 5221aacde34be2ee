"""What is written about passwords."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from lms.mail.letters import Letter, absolute, queue_letter
from lms.people.models import Person


def queue_reset_mail(person: Person, token: str, *, at: datetime) -> None:
    """Send the link to set a new password."""

    def compose() -> Letter:
        return Letter(
            subject=_("Set a new password"),
            paragraphs=[
                _("You asked for a new password. The link is good for two hours and can be used once."),
                _("If it was not you, you need not do anything: your password stays as it is."),
            ],
            link=(_("Set a new password"), absolute(url_for("signin.open_link", purpose="reset", token=token))),
            why=_("You get this mail because somebody asked for a new password for this address."),
        )

    queue_letter(person, kind="password_reset", compose=compose, at=at)


def queue_invitation_mail(person: Person, token: str, inviter: Person | None, *, at: datetime) -> None:
    """Send the link with which a new person sets a password."""

    def compose() -> Letter:
        who = inviter.full_name if inviter else _("The programme office")
        return Letter(
            subject=_("Your invitation"),
            paragraphs=[
                _("%(who)s has made an account for you on the learning platform.", who=who),
                _("Please choose a password. The link is good for 14 days and can be used once."),
            ],
            link=(_("Choose a password"), absolute(url_for("signin.open_link", purpose="invitation", token=token))),
            why=_("You get this mail because an account was made for this address."),
        )

    queue_letter(person, kind="invitation", compose=compose, at=at)
