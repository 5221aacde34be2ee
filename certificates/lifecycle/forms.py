"""Revoking, correcting, renewing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import new_class
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from certificates.conferral.forms import TogetherWith
from certificates.lifecycle.facts import MODULE_LABELS, correct_facts
from certificates.lifecycle.rules import MOST_MONTHS
from courses.cohorts.forms import given
from lms.forms import Form
from lms.frame.filters import say
from lms.sentences import sentence

_LINES = {"rows": 3}
MOST_UE = 1000


class AmendForm(Form):
    """What the office can do with a document on its page; which of it, the button says."""

    reason = TextAreaField(_l("Reason (internal)"), [Length(max=2000)], render_kw=_LINES)
    months = IntegerField(_l("Valid for how many months from today"), [Optional(), NumberRange(1, MOST_MONTHS)])


class RequestForm(Form):
    """What is wrong, and evidence."""

    text = TextAreaField(
        _l("What is wrong, and how should it be?"),
        [InputRequired(_l("Please say what is wrong and how it should be.")), Length(max=4000)],
        render_kw={"rows": 5},
    )
    evidence = FileField(_l("Evidence (PDF, JPEG or PNG, at most 10 MB)"), [Optional()])


class DecisionForm(Form):
    """The facts as they are to be printed, and why. Made for one document by ``decision_form``; others have other lines."""

    name = StringField(_l("Name"), [Length(max=200)])
    municipality = StringField(_l("Municipality"), [Length(max=200)])
    begin_date = DateField(_l("Begin"), [InputRequired()])
    end_date = DateField(_l("End"), [InputRequired()])
    live_attended = IntegerField(_l("UE attended in live sessions"), [InputRequired(), NumberRange(0, MOST_UE)])
    course = StringField(_l("Course"), [Length(max=200)])
    cohort = StringField(_l("Cohort"), [Length(max=200)])
    place = StringField(_l("Place"), [Length(max=80)])
    valid_until = DateField(_l("Valid until"), [Optional()])
    project = IntegerField(_l("Transfer project (UE)"), [NumberRange(0, MOST_UE)])
    #: Who issues is what the seal says, so nobody types it: it can only follow the settings.
    issuer = BooleanField("")
    reason = TextAreaField(_l("Reason for the decision (the person reads it)"), [Length(max=2000)], render_kw=_LINES)
    #: Asked only after it was said which letters cannot be printed.
    boxes = BooleanField(_l("Issue it all the same, with empty boxes in place of these letters."))
    #: How many signatures and lines of the table of modules this document has.
    signatures = 0
    lines = 0

    def corrected(self, facts: Mapping[str, Any], institution: str) -> dict[str, Any]:
        """Return the corrected facts; a document's table keeps its lines."""
        texts = {key: self[key].data or "" for key in ("course", "cohort", "place")}
        return correct_facts(
            facts,
            name=self.name.data or "",
            municipality=self.municipality.data or "",
            begin_date=given(self.begin_date.data),
            end_date=given(self.end_date.data),
            live_attended=given(self.live_attended.data),
            valid_until=self.valid_until.data,
            texts={**texts, "issuer": institution if self.issuer.data else facts["issuer"]},
            signatories=[
                {key: self[f"signature_{number}_{key}"].data or "" for key in ("name", "function")}
                for number in range(self.signatures)
            ],
            modules=[
                {**line, **{key: self[f"module_{number}_{key}"].data for key in MODULE_LABELS}}
                for number, line in enumerate(facts["modules"])
            ],
            project=self.project.data,
        )

    def in_error(self, *beginnings: str) -> bool:
        """Say whether one of the fields whose names begin so was refused."""
        return any(name and name.startswith(beginnings) for name in self.errors)


def decision_form(facts: Mapping[str, Any], institution: str) -> DecisionForm:
    """Return the form for one document's facts, filled with them; what is not posted stays as it is."""
    signatories = [*facts["signatories"], *({} for _free in range(2 - len(facts["signatories"])))]
    fields: dict[str, Any] = {"signatures": len(signatories), "lines": len(facts["modules"])}
    data: dict[str, Any] = {
        **{key: facts[key] for key in ("name", "municipality", "course", "cohort", "place")},
        "begin_date": date.fromisoformat(facts["begin_date"]),
        "end_date": date.fromisoformat(facts["end_date"]),
        "live_attended": facts["ue"]["live_attended"],
        "project": facts["ue"]["project"],
        "valid_until": date.fromisoformat(ends) if (ends := facts.get("valid_until_date")) else None,
    }
    for number, one in enumerate(signatories):
        name, function = f"signature_{number}_name", f"signature_{number}_function"
        together = TogetherWith(function, _l("Please enter the name as well, or leave the function empty."))
        fields[name] = StringField(_("Signature %(number)s: name", number=number + 1), [together, Length(max=120)])
        fields[function] = StringField(_("Signature %(number)s: function", number=number + 1), [Length(max=120)])
        data |= {name: one.get("name", ""), function: one.get("function", "")}
    for number, line in enumerate(facts["modules"]):
        for key, label in MODULE_LABELS.items():
            name, said = f"module_{number}_{key}", say(sentence(label, number=number + 1))
            fields[name] = (
                StringField(said, [DataRequired(), Length(max=200)])
                if key == "title"
                else IntegerField(said, [NumberRange(0, MOST_UE)])
            )
            data[name] = line[key]
    fields["issuer"] = BooleanField(_("Name the institution as it is called now: %(name)s", name=institution))
    form: type[DecisionForm] = new_class(
        "DocumentDecisionForm", (DecisionForm,), exec_body=lambda made: made.update(fields)
    )
    return form(data=data)
