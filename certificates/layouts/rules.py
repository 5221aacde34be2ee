"""What a layout has to be, and what a document needs to be printed with one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from certificates.layouts.samples import VARIANTS
from lms.printing.faults import PdfFault
from lms.printing.isolation import LayoutFault
from lms.printing.layouts import METADATA, STYLE, TEMPLATE
from lms.printing.references import Reference, list_foreign
from lms.printing.rendering import print_fonts
from lms.sentences import N_, Reason, Refusal, Sentence, sentence

MOST_FILES, MOST_FILE_BYTES, MOST_BYTES = 40, 2 * 1024 * 1024, 6 * 1024 * 1024
ENDINGS = frozenset({".html", ".css", ".toml", ".svg", ".png", ".jpg", ".jpeg", ".ttf", ".otf", ".txt", ".md"})
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}){0,3}")

#: The facts of a snapshot that a layout can demand, as people call them.
FIELDS = {
    "name": N_("Name"),
    "municipality": N_("Municipality"),
    "course": N_("Course"),
    "cohort": N_("Cohort"),
    "begin_date": N_("Begin"),
    "end_date": N_("End"),
    "ue": N_("Scope in UE"),
    "modules": N_("Modules"),
    "criteria": N_("Requirements met"),
    "attendance_percent": N_("Attendance required"),
    "issuer": N_("Institution"),
    "signatories": N_("Signatures"),
    "place": N_("Place"),
    "issue_date": N_("Date of issue"),
    "valid_until_date": N_("Valid until"),
    "serial": N_("Number"),
    "code": N_("Code"),
    "verify_url": N_("Link to verify"),
}
#: What every document must show, whatever it looks like: without these nobody can verify it.
ALWAYS = ("name", "course", "serial", "verify_url", "issuer", "issue_date")


class LayoutReason(Reason):
    """Why a layout is not taken."""

    NO_ZIP = "no_zip", N_("This is not a ZIP file that can be read. Please pack the layout's folder again.")
    ENCRYPTED = "encrypted", N_("The ZIP file has a password. Please pack it without one.")
    TOO_MANY = "too_many", N_("The layout has more than %(most)s files.")
    TOO_LARGE = "too_large", N_("%(name)s is too large; a file may have 2 MB and a layout 6 MB, unpacked.")
    BAD_NAME = (
        "bad_name",
        N_("The file name “%(name)s” is not possible. Names have letters from a to z, digits, dots, dashes and no blanks."),
    )
    BAD_ENDING = "bad_ending", N_("%(name)s is of a kind that layouts do not use.")
    TWICE = "twice", N_("%(name)s is in the ZIP file twice.")
    MISSING = "missing", N_("%(name)s is missing.")
    BAD_TEXT = "bad_text", N_("%(name)s is not a text in UTF-8.")
    BAD_METADATA = "bad_metadata", N_("metadata.toml has a mistake: %(detail)s")
    FOREIGN = (
        "foreign",
        N_(
            "The layout loads what is not among its own files. %(what)s Please put each file into the folder and name it as it "
            "is called there; print fonts are named like font:serif-regular.ttf."
        ),
    )
    OVERTAKEN = (
        "overtaken",
        N_(
            "Somebody else has chosen layouts meanwhile. %(what)s What you have chosen still stands here. If it shall hold, "
            "please save again."
        ),
    )
    SHIPPED = "shipped", N_("This layout comes along with the product and is changed by its updates only.")
    WITHDRAWN = "withdrawn", N_("This layout has been withdrawn.")
    SAME = "same", N_("This is the same layout as its newest version; there is nothing to add.")


#: What can be chosen on a cohort's page, by the name of its field.
PLACES = {
    "cohort_certificate": N_("Certificate, in this cohort"),
    "cohort_attendance": N_("Confirmation of attendance, in this cohort"),
    "course_certificate": N_("Certificate, in the whole course"),
    "course_attendance": N_("Confirmation of attendance, in the whole course"),
}


def overtaken_refusal(
    wanted: Mapping[str, str], standing: Mapping[str, str], seen: Mapping[str, str], titles: Mapping[str, str]
) -> Refusal | None:
    """Return what is said to somebody whose page showed other choices than stand now, or None: nothing of theirs is lost.

    Choices are slugs by place, empty: none of its own. Who wants what stands already takes nothing back.
    """
    changed = [place for place in PLACES if standing.get(place, "") != seen.get(place, "")]
    if all(wanted.get(place, "") == standing.get(place, "") for place in PLACES) or not changed:
        return None
    what = [
        sentence(
            N_("%(place)s: %(layout)s."),
            place=sentence(PLACES[place]),
            layout=titles.get(standing.get(place, "")) or sentence(N_("none of its own")),
        )
        for place in changed
    ]
    return Refusal(LayoutReason.OVERTAKEN, what=what)


@dataclass(frozen=True)
class Metadata:
    """What ``metadata.toml`` says."""

    title: str
    description: str
    fields: list[str]


def read_metadata(content: bytes) -> Metadata:
    """Return what a layout says about itself. Raises Refusal."""
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refusal(LayoutReason.BAD_TEXT, name=METADATA) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refusal(LayoutReason.BAD_METADATA, detail=str(error)[:120]) from None
    title, description, fields = data.get("title"), data.get("description", ""), data.get("fields", [])
    if not isinstance(title, str) or not 1 <= len(title.strip()) <= 80:
        raise Refusal(LayoutReason.BAD_METADATA, detail="title")
    if not isinstance(description, str) or len(description) > 500:
        raise Refusal(LayoutReason.BAD_METADATA, detail="description")
    if not isinstance(fields, list) or not all(isinstance(one, str) and one in FIELDS for one in fields):
        raise Refusal(LayoutReason.BAD_METADATA, detail="fields")
    return Metadata(title.strip(), description.strip(), list(dict.fromkeys([*ALWAYS, *fields])))


def check_files(files: Mapping[str, bytes]) -> Metadata:
    """Return what a layout says about itself when its files are all there, texts are texts, and nothing else is loaded.

    Raises Refusal.
    """
    for name in (TEMPLATE, STYLE, METADATA):
        if name not in files:
            raise Refusal(LayoutReason.MISSING, name=name)
    for name in (TEMPLATE, STYLE):
        try:
            files[name].decode("utf-8")
        except UnicodeDecodeError:
            raise Refusal(LayoutReason.BAD_TEXT, name=name) from None
    foreign = list_foreign(files, fonts=print_fonts(), given=GIVEN)
    if foreign:
        raise Refusal(LayoutReason.FOREIGN, what=_places(foreign))
    return read_metadata(files[METADATA])


#: What every document brings along.
GIVEN = ("qr.svg",)
#: So many places are named: the rest is probably the same mistake.
MOST_PLACES = 5


def _places(found: Sequence[Reference]) -> list[Sentence]:
    said = [
        sentence(
            N_("%(name)s, line %(line)s: “%(address)s”."),
            name=one.file,
            line=one.line,
            address=one.address if len(one.address) <= 80 else f"{one.address[:79]}…",
        )
        for one in found[:MOST_PLACES]
    ]
    more = len(found) - len(said)
    if more:
        said.append(sentence(N_("There is one more such place."), N_("There are %(n)s more such places."), n=more))
    return said


#: How Jinja says that a template prints something of a fact that is not there.
ABSENT = re.compile(r"has no (element|attribute)|None\b|NoneType|has no first item|has no last item|sequence was empty")


def fault_sentence(code: str, detail: str, sample: str = "") -> Sentence:
    """Return what is said about a fault of a layout, and which sample (of VARIANTS) it came out with, if it is not all."""
    said = _fault_sentence(code, detail)
    if sample not in VARIANTS:
        return said
    return sentence(N_("%(fault)s It comes out with %(sample)s."), fault=said, sample=sentence(VARIANTS[sample]))


def _fault_sentence(code: str, detail: str) -> Sentence:
    if code == LayoutFault.TEMPLATE.value and ABSENT.search(detail):
        return sentence(
            N_("template.html prints something without asking first whether the document has it (%(detail)s)."), detail=detail
        )
    for kind in (LayoutFault, PdfFault):
        if code in set(kind):
            return sentence(kind(code).text, detail=detail)
    return sentence(LayoutFault.BROKEN.text, detail=detail or code)


def lacking(facts: Mapping[str, Any], fields: Iterable[str], unprintable: str) -> list[Sentence]:
    """Return what keeps a document from being printed: empty facts, and letters of the texts that no print font has."""
    found = [sentence(N_("%(field)s is missing."), field=sentence(FIELDS[one])) for one in fields if not _there(facts, one)]
    if unprintable:
        found.append(sentence(N_("These letters cannot be printed: %(letters)s"), letters=" ".join(unprintable)))
    return found


def printed_text(facts: Mapping[str, Any]) -> str:
    """Return every text of a snapshot that is printed, one after the other."""
    return " ".join(_texts(facts.values()))


def _there(facts: Mapping[str, Any], field: str) -> bool:
    value = facts.get(field)
    if field == "ue":
        return isinstance(value, Mapping) and bool(value.get("total"))
    if field == "signatories":
        return isinstance(value, Sequence) and any(str(one.get("name", "")).strip() for one in value)
    return bool(value.strip() if isinstance(value, str) else value)


def _texts(values: Collection[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _texts(value.values())
        elif isinstance(value, Sequence):
            yield from _texts(value)
