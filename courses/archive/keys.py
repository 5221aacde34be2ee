"""The keys of every kind of file in a course archive, as FORMAT.md describes them."""

from __future__ import annotations

from courses.archive.shapes import SLUG, Day, Flag, Items, Number, Table, Text

_TITLE = Text(maximum=200)
_SUMMARY = Text(maximum=2000)
_OBJECTIVES = Items(Text(maximum=300), maximum=12)

_ENGLISH = Table(
    {"title": _TITLE, "summary": _SUMMARY, "objectives": Items(Text(maximum=300), maximum=12, required=False)},
    required=False,
)

COURSE = Table(
    {
        "format": Number(1, 1),
        "slug": Text(pattern=SLUG),
        "title": _TITLE,
        "language": Text(choices=("de", "en")),
        "content_date": Day(),
        "summary": _SUMMARY,
        "objectives": _OBJECTIVES,
        "ue": Table({"live": Number(0, 1000), "self_study": Number(0, 1000), "project": Number(0, 1000)}),
        "rules": Items(
            Table(
                {
                    "kind": Text(choices=("attendance", "lessons", "quizzes", "assignments")),
                    "percent": Number(1, 100, required=False),
                    "confirmation_percent": Number(1, 100, required=False),
                }
            )
        ),
        # What else a live session or an assignment says is checked by its activity kind.
        "live_sessions": Items(
            Table(
                {
                    "id": Text(pattern=SLUG),
                    "title": _TITLE,
                    "ue": Number(1, 40),
                    "module": Text(pattern=SLUG, required=False),
                    "plan": Text(required=False),
                },
                open_keys=True,
            ),
            required=False,
        ),
        "assignments": Items(
            Table(
                {
                    "id": Text(pattern=SLUG),
                    "title": _TITLE,
                    "ue": Number(0, 200),
                    "instructions": Text(),
                    "peer_review_form": Text(required=False),
                    "template": Text(required=False),
                },
                open_keys=True,
            ),
            required=False,
        ),
        "en": _ENGLISH,
    }
)

MODULE = Table(
    {
        "title": _TITLE,
        "summary": _SUMMARY,
        "objectives": _OBJECTIVES,
        "ue": Number(0, 200),
        "quiz": Table({"title": _TITLE}, required=False, open_keys=True),
        "en": _ENGLISH,
    }
)

LESSON = Table(
    {
        "title": _TITLE,
        "minutes": Number(1, 600),
        "objectives": _OBJECTIVES,
        "sources": Items(
            Table(
                {
                    "title": Text(maximum=500),
                    "note": Text(maximum=500, required=False),
                    "url": Text(maximum=1000, pattern=r"https?://\S+", required=False),
                }
            ),
            minimum=0,
            required=False,
        ),
    }
)

PAGE = Table({"title": _TITLE})

QUESTIONS = Items(Table({"id": Text(pattern=SLUG), "type": Text(maximum=40)}, open_keys=True))

GLOSSARY = Items(Table({"id": Text(pattern=SLUG), "term": Text(maximum=100), "text": Text(maximum=1000)}), minimum=0)

SURVEY = Table(
    {
        "title": _TITLE,
        "about": Text(choices=("module", "course")),
        "questions": Items(
            Table(
                {
                    "id": Text(pattern=SLUG),
                    "type": Text(choices=("scale", "choice", "text")),
                    "prompt": Text(maximum=1000),
                    "low": Text(maximum=100, required=False),
                    "high": Text(maximum=100, required=False),
                    "options": Items(Text(maximum=300), minimum=2, required=False),
                    "required": Flag(required=False),
                }
            )
        ),
    }
)
