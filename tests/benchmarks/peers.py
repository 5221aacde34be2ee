"""The same certificate by others: two pages, five fonts, emblem, ornament, two signatures, QR code and module table."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
import typst
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from certificates.documents.rendering import LAYOUTS
from certificates.documents.words import document_words
from lms.printing.qr import qr_code
from lms.printing.rendering import FONTS

INK, BLUE = "#16192b", "#1d2d5c"
MODULE_MM = 21 / 41
TYPST = """
#let it = json(bytes(sys.inputs.at("facts")))
#let words = it.words
#set document(title: words.title + " " + it.serial + " – " + it.name, author: it.issuer,
  date: datetime(year: 2026, month: 6, day: 1))
#set page(paper: "a4", margin: (x: 30mm, top: 25mm, bottom: 19mm))
#set text(font: ("Fira Sans", "Source Serif 4"), size: 10.5pt, lang: it.language, fill: rgb("#16192b"))
#let serif(size, weight: "regular", body) = text(font: "Source Serif 4", size: size, weight: weight, body)
#set align(center)
#image("emblem.svg", width: 27mm, alt: words.emblem)
#strong(it.issuer)
#heading(level: 1, serif(40pt, words.title))
#words.to

#serif(27pt, weight: "bold", it.name)

#it.municipality

#serif(12.5pt)[#words.has \\ #serif(19pt, weight: "bold", it.course) \\ #words.when]

#words.scope_before *#words.scope* #words.scope_after

