"""ZIP files of layouts: read with suspicion."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable

import pytest

from certificates.layouts.archives import read_layout, write_layout
from certificates.layouts.files import shipped_layout
from certificates.layouts.rules import LayoutReason, check_files, fault_sentence, lacking, printed_text
from certificates.layouts.samples import sample_facts
from lms.printing.letters import unprintable_letters
from lms.sentences import Refusal

GOOD = dict(shipped_layout("formal").files)


def zipped(fill: Callable[[zipfile.ZipFile], object]) -> bytes:
    """Return a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return out.getvalue()


def link(archive: zipfile.ZipFile) -> None:
    """Put a symbolic link into an archive."""
    entry = zipfile.ZipInfo("template.html")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


def test_what_is_written_is_read_and_the_same_each_time() -> None:
    assert read_layout(write_layout(GOOD)) == GOOD
    assert write_layout(GOOD) == write_layout(dict(reversed(GOOD.items())))


def test_a_folder_around_the_files_and_litter_are_taken_off() -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        for name, content in GOOD.items():
            archive.writestr(f"Meine Vorlage/{name}", content)
        archive.writestr("__MACOSX/._x", b"x")
        archive.writestr("Meine Vorlage/.DS_Store", b"x")

    assert read_layout(zipped(fill)) == GOOD


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (lambda z: z.writestr("../template.html", "x"), LayoutReason.BAD_NAME),
        (lambda z: (z.writestr("template.html", "x"), z.writestr("../../x.css", "x")), LayoutReason.BAD_NAME),
        (lambda z: (z.writestr("template.html", "x"), z.writestr("/etc/x.css", "x")), LayoutReason.BAD_NAME),
        (lambda z: (z.writestr("template.html", "x"), z.writestr("a\\b.css", "x")), LayoutReason.BAD_NAME),
        (link, LayoutReason.BAD_NAME),
        (lambda z: (z.writestr("template.html", "x"), z.writestr("run.py", "x")), LayoutReason.BAD_ENDING),
        (lambda z: z.writestr("template.html", bytes(50_000_000)), LayoutReason.TOO_LARGE),
        (lambda z: [z.writestr(f"{n}.svg", bytes(1_900_000)) for n in range(5)], LayoutReason.TOO_LARGE),
        (lambda z: [z.writestr(f"{n}.svg", "x") for n in range(50)], LayoutReason.TOO_MANY),
    ],
    ids=["up", "up beside", "absolute", "backslash", "link", "program", "bomb", "five bombs", "many"],
)
def test_hostile_archives_are_refused(fill: Callable[[zipfile.ZipFile], object], reason: LayoutReason) -> None:
    with pytest.raises(Refusal) as refused:
        read_layout(zipped(fill))
    assert refused.value.reason == reason


def test_what_is_no_archive_is_refused() -> None:
    good = write_layout(GOOD)
    lying = good.replace(b"PK\x01\x02", b"PK\x01\x03")
    for content in (b"", b"PK", b"%PDF-1.7", good[:-30], good[: len(good) // 2], lying):
        with pytest.raises(Refusal) as refused:
            read_layout(content)
        assert refused.value.reason == LayoutReason.NO_ZIP


@pytest.mark.parametrize("name", ["template.html", "print.css", "metadata.toml"])
def test_a_missing_file_is_named(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_files({other: content for other, content in GOOD.items() if other != name})
    assert refused.value.sentence.values == {"name": name}


@pytest.mark.parametrize(
    "text", [b"title = ", b'title = ""', b"title = 1", b'title = "x"\nfields = ["alter"]', b'title = "x"\nfields = 3', b"\xff",
             b"a=" + b"[" * 5000]
)  # fmt: skip
def test_bad_metadata_is_refused(text: bytes) -> None:
    with pytest.raises(Refusal):
        check_files({**GOOD, "metadata.toml": text})


def test_missing_facts_and_letters_are_named() -> None:
    facts = sample_facts(kind="certificate", language="de", name="محمد 😀", issuer="I", base_url="https://x.de")
    fields = check_files(GOOD).fields
    assert lacking(facts, fields, "") == []
    letters = unprintable_letters(printed_text(facts))
    assert set(letters) == set("محد😀")
    broken = {**facts, "name": " ", "signatories": [{"name": ""}], "ue": {"total": 0}, "modules": []}
    said = [str(one.values) for one in lacking(broken, fields, letters)]
    assert len(said) == 5


def test_every_fault_has_a_sentence() -> None:
    assert "%(detail)s" not in fault_sentence("time", "").text
    assert fault_sentence("foreign", "x").values == {"detail": "x"}
    assert fault_sentence("from a later release", "").text
