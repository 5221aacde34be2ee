"""Signing in and out, and links that set a password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from lms.addresses import safe_path
from lms.clock import now
from lms.db import begin_writing, transaction
from lms.errors.answers import json_error, wants_json
from lms.files.rules import MEGABYTE
from lms.frame.filters import say
from lms.kept_forms.actions import form_page, keep_form, pack, posted_fields, unpack, what_is_kept
from lms.people.models import Person
from lms.permissions import CorePermission, public, requires
from lms.sentences import Refusal
from lms.settings import current_config
from lms.signin import actions
from lms.signin.asking import ask_for_link
from lms.signin.forms import ChangePasswordForm, LoginForm, NewPasswordForm, ResetRequestForm
from lms.signin.models import SignIn
from lms.signin.queries import find_link, find_sign_in, list_sign_ins
from lms.signin.rules import SignInReason

bp = Blueprint("signin", __name__, template_folder="templates")
TOKEN = "_user_id"  # noqa: S105 - the key under which Flask-Login keeps what load_person gets


@bp.get("/login")
@public
def login() -> str | Response:
    """The sign-in page."""
    if current_user.is_authenticated:
        return redirect(safe_path(request.args.get("next", "")))
    return _login_page(LoginForm(formdata=None))


@bp.post("/login")
@public
def sign_in() -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Sign in and go where the person wanted to; a kept text goes back into its form."""
    form = LoginForm()
    if not form.validate_on_submit():
        return _login_page(form), 422
    at = now()
    found = actions.check_password(
        (form.email.data or ""), (form.password.data or ""), address=request.remote_addr or "", at=at
    )
    if isinstance(found, Refusal):
        if found.reason == SignInReason.WAIT:
            seconds = 60 * found.sentence.values["minutes"]
            return _login_page(form, refusal=found), 429, {"Retry-After": str(seconds)}
        return _login_page(form, refusal=found), 422
    begin_session(found)
    fields = unpack(request.form.get("kept", "[]"))
    if fields:
        return redirect(keep_form(found, request.form.get("kept_path", "/"), fields, at=at))
    return redirect(safe_path(request.form.get("next", "")))


@bp.post("/logout")
@public
def logout() -> Response:
    """Sign out."""
    _end_own_sign_in()
    cookie.clear()
    flash(_("You are signed out."), "success")
    return redirect(url_for(".login"))


@bp.get("/password/forgotten")
@public
def forgotten() -> str:
    """Where to ask for a link."""
    return render_template("signin/forgotten.html", form=ResetRequestForm(formdata=None), sent=False)


@bp.post("/password/forgotten")
@public
def send_reset() -> str | tuple[str, int]:
    """Send a link if there is such an account; the answer is the same if there is none."""
    form = ResetRequestForm()
    if not form.validate_on_submit():
        return render_template("signin/forgotten.html", form=form, sent=False), 422
    ask_for_link(form.email.data or "", address=request.remote_addr or "", at=now())
    return render_template("signin/forgotten.html", form=form, sent=True)


@bp.get("/password/<purpose>/<token>")
@public
def open_link(purpose: str, token: str) -> str | tuple[str, int]:
    """Open a link from a mail: shows a form and does nothing else, since mail scanners open links too."""
    link = _link(purpose, token)
    if link is None:
        return _link_gone()
    return render_template("signin/set_password.html", form=NewPasswordForm(formdata=None), link=link, purpose=purpose)


@bp.post("/password/<purpose>/<token>")
@public
def use_link(purpose: str, token: str) -> str | Response | tuple[str, int]:
    """Set the password, use the link up, and sign in."""
    link = _link(purpose, token)
    if link is None:
        return _link_gone()
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            person = actions.use_link(link, (form.password.data or ""), at=now())
        except Refusal as refusal:
            if refusal.reason == SignInReason.LINK_GONE:  # somebody else was quicker
                return _link_gone()
            form.password.errors = [say(refusal.sentence)]
        else:
            begin_session(person)
            flash(_("Your password is set. Welcome."), "success")
            return redirect("/")
    return render_template("signin/set_password.html", form=form, link=link, purpose=purpose), 422


@bp.get("/account/password")
@requires(CorePermission.KEEP_ACCOUNT)
def password() -> str:
    """Change one's password, and see where one is signed in."""
    return _password_page(ChangePasswordForm(formdata=None))


