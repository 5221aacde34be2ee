"""Stand-alone pages from Markdown files: the operator's in the data folder, else the product's own texts."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, render_template

from lms.feedback.rules import ANSWER_WITHIN
from lms.permissions import public
from lms.preferences.choices import current_language
from lms.settings import current_config

bp = Blueprint("pages", __name__, template_folder="templates")
TEXTS = Path(__file__).parent / "texts"
NAMES = ("impressum", "datenschutz", "barrierefreiheit", "leichte-sprache")


@bp.get("/pages/<name>")
@public
def page(name: str) -> str:
    """One page; the operator replaces it by ``<data folder>/pages/<name>.<language>.md``."""
    if name not in NAMES:
        abort(404)
    title, text = _read(name, current_language())
    return render_template("pages/page.html", title=title, text=text)


def _read(name: str, language: str) -> tuple[str, str]:
    config = current_config()
    for folder in (config.data_dir / "pages", TEXTS):
        for wanted in (language, "de"):
            path = folder / f"{name}.{wanted}.md"
            if path.is_file():
                first, _, rest = path.read_text("utf-8").partition("\n")
                values = {
                    "{institution}": config.institution_name,
                    "{contact}": config.contact_mail or "…",
                    "{weeks}": str(ANSWER_WITHIN.days // 7),
                }
                for key, value in values.items():
                    rest = rest.replace(key, value)
                return first.removeprefix("# ").strip(), rest
    abort(404)
