"""Mails that did not arrive, for the administrator; all mails, for developers."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.clock import now
from lms.mail import queries
from lms.mail.actions import retry_mail
from lms.mail.transport import list_written
from lms.permissions import CorePermission, public, requires
from lms.settings import current_config

bp = Blueprint("mail", __name__, template_folder="templates")


@bp.get("/mails")
@requires(CorePermission.READ_MAIL)
def mails() -> str:
    """What could not be delivered, and why."""
    return render_template("mail/mails.html", mails=queries.list_troubled_mails())


@bp.post("/mails/<int:mail_id>/retry")
@requires(CorePermission.READ_MAIL)
def retry(mail_id: int) -> Response:
    """Try a mail again from the start."""
    retry_mail(queries.get_mail(mail_id) or abort(404), actor=current_user, at=now())
    flash(_("The mail is being tried again."), "success")
    return redirect(url_for(".mails"))


@bp.get("/_mails")
@public
def all_mails() -> str:
    """All mails with their texts; only in development."""
    if not current_config().development:
        abort(404)
    mails = queries.list_recent_mails()
    written = list_written(current_config())
    texts = {mail.id: mail.text_body or written.get(mail.message_id, "") for mail in mails}
    return render_template("mail/all_mails.html", mails=mails, texts=texts)
