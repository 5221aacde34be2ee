"""The texts that stand beside a course's lessons: pages, plans of live sessions, forms and questionnaires."""

from __future__ import annotations

from typing import Any

from courses.archive.parsing import parse_front_matter, parse_yaml
from courses.archive.texts import References, render_text
from courses.content.access import get_file
from courses.content.models import CourseVersion
from lms.files.queries import get_content


def read_document(version: CourseVersion, path: str) -> tuple[str, str]:
    """Return title and HTML of a Markdown file; the title is empty where it has no front matter. Raises NotFound."""
    text = get_content(get_file(version.id, path).sha256)
    references = References({word["id"]: word["text"] for word in version.outline.get("glossary", [])}, {})
    if not text.startswith(b"---"):
        return "", render_text(text.decode(), f"/content/{version.id}", references)
    document = parse_front_matter(path, text)
    return document.data["title"], render_text(document.body, f"/content/{version.id}", references)


def read_survey(version: CourseVersion, path: str) -> dict[str, Any]:
    """Return a questionnaire as the archive format describes it. Raises NotFound."""
    survey: dict[str, Any] = parse_yaml(path, get_content(get_file(version.id, path).sha256)).data
    return survey