#image("ornament.svg", width: 100%, height: 18mm, alt: words.ornament)
#set align(left)
#words.given
#v(14mm)
#grid(columns: (1fr, 1fr), gutter: 12mm, ..it.signatories.map(one => [*#one.name* \\ #one.function]))
#grid(columns: (21mm, 1fr), gutter: 5mm, image(bytes(sys.inputs.at("qr")), format: "svg", width: 21mm, alt: words.qr),
  [*#words.number #it.serial · #words.code #it.code* \\ #words.check \\ #link(it.verify_url)])
#pagebreak()
#heading(level: 2, words.content)
#it.course · #it.cohort · #it.name
#table(columns: (9mm, 1fr, 28mm, 28mm), stroke: none,
  table.header(words.no, words.module, words.live, words.self_study),
  ..it.modules.enumerate().map(((n, one)) => ([#(n + 1)], one.title, [#one.live_ue UE], [#one.self_study_ue UE])).flatten())
#words.ue
#heading(level: 3, words.attendance_title)
#words.attendance
#heading(level: 3, words.criteria_title)
#list(..it.criteria.map(one => one.title + ": " + one.text))
#heading(level: 3, words.verify_title)
#words.verify #link(it.verify_url)

#words.seal
"""


class Typst:
    """Typst with its compiler reused: PDF/A-3a, tagged, not sealed."""

    def __init__(self, folder: Path) -> None:
        """Write the template and its pictures into a folder."""
        (folder / "certificate.typ").write_text(TYPST)
        for name in ("emblem.svg", "ornament.svg"):
            (folder / name).write_bytes((LAYOUTS / "formal" / name).read_bytes())
        self._compiler = typst.Compiler(
            folder / "certificate.typ", root=folder, font_paths=[FONTS], ignore_system_fonts=True
        )

    def render(self, facts: Mapping[str, Any]) -> bytes:
        """Return a certificate."""
        told = json.dumps({**facts, "words": document_words(dict(facts))})
        inputs = {"facts": told, "qr": qr_code(facts["verify_url"]).decode()}
        content = self._compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["a-3a"])
        assert isinstance(content, bytes)
        return content


class ReportLab:
    """ReportLab's canvas: neither tagged nor PDF/A, not sealed; its emblem and ornament are simple lines."""

    def __init__(self) -> None:
        """Register the print fonts."""
        for name in ("serif-regular", "serif-bold", "serif-italic", "sans-regular", "sans-medium"):
            pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))

    def render(self, facts: Mapping[str, Any]) -> bytes:
        """Return a certificate."""
        out, words = io.BytesIO(), document_words(dict(facts))
        canvas = Canvas(out, pagesize=A4, invariant=True, lang=facts["language"])
        canvas.setTitle(f"{words['title']} {facts['serial']} – {facts['name']}")
        self._front(canvas, facts, words)
        canvas.showPage()
        self._back(canvas, facts, words)
        canvas.save()
        return out.getvalue()

    def _front(self, canvas: Canvas, facts: Mapping[str, Any], words: Mapping[str, str]) -> None:
        width, height = A4
        canvas.setStrokeColor(HexColor(BLUE))
        canvas.rect(11 * mm, 11 * mm, width - 22 * mm, height - 22 * mm)
        canvas.circle(width / 2, height - 38 * mm, 13 * mm)
        for step in range(6):
            canvas.bezier(30 * mm, 90 * mm + step, 80 * mm, 96 * mm, 130 * mm, 84 * mm, 180 * mm, 90 * mm + step)
        canvas.setFillColor(HexColor(INK))
        scope = f"{words['scope_before']} {words['scope']} {words['scope_after']}"
        for y, font, size, text in (
            (240, "sans-medium", 10.5, facts["issuer"]), (220, "serif-regular", 40, words["title"]),
            (208, "sans-regular", 10.5, words["to"]), (194, "serif-bold", 27, facts["name"]),
            (186, "sans-regular", 10.5, facts["municipality"]), (174, "serif-italic", 12.5, words["has"]),
            (162, "serif-bold", 19, facts["course"]), (152, "serif-regular", 12.5, words["when"]),
            (140, "sans-regular", 10.5, scope),
        ):  # fmt: skip
            canvas.setFont(font, size)
            canvas.drawCentredString(width / 2, y * mm, text)
        canvas.setFont("sans-regular", 9)
        canvas.drawString(30 * mm, 80 * mm, words["given"])
        for number, one in enumerate(facts["signatories"]):
            canvas.line((30 + number * 81) * mm, 64 * mm, (99 + number * 81) * mm, 64 * mm)
            canvas.drawString((30 + number * 81) * mm, 60 * mm, f"{one['name']}, {one['function']}")
        self._code(canvas, facts["verify_url"])
        canvas.drawString(56 * mm, 38 * mm, f"{words['number']} {facts['serial']} · {words['code']} {facts['code']}")
        canvas.drawString(56 * mm, 33 * mm, words["check"])
        canvas.drawString(56 * mm, 28 * mm, facts["verify_url"])
        canvas.linkURL(facts["verify_url"], (56 * mm, 27 * mm, 180 * mm, 31 * mm))

    def _code(self, canvas: Canvas, address: str) -> None:
        path = canvas.beginPath()
        for y, row in enumerate(segno.make(address, error="q", boost_error=False, micro=False, mask=2).matrix):
            for x, dark in enumerate(row):
                if dark:
                    path.rect((30 + x * MODULE_MM) * mm, (42 - y * MODULE_MM) * mm, MODULE_MM * mm, MODULE_MM * mm)
        canvas.drawPath(path, stroke=0, fill=1)

    def _back(self, canvas: Canvas, facts: Mapping[str, Any], words: Mapping[str, str]) -> None:
        canvas.setFont("serif-regular", 20)
        canvas.drawString(26 * mm, 262 * mm, words["content"])
        canvas.setFont("sans-regular", 9.8)
        canvas.drawString(26 * mm, 254 * mm, f"{facts['course']} · {facts['cohort']} · {facts['name']}")
        rows = [[words["no"], words["module"], words["live"], words["self_study"]]] + [
            [str(number), one["title"], f"{one['live_ue']} UE", f"{one['self_study_ue']} UE"]
            for number, one in enumerate(facts["modules"], 1)
        ]
        table = Table(rows, [9 * mm, 93 * mm, 28 * mm, 28 * mm], style=[("FONT", (0, 0), (-1, -1), "sans-regular", 9.8)])
        table.wrapOn(canvas, 158 * mm, 200 * mm)
        table.drawOn(canvas, 26 * mm, 170 * mm)
        lines = [words["ue"], words["attendance_title"], words["attendance"], words["criteria_title"]]
        lines += [f"{one['title']}: {one['text']}" for one in facts["criteria"]]
        lines += [words["verify_title"], words["verify"], facts["verify_url"], words["seal"]]
        text = canvas.beginText(26 * mm, 150 * mm)
        text.setFont("sans-regular", 10.5)
        for line in lines:
            text.textLines([line[start : start + 85] for start in range(0, len(line), 85)])
        canvas.drawText(text)
