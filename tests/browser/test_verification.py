"""A stranger verifies: by scan, code, number, file and list; on a phone, by keyboard, without JavaScript."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import complaints
from tests.browser.conftest import Person, Site
from tests.browser.outcomes import make_outcomes, write_archive

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 700}
#: What a page has that was opened by http.
WITHOUT_ENCRYPTION = "Object.defineProperty(crypto, 'subtle', { value: undefined })"
WORDS = {
    "valid": "Gültig", "revoked": "Widerrufen", "replaced": "Ersetzt", "erased": "Nicht mehr überprüfbar", "concealed": "Gültig",
}  # fmt: skip


@pytest.fixture(scope="module")
def documents(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A document in each state: its path, number, name, code and file."""
    return site.within(make_outcomes, tmp_path_factory.mktemp("documents"))


def look(visitor: Person, name: str) -> list[str]:
    """Take a picture of the page and return what is wrong with it: too wide, or not accessible."""
    size = visitor.page.viewport_size or {"width": 0}
    visitor.take_picture(f"verify-{name}-{size['width']}")
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    return complaints(visitor) + ([f"{name}: {wide} px wide"] if wide > size["width"] else [])


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (320, "dark"), (1280, "light")])
def test_every_state_on_every_screen(person: Any, documents: dict[str, Any], width: int, scheme: str) -> None:
    visitor: Person = person(viewport={"width": width, "height": 700}, color_scheme=scheme, bypass_csp=True)
    found = []
    for state, words in WORDS.items():
        visitor.page.goto(documents[state]["path"])
        visitor.page.locator("main h1", has_text=words).wait_for()
        for details in visitor.page.locator("main details").all():
            details.evaluate("one => one.open = true")
        shown = visitor.page.locator("main").inner_text()
        assert (documents[state]["name"] in shown) is (state in {"valid", "revoked"}), state
        found += look(visitor, f"{state}-{scheme}")
    visitor.page.goto(documents["valid"]["path"] + "?lang=en")
    visitor.reads("Valid")
    found += look(visitor, f"english-{scheme}")
    assert found == []


def test_a_scan_is_one_small_request_without_a_cookie(person: Any, documents: dict[str, Any]) -> None:
    visitor: Person = person(viewport=PHONE)
    sizes: list[int] = []
    visitor.page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
    visitor.page.goto(documents["valid"]["path"], wait_until="networkidle")
    visitor.reads(documents["valid"]["name"])
    assert len(sizes) == 1
    assert sizes[0] < 8 * 1024
    assert visitor.context.cookies() == []


def test_a_replaced_document_leads_to_the_valid_one(person: Any, documents: dict[str, Any]) -> None:
    visitor: Person = person(viewport=PHONE)
    visitor.page.goto(documents["replaced"]["path"])
    visitor.press("Zum neueren Dokument")
    visitor.page.wait_for_url(f"**{documents['successor']['path']}")
    visitor.reads(documents["successor"]["name"])


def test_by_code_with_the_keyboard_alone(person: Any, documents: dict[str, Any]) -> None:
    visitor: Person = person(viewport=PHONE, bypass_csp=True)
    visitor.page.goto("/verify")
    assert look(visitor, "form") == []
    for _step in range(12):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.id") == "code":
            break
    visitor.page.keyboard.type(documents["valid"]["code"].lower().replace("-", " "))
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**{documents['valid']['path']}")
    assert visitor.context.cookies() == []


def test_by_number_and_name(person: Any, documents: dict[str, Any]) -> None:
    visitor: Person = person(viewport=PHONE, bypass_csp=True)
    visitor.page.goto("/verify")
    visitor.page.fill("#serial", documents["revoked"]["serial"])
    visitor.page.fill("#family_name", "Ganz-Anders")
    visitor.page.keyboard.press("Enter")
    visitor.reads("gehören zu keinem Dokument")
    assert look(visitor, "unknown-number") == []
    visitor.page.fill("#family_name", "")
    visitor.page.keyboard.press("Enter")
    visitor.reads("Bitte geben Sie den Nachnamen ein")
    assert visitor.page.evaluate("document.activeElement.matches('[role=alert]')"), "the summary is read first"
    assert look(visitor, "missing-name") == []
    visitor.page.fill("#family_name", documents["revoked"]["name"].split()[-1].upper())
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**{documents['revoked']['path']}")