@bp.post("/account/password")
@requires(CorePermission.KEEP_ACCOUNT)
def change_password() -> str | Response | tuple[str, int]:
    """Change the password: all sign-ins end, this browser gets a new one."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        found = actions.check_password(
            current_user.email, form.current.data or "", address=request.remote_addr or "", at=now()
        )
        if isinstance(found, Refusal):  # counted as at signing in: an open browser is no place to guess either
            wrong = Refusal(SignInReason.WRONG_CURRENT) if found.reason is SignInReason.WRONG else found
            form.current.errors = [say(wrong.sentence)]
        else:
            try:
                actions.set_password(current_user, (form.password.data or ""), actor=current_user, at=now())
            except Refusal as refusal:
                form.password.errors = [say(refusal.sentence)]
            else:
                begin_session(current_user)
                flash(_("Your password is changed. All other browsers are signed out."), "success")
                return redirect(url_for("people.account"))
    return _password_page(form), 422


@bp.post("/account/sign-ins/<int:sign_in_id>/end")
@requires(CorePermission.KEEP_ACCOUNT)
def end(sign_in_id: int) -> Response:
    """Sign out another browser."""
    for one in list_sign_ins(current_user, idle=current_config().idle_limit, now=now()):
        if one.id == sign_in_id:
            actions.end_sign_in(one, at=now())
            flash(_("That browser is signed out."), "success")
            return redirect(url_for(".password"))
    abort(404)


def begin_session(person: Person) -> None:
    """Give this browser a sign-in with a fresh cookie: an earlier one ends, and nothing of it is carried over."""
    _end_own_sign_in()
    cookie.clear()
    cookie.permanent = True
    cookie[TOKEN] = actions.start_sign_in(
        person, address=request.remote_addr or "", browser=request.user_agent.string, at=now()
    )
    cookie["_fresh"] = True


def _own_sign_in() -> SignIn | None:
    return find_sign_in(cookie.get(TOKEN, ""), idle=current_config().idle_limit, now=now())


def _end_own_sign_in() -> None:
    sign_in = _own_sign_in()
    if sign_in is not None:
        actions.end_sign_in(sign_in, at=now())


def ask_again(_error: Exception | None) -> Any:
    """Answer a form that came without a sign-in or with an expired token: nothing that was written is lost."""
    if request.blueprint == bp.name and (request.content_length or 0) > current_config().upload_megabytes * MEGABYTE:
        # No file comes here, with a form around it. In a handler of errors raising would answer 500.
        return current_app.handle_http_exception(RequestEntityTooLarge())
    if wants_json():
        status = 400 if current_user.is_authenticated else 401
        code, text = (
            ("token_expired", _("Please reload the page.")) if status == 400 else ("sign_in", _("Please sign in"))
        )
        return json_error(status, code, text)
    if current_user.is_authenticated:
        begin_writing()  # the route may have said that it only reads
        with transaction():
            back = keep_form(current_user, form_page(request), posted_fields(request), at=now())
        return redirect(back)
    if request.endpoint == "signin.sign_in":
        return _login_page(LoginForm(formdata=MultiDict({"email": request.form.get("email", "")})), again=True), 400
    if request.endpoint in {"signin.send_reset", "signin.use_link"}:
        return redirect(request.path if form_page(request) == request.path else url_for(".login"))
    return _login_page(
        LoginForm(formdata=None), kept=pack(posted_fields(request)), kept_path=form_page(request), again=True
    ), 401


def _login_page(
    form: LoginForm,
    *,
    refusal: Refusal | None = None,
    kept: str | None = None,
    kept_path: str | None = None,
    again: bool = False,
) -> str:
    kept = request.form.get("kept", "") if kept is None else kept
    kept_text, kept_files = what_is_kept(unpack(kept))
    return render_template(
        "signin/login.html",
        form=form,
        refusal=refusal,
        next=safe_path(request.values.get("next", "")),
        kept=kept,
        kept_text=kept_text,
        kept_files=kept_files,
        kept_path=kept_path if kept_path is not None else request.form.get("kept_path", ""),
        again=again,
    )


def _password_page(form: ChangePasswordForm) -> str:
    sign_ins = list_sign_ins(current_user, idle=current_config().idle_limit, now=now())
    return render_template("signin/password.html", form=form, sign_ins=sign_ins, own=_own_sign_in())


def _link(purpose: str, token: str) -> Any:
    if purpose not in actions.LINK_LIFETIMES:
        abort(404)
    return find_link(token, purpose, now())


def _link_gone() -> tuple[str, int]:
    return render_template("signin/link_gone.html", sentence=Refusal(SignInReason.LINK_GONE).sentence), 410
