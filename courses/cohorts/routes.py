"""Cohorts: to set up, to fill and to see at a glance."""

from __future__ import annotations

from itertools import chain

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from courses.cohorts.access import cohort_for, enrolment_in_charge, list_cohorts_for
from courses.cohorts.actions import (
    change_cohort,
    complete_cohort,
    completion_refusal,
    create_cohort,
    fixed_reason,
    reopen_cohort,
    withdraw_enrolment,
)
from courses.cohorts.details import details_of, pack, unpack
from courses.cohorts.forms import CohortEditForm, CohortForm, EnrolForm, given
from courses.cohorts.people import enrol_by_email
from courses.cohorts.queries import (
    count_enrolled,
    list_newest_versions,
    list_trainers,
    unmarked_sessions,
)
from courses.cohorts.rules import CohortReason
from courses.cohorts.views import list_changes, list_rows
from courses.events import CohortPagesAsked, TasksAsked
from courses.permissions import CoursePermission
from courses.progress.outline import STATE_WORDS
from courses.progress.queries import standings_of_cohort
from courses.schedule.actions import plan_proposed_sessions
from courses.schedule.queries import sessions_of_cohorts
from lms.clock import now
from lms.events import publish
from lms.frame.filters import say
from lms.people.queries import list_municipalities
from lms.permissions import requires
from lms.sentences import Refusal, Sentence
from lms.settings import current_config

bp = Blueprint("cohorts", __name__, template_folder="templates")


@bp.get("/cohorts")
@requires(CoursePermission.READ_COHORT)
def list_cohorts() -> str:
    """The cohorts that the person is in charge of."""
    cohorts = list_cohorts_for(current_user, CoursePermission.READ_COHORT)
    return render_template(
        "cohorts/list_cohorts.html",
        cohorts=cohorts,
        enrolled=count_enrolled([one.id for one in cohorts]),
        may_manage=current_user.may(CoursePermission.MANAGE_COHORT),
        may_import=current_user.may(CoursePermission.MANAGE_COURSE),
    )


@bp.route("/cohorts/new", methods=["GET", "POST"])
@requires(CoursePermission.MANAGE_COHORT)
def new_cohort() -> str | Response:
    """Make a cohort."""
    versions = {version.id: version for version in list_newest_versions()}
    trainers = {person.id: person for person in list_trainers()}
    form = CohortForm()
    form.version.choices = [
        (one.id, _("%(title)s, version %(number)s", title=one.title, number=one.number)) for one in versions.values()
    ]
    form.trainers.choices = [(person.id, person.full_name) for person in trainers.values()]
    if form.validate_on_submit():
        at = now()
        try:
            made = create_cohort(
                versions[form.version.data],
                slug=given(form.slug.data),
                title=given(form.title.data),
                begin_date=given(form.begin_date.data),
                end_date=given(form.end_date.data),
                seats=given(form.seats.data),
                zone=current_config().zone,
                trainers=[trainers[person_id] for person_id in form.trainers.data or []],
                actor=current_user,
                at=at,
            )
        except Refusal as refused:  # refused before anything was written
            form.form_errors.append(say(refused.sentence))
        else:
            if form.plan_sessions.data:
                plan_proposed_sessions(made, actor=current_user, at=at)
            return redirect(url_for(".cohort", cohort_id=made.id))
    return render_template("cohorts/new_cohort.html", form=form, versions=versions)


@bp.get("/cohorts/<int:cohort_id>")
@requires(CoursePermission.READ_COHORT)
def cohort(cohort_id: int) -> str:
    """A cohort at a glance: who needs me, and where everybody is."""
    at = now()
    found = cohort_for(current_user, cohort_id, CoursePermission.READ_COHORT)
    standings = standings_of_cohort(found)
    tasks = list(chain.from_iterable(publish(TasksAsked(person=current_user, cohorts=[found], at=at))))
    return render_template(
        "cohorts/cohort.html",
        cohort=found,
        rows=list_rows(standings, at),
        sessions=sessions_of_cohorts([found.id])[found.id],
        unmarked=unmarked_sessions([found], at)[found.id],
        tasks=tasks,
        pages=list(chain.from_iterable(publish(CohortPagesAsked(person=current_user, cohort=found)))),
        words=STATE_WORDS,
        now=at,
        trainers=[trainer.person.full_name for trainer in found.trainers],
        completion=completion_refusal(found, at),
        may_manage=current_user.may(CoursePermission.MANAGE_COHORT),
        may_plan=current_user.may(CoursePermission.PLAN_SESSIONS),
        may_mark=current_user.may(CoursePermission.MARK_ATTENDANCE),
    )