def comes_first(visitor: Person, words: str, state: str = "Gültig") -> None:
    """Be sure that the verdict on a file is the page's only heading of the first order, and its title."""
    visitor.page.wait_for_function("words => document.querySelector('main h1:not([hidden] *)')?.textContent === words", arg=words)
    assert visitor.page.locator("main h1").all_inner_texts() == [words]
    assert visitor.page.title().startswith(f"{words} – {state}: ")


def test_a_file_is_compared_here_and_sent_only_when_asked(
    person: Any, documents: dict[str, Any], tmp_path: Path
) -> None:
    visitor: Person = person(viewport=PHONE, bypass_csp=True)
    sent: list[str] = []
    visitor.page.on("request", lambda one: sent.append(one.method) if one.method == "POST" else None)
    visitor.page.goto(documents["valid"]["path"])
    original = Path(documents["valid"]["pdf"]).read_bytes()
    edited = tmp_path / "edited.pdf"
    edited.write_bytes(original.replace(b"/Location", b"/location", 1))
    assert edited.read_bytes() != original
    visitor.page.set_input_files("#file", documents["valid"]["pdf"])
    comes_first(visitor, "Das ist die unveränderte Originaldatei")
    assert look(visitor, "file-intact") == []
    visitor.page.set_input_files("#file", edited)
    comes_first(visitor, "Das ist nicht die Originaldatei dieses Dokuments")
    assert look(visitor, "file-different") == []
    assert sent == []
    for path, words in (
        (edited, "Diese Datei wurde verändert"),
        (documents["concealed"]["pdf"], "gehört zu einem anderen Dokument"),
    ):
        visitor.page.set_input_files("#file", path)
        visitor.press("Siegel prüfen")
        visitor.reads(words)
        assert words in visitor.page.title()
        assert look(visitor, f"file-{words[:5]}") == []
    assert sent == ["POST", "POST"]
    visitor.page.set_input_files("#file", documents["valid"]["pdf"])
    comes_first(visitor, "Das ist die unveränderte Originaldatei")
    large = tmp_path / "large.pdf"
    large.write_bytes(bytes(6_000_000))
    visitor.page.set_input_files("#file", large)
    visitor.reads("Kein Dokument von uns ist so groß")


def test_without_encryption_the_page_says_what_to_do_instead(person: Any, documents: dict[str, Any]) -> None:
    visitor: Person = person(viewport=PHONE, bypass_csp=True)
    visitor.page.add_init_script(WITHOUT_ENCRYPTION)
    visitor.page.goto(documents["valid"]["path"])
    visitor.page.set_input_files("#file", documents["valid"]["pdf"])
    visitor.reads("△ Ihr Browser kann die Datei hier nicht vergleichen")
    assert visitor.page.locator("main h1:visible").all_inner_texts() == ["Gültig"]
    assert look(visitor, "file-unable") == []
    visitor.press("Siegel prüfen")
    visitor.page.locator("[data-file-state=original] h1").wait_for()


def test_an_unaltered_file_of_a_revoked_document_is_red(person: Any, documents: dict[str, Any]) -> None:
    visitor: Person = person(viewport=PHONE, bypass_csp=True)
    revoked = documents["revoked"]
    visitor.page.goto(revoked["path"])
    date = visitor.page.locator("main .verdict p:visible").inner_text().partition(" am ")[2].partition(" widerrufen")[0]
    visitor.page.set_input_files("#file", revoked["pdf"])
    comes_first(visitor, f"Unverändert, aber widerrufen am {date}", "Widerrufen")
    shown = "all => all.map(one => one.dataset.state)"
    assert visitor.page.locator(".verdict:visible, .result:visible").evaluate_all(shown) == ["revoked"] * 3
    assert look(visitor, "file-revoked") == []
    visitor.page.goto("/verify")
    for state in ("revoked", "replaced"):
        visitor.page.set_input_files("#file", documents[state]["pdf"])
        visitor.press("Datei prüfen")
        visitor.page.locator(f"[data-file-state=original][data-state={state}] h1").wait_for()
        assert look(visitor, f"file-{state}-anywhere") == []


