"""One's own account, and the list of people."""

from __future__ import annotations

from math import ceil

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms.widgets import CheckboxInput

from lms.addresses import page_number
from lms.clock import now
from lms.frame.filters import say
from lms.people import actions, queries
from lms.people.forms import ROLE_NAMES, DetailsForm, InvitationForm
from lms.people.models import Person
from lms.people.rules import OFFICE_ROLES, PersonReason, refuse_account, refuse_withdrawal
from lms.permissions import CorePermission, Role, requires
from lms.sentences import Refusal
from lms.signin.actions import make_link
from lms.signin.mail import queue_invitation_mail

bp = Blueprint("people", __name__, template_folder="templates")


@bp.get("/account")
@requires(CorePermission.KEEP_ACCOUNT)
def account() -> str:
    """What is known about oneself."""
    form = DetailsForm(obj=current_user)
    form.fill_municipalities()
    return render_template("people/account.html", form=form)


@bp.post("/account")
@requires(CorePermission.KEEP_ACCOUNT)
def save_account() -> str | Response | tuple[str, int]:
    """Change it."""
    form = DetailsForm()
    form.fill_municipalities()
    if not form.validate_on_submit():
        return render_template("people/account.html", form=form), 422
    actions.change_own_details(
        current_user,
        given_name=form.given_name.data or "",
        family_name=form.family_name.data or "",
        printed_name=form.printed_name.data or "",
        municipality_ags=form.municipality_ags.data or None,
        at=now(),
    )
    flash(_("Your details are saved."), "success")
    return redirect(url_for(".account"))


@bp.get("/people")
@requires(CorePermission.READ_PEOPLE)
def people() -> str:
    """Everybody, to search in."""
    search, page = _search() or "", page_number()
    found, total = queries.list_people(search, page)
    return render_template(
        "people/people.html",
        people=found,
        total=total,
        search=search,
        page=page,
        pages=ceil(total / queries.PAGE),
        role_names=ROLE_NAMES,
        may_manage=current_user.may(CorePermission.MANAGE_PEOPLE),
    )


@bp.get("/people/new")
@requires(CorePermission.MANAGE_PEOPLE)
def new() -> str:
    """The form for a new person."""
    return render_template("people/new.html", form=_invitation_form())


@bp.post("/people/new")
@requires(CorePermission.MANAGE_PEOPLE)
def invite() -> str | Response | tuple[str, int]:
    """Make a person and send the invitation."""
    form = _invitation_form()
    if form.validate_on_submit():
        try:
            person = actions.create_person(
                email=form.email.data or "",
                given_name=form.given_name.data or "",
                family_name=form.family_name.data or "",
                roles=tuple(Role(role) for role in form.roles.data or []),
                actor=current_user,
                at=now(),
            )
        except Refusal as refusal:
            form.email.errors = [say(refusal.sentence)]
        else:
            queue_invitation_mail(person, make_link(person, "invitation", at=now()), current_user, at=now())
            flash(_("The invitation to %(email)s is on its way.", email=person.email), "success")
            return redirect(url_for(".people"))
    return render_template("people/new.html", form=form), 422


@bp.get("/people/<int:person_id>")
@requires(CorePermission.READ_PEOPLE)
def person(person_id: int) -> str:
    """One person: roles and account, and what can be done about them."""
    found = queries.find_person_by_id(person_id) or abort(404)
    may_grant = current_user.may(CorePermission.GRANT_ROLES)
    standing = {"own": found.id == current_user.id, "other_admins": queries.count_other_admins(found)}
    refused = refuse_account(found.roles, active=not found.is_active, may_grant=may_grant, **standing)
    granted = {Role(grant.role): grant.granted_at for grant in found.role_grants}
    return render_template(
        "people/person.html",
        person=found,
        search=_search(),
        roles=[
            {
                "role": role,
                "granted_at": granted.get(role),
                "refused": _text(refuse_withdrawal(role, **standing)),
                "staff": role not in OFFICE_ROLES,
            }
            for role in ROLE_NAMES
            if may_grant or role in granted
        ],
        role_names=ROLE_NAMES,
        may_grant=may_grant,
        may_manage=current_user.may(CorePermission.MANAGE_PEOPLE),
        account_refused=_text(refused),
    )


@bp.post("/people/<int:person_id>/active")
@requires(CorePermission.MANAGE_PEOPLE)
def set_active(person_id: int) -> Response:
    """Close or open an account."""
    found = queries.find_person_by_id(person_id) or abort(404)
    actions.set_active(found, active=request.form.get("active") == "1", actor=current_user, at=now())
    name = found.full_name
    said = _("The account of %(name)s is open.", name=name) if found.is_active else None
    flash(said or _("The account of %(name)s is closed.", name=name), "success")
    return _back_to(found)


@bp.post("/people/<int:person_id>/roles/<role>/give")
@requires(CorePermission.GRANT_ROLES)
def give_role(person_id: int, role: str) -> Response:
    """Give a person a role."""
    found = queries.find_person_by_id(person_id) or abort(404)
    actions.grant_role(found, _role(role), actor=current_user, at=now())
    flash(_("The role is given."), "success")
    return _back_to(found)


@bp.post("/people/<int:person_id>/roles/<role>/take")
@requires(CorePermission.GRANT_ROLES)
def take_role(person_id: int, role: str) -> Response:
    """Take a role away."""
    found = queries.find_person_by_id(person_id) or abort(404)
    actions.withdraw_role(found, _role(role), actor=current_user, at=now())
    flash(_("The role is taken away."), "success")
    return _back_to(found)


def _role(name: str) -> Role:
    return next((one for one in Role if one.value == name), None) or abort(404)


def _text(reason: PersonReason | None) -> str:
    return reason.text if reason else ""


def _invitation_form() -> InvitationForm:
    form = InvitationForm()
    # Only an administrator makes others of the staff; the programme office invites participants.
    may_grant = current_user.may(CorePermission.GRANT_ROLES)
    allowed = [role for role in ROLE_NAMES if may_grant or role in OFFICE_ROLES]
    form.roles.choices = [(role.value, _(ROLE_NAMES[role])) for role in allowed]
    form.roles.option_widget = CheckboxInput()
    return form


def _search() -> str | None:
    """Return what was searched for in the list, which the pages of its people keep for the way back."""
    return request.args.get("q", "")[:100] or None


def _back_to(found: Person) -> Response:
    return redirect(url_for(".person", person_id=found.id, q=_search()))