@bp.route("/cohorts/<int:cohort_id>/edit", methods=["GET", "POST"])
@requires(CoursePermission.MANAGE_COHORT)
def edit_cohort(cohort_id: int) -> str | Response:
    """Change title, days, seats and trainers of a cohort."""
    found = cohort_for(current_user, cohort_id, CoursePermission.MANAGE_COHORT)
    # Who teaches it now can be kept, even without the role or with a closed account.
    people = {trainer.person_id: trainer.person for trainer in found.trainers}
    shown = details_of(found)
    form = CohortEditForm(data={**shown, "seen": pack(shown)})
    people |= {person.id: person for person in list_trainers()}
    form.trainers.choices = [(person.id, person.full_name) for person in people.values()]
    meanwhile: list[Sentence] = []
    if form.validate_on_submit():
        details, seen = form.details(), unpack(form.seen.data or "")
        details["trainers"] = [people[person_id] for person_id in details["trainers"]]
        try:
            change_cohort(found, **details, seen=seen, actor=current_user, at=now())
        except Refusal as refused:  # refused before anything was written
            form.form_errors.append(say(refused.sentence))
            if refused.reason is CohortReason.OVERTAKEN:
                form.fill_again(details_of(found))
                meanwhile = list_changes(found, seen, {person.id: person.full_name for person in people.values()})
        else:
            flash(_("The cohort is changed."), "success")
            return redirect(url_for(".cohort", cohort_id=found.id))
    return render_template(
        "cohorts/edit_cohort.html", cohort=found, form=form, fixed=fixed_reason(found), meanwhile=meanwhile
    )


@bp.route("/cohorts/<int:cohort_id>/enrol", methods=["GET", "POST"])
@requires(CoursePermission.MANAGE_COHORT)
def enrol(cohort_id: int) -> str | Response:
    """Enrol somebody, who gets an account and an invitation if there is none."""
    found = cohort_for(current_user, cohort_id, CoursePermission.MANAGE_COHORT)
    form = EnrolForm()
    form.municipality.choices = [("", _("none")), *((one.ags, one.name) for one in list_municipalities())]
    if form.validate_on_submit():
        try:
            enrolment = enrol_by_email(
                found,
                given(form.email.data),
                form.given_name.data or "",
                form.family_name.data or "",
                municipality_ags=form.municipality.data or None,
                actor=current_user,
                at=now(),
            )
        except Refusal as refused:
            form.form_errors.append(say(refused.sentence))
        else:
            flash(_("%(name)s is enrolled.", name=enrolment.person.full_name))
            return redirect(url_for(".cohort", cohort_id=found.id))
    return render_template("cohorts/enrol.html", cohort=found, form=form)


@bp.post("/enrolments/<int:enrolment_id>/withdraw")
@requires(CoursePermission.MANAGE_COHORT)
def withdraw(enrolment_id: int) -> Response:
    """End somebody's part in a cohort."""
    enrolment = enrolment_in_charge(current_user, enrolment_id, CoursePermission.MANAGE_COHORT)
    withdraw_enrolment(enrolment, actor=current_user, at=now())
    flash(_("%(name)s has left the cohort. Enrol the person again to undo this.", name=enrolment.person.full_name))
    return redirect(url_for(".cohort", cohort_id=enrolment.cohort_id))


@bp.post("/cohorts/<int:cohort_id>/complete")
@requires(CoursePermission.MANAGE_COHORT)
def complete(cohort_id: int) -> Response:
    """Declare the teaching finished."""
    found = cohort_for(current_user, cohort_id, CoursePermission.MANAGE_COHORT)
    complete_cohort(found, actor=current_user, at=now())
    flash(_("The teaching is finished. Results can be conferred now."))
    return redirect(url_for(".cohort", cohort_id=found.id))


@bp.post("/cohorts/<int:cohort_id>/reopen")
@requires(CoursePermission.MANAGE_COHORT)
def reopen(cohort_id: int) -> Response:
    """Open the teaching again."""
    found = cohort_for(current_user, cohort_id, CoursePermission.MANAGE_COHORT)
    reopen_cohort(found, actor=current_user, at=now())
    flash(_("The teaching is open again. Please finish it once more before you confer the supplement."))
    return redirect(url_for(".cohort", cohort_id=found.id))
