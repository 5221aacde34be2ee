"""The form with every text of a question; its fields are made of what the question has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import HiddenField, TextAreaField
from wtforms.validators import ValidationError

from assessments.items.interactions.wordings import Markup, Wording
from assessments.items.models import ItemVersion
from assessments.items.rules import MAX_TEXT, list_wordings, refuse_wordings
from assessments.wording.rules import has_invisible, tidy, typed_texts, without_invisible
from lms.forms import Form
from lms.frame.filters import number, say

PREFIX = "text-"


class WordingForm(Form):
    """The texts of a question, one field each, and in ``seen`` the number of the version that the page was filled from."""

    version: ClassVar[ItemVersion]
    wordings: ClassVar[list[Wording]]
    seen = HiddenField()

    def typed(self) -> dict[str, str]:
        """Return the texts that were sent, by name."""
        fields = {one.name: self[PREFIX + one.name] for one in self.wordings}
        return {name: field.data or "" for name, field in fields.items() if field.raw_data}

    def fill_again(self, seen: Mapping[str, str]) -> None:
        """Show what stands now, except where something else was typed than the page had shown."""
        for one in self.wordings:
            field = self[PREFIX + one.name]
            if tidy(field.data or "") == tidy(seen.get(one.name, field.data or "")):
                field.data, field.raw_data = one.text, None
        self.seen.data = str(self.version.number)

    def fill_anew(self) -> None:
        """Show what stands now in every field."""
        for one in self.wordings:
            field = self[PREFIX + one.name]
            field.data, field.raw_data = one.text, None
        self.seen.data = str(self.version.number)

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether all texts can be taken; each field says why not."""
        good: bool = super().validate(extra_validators)
        texts = typed_texts(self.wordings, self.typed())
        for name, refused in refuse_wordings(self.version.type, self.version.definition, texts).items():
            field = self[PREFIX + name]
            if not field.errors:
                field.errors = [say(refused)]
                good = False
        return good


def form_for(version: ItemVersion, texts: Mapping[str, str]) -> WordingForm:
    """Return the form for a version of a question, filled with these texts as long as nothing was sent."""
    wordings = list_wordings(version.type, version.definition)
    fields: dict[str, Any] = {PREFIX + one.name: _field(one) for one in wordings}
    made = type("WordingForm", (WordingForm,), {"version": version, "wordings": wordings} | fields)
    shown = {PREFIX + name: text for name, text in texts.items()}
    form: WordingForm = made(data={**shown, "seen": str(version.number)})
    return form


def _field(wording: Wording) -> Any:
    lines = wording.text.count("\n") + len(wording.text) // 70 + 1
    rows = min(14, max(4 if wording.texts.markup is Markup.BLOCK else 2, lines + 1))
    # A question that came without an explanation may go on without; one that has one keeps one, as an archive needs it.
    required = not wording.texts.optional or (wording.name == "explanation" and bool(wording.text))
    check = _Text(wording, required=required)
    return TextAreaField(say(wording.label), [check], render_kw={"rows": rows}, description=_hint(wording))


class _Text:
    """Refuse a changed text that is missing, too long, or has characters that nobody sees: those are taken out."""

    def __init__(self, wording: Wording, *, required: bool) -> None:
        self.wording, self.required = wording, required
        self.field_flags = {} if required else {"optional": True}

    def __call__(self, form: Form, field: Any) -> None:
        text = tidy(field.data or "")
        if not field.raw_data or text == tidy(self.wording.text):
            return
        if has_invisible(text):
            field.data = without_invisible(field.data)
            raise ValidationError(
                _("There were control characters in this text, which nobody sees. They are taken out; please save again.")
            )
        if self.required and not text:
            raise ValidationError(_("Please write a text here. It cannot be left out."))
        if len(text) > MAX_TEXT:
            raise ValidationError(
                _(
                    "This text has %(length)s characters. At most %(most)s are possible.",
                    length=number(len(text)),
                    most=number(MAX_TEXT),
                )
            )


def _hint(wording: Wording) -> str:
    said = [_("A right answer.")] if wording.is_right else []
    if wording.texts.markup is Markup.BLOCK:
        said.append(_("With Markdown: **bold**, *emphasised*, lists, links."))
    elif wording.texts.markup is Markup.PLAIN:
        said.append(_("Shown as it is typed, without Markdown."))
    return " ".join(said)