def test_without_javascript_a_file_is_checked_by_sending_it(person: Any, documents: dict[str, Any]) -> None:
    visitor: Person = person(viewport=PHONE, java_script_enabled=False)
    visitor.page.goto("/verify")
    visitor.page.set_input_files("#file", documents["valid"]["pdf"])
    visitor.press("Datei prüfen")
    visitor.reads("Das ist die unveränderte Originaldatei")
    visitor.press("Was das Dokument besagt")
    visitor.page.wait_for_url(f"**{documents['valid']['path']}")


def test_several_at_once_with_a_receipt(person: Any, documents: dict[str, Any]) -> None:
    visitor: Person = person(viewport=PHONE, bypass_csp=True, accept_downloads=True)
    visitor.page.goto("/verify/many")
    assert look(visitor, "many") == []
    revoked = documents["revoked"]
    lines = [
        documents["valid"]["code"],
        f"{revoked['serial']}; {revoked['name'].split()[-1]}",
        "SCM-2026-00001",
        "XXXX-XXXX-XXXX",
    ]
    visitor.page.fill("#list", "\n".join(lines))
    visitor.press("^Prüfen$")
    visitor.reads(documents["valid"]["name"])
    rows = visitor.page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.dataset.line)")
    assert rows == ["valid", "revoked", "name_missing", "unknown"]
    assert look(visitor, "many-results") == []
    with visitor.page.expect_download() as download:
        visitor.press("Beleg als PDF")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def test_the_owner_copies_the_link(site: Site, person: Any) -> None:
    owner: Person = person(bypass_csp=True, permissions=["clipboard-read", "clipboard-write"])
    owner.sign_in_as("finished_participant")
    owner.page.goto("/certificates")
    owner.press("Link kopieren")
    owner.reads("Der Link ist kopiert")
    assert "/verify/" in owner.page.evaluate("navigator.clipboard.readText()")
    with owner.page.expect_download() as download:
        owner.page.locator("summary", has_text="digitale Brieftaschen").first.click()
        owner.press("Nachweis als VC-JWT")
    assert Path(download.value.path()).read_text().count(".") == 2


def test_the_archive_checks_itself_without_the_platform(site: Site, chromium: Browser, tmp_path: Path) -> None:
    with zipfile.ZipFile(site.demo["files"]["cohort_zip"]) as archive:
        archive.extractall(tmp_path)
    page_file = tmp_path / "pruefen.html"
    context = chromium.new_context(offline=True, viewport=PHONE)  # type: ignore[arg-type]  # a size
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.get_by_text("✓ Die Signatur stimmt:").wait_for()
    pdf = next((tmp_path / "documents").iterdir())
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(pdf.read_bytes() + b"\n")
    page.set_input_files("#files", [pdf, forged])
    page.locator("[data-result=same]").wait_for()
    page.locator("[data-result=unknown]").wait_for()  # exactly one of each, or Playwright complains
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page_file.write_text(page_file.read_text("utf-8").replace("Frühjahr 2026", "Frühjahr 2027"), "utf-8")
    page.goto(page_file.as_uri())
    page.get_by_text("✗ Die Signatur stimmt nicht:").wait_for()
    page.set_input_files("#files", pdf)
    page.locator("[data-result=bad]").wait_for()
    context.close()


def test_the_archives_page_ticks_nothing_that_has_ended(
    site: Site, documents: dict[str, Any], chromium: Browser, tmp_path: Path
) -> None:
    site.within(write_archive, documents["revoked"]["serial"], tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(tmp_path)
    context = chromium.new_context(offline=True, viewport=PHONE, bypass_csp=True)  # type: ignore[arg-type]  # a size
    page = context.new_page()
    page.goto((tmp_path / "pruefen.html").as_uri())
    page.get_by_text("weil ihre Daten rechtmäßig gelöscht wurden: " + documents["erased"]["serial"]).wait_for()
    for state, mark, words in (
        ("revoked", "✗", "unverändert, aber widerrufen"),
        ("replaced", "△", "unverändert, aber ersetzt"),
    ):
        file = tmp_path / "documents" / f"{documents[state]['serial']}.pdf"
        page.set_input_files("#files", file)
        page.locator(f"[data-state={state}]", has_text=f"{mark} {file.name}: {words}").wait_for()
    page.add_init_script(WITHOUT_ENCRYPTION)
    page.reload()
    page.get_by_text("△ Dieser Browser kann auf dieser Seite nichts prüfen.").wait_for()
    page.set_input_files("#files", file)
    page.locator("[data-result=unable]", has_text="certutil").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
