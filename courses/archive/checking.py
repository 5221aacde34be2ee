"""Check a whole archive and make a draft of it; every error is reported, not only the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from courses.activity_kinds import ArchiveError, ArchivePart, get_activity_kind
from courses.archive import keys
from courses.archive.drafts import CourseDraft, LessonDraft, ModuleDraft, archive_sha256
from courses.archive.media import Size, check_media
from courses.archive.parsing import UNREAD, Document, parse_front_matter, parse_toml, parse_yaml
from courses.archive.reading import MEDIA
from courses.archive.shapes import Shape, check_shape
from courses.archive.surveys import survey_problems
from courses.archive.texts import NO_FILE, References, check_text, render_text
from lms.sentences import N_, Sentence, sentence


def check_archive(
    files: dict[str, bytes], refused: Sequence[ArchiveError] = ()
) -> tuple[CourseDraft | None, list[ArchiveError]]:
    """Return the draft of a course, or None and everything that is wrong with the archive.

    ``refused`` is what reading the files has found. That a refused file is missing is not said besides.
    """
    checking = _Checking(files, refused)
    draft = checking.course() if files or not refused else None
    return draft, sorted(checking.errors, key=lambda error: (error.path, error.line or 0, error.plain))


class _Checking:
    """One pass over one archive: collects errors, and remembers which identifiers are taken.

    An error keeps nothing else from being checked: what does not fit is left out, and the rest is looked at.
    """

    def __init__(self, files: dict[str, bytes], refused: Sequence[ArchiveError]) -> None:
        self.files = files
        self.refused = {error.path for error in refused}
        self.errors = list(refused)
        self.taken: dict[tuple[str, str], str] = {}
        self.references = References(glossary={}, media={})
        #: What stands beside the modules, ``{name, title}`` each.
        self.pages: list[dict[str, str]] = []
        self.surveys: list[dict[str, str]] = []

    def course(self) -> CourseDraft | None:
        glossary = self._glossary()
        self.references = References(
            glossary or {}, self._media(), glossary_is_read=glossary is not None, refused=frozenset(self.refused)
        )
        document = self._document("course.toml", keys.COURSE)
        modules = self._modules()
        self._pages()
        self._surveys()
        texts = self._attached_texts()
        self._rules(document)
        live = self._live_sessions(document)
        assignments = self._assignments(document, texts)
        self._unused_plans(document, texts)
        if self.errors:
            return None
        course = document.fitting
        outline = {
            "objectives": course["objectives"],
            "rules": course["rules"],
            "live_sessions": course.get("live_sessions", []),
            "english": course.get("en"),
            "glossary": self._parsed_glossary(),
            "pages": self.pages,
            "surveys": self.surveys,
        }
        return CourseDraft(
            slug=course["slug"],
            title=course["title"],
            language=course["language"],
            content_date=course["content_date"],
            summary=course["summary"],
            ue=course["ue"],
            outline=outline,
            modules=modules,
            live_sessions=live,
            assignments=assignments,
            references=self.references,
            sha256=archive_sha256(self.files),
            files=self.files,
        )

    def _refuse(self, path: str, line: int | None, text: Sentence) -> None:
        self.errors.append(ArchiveError(path, line, text))

    def _is_refused(self, path: str) -> bool:
        """Say whether a path, or something below it or around it, was refused when the archive was read."""
        return any(f"{one}/".startswith(f"{path}/") or path.startswith(f"{one}/") for one in self.refused)

    def _document(self, path: str, shape: Shape) -> Document:
        """Parse a file and check its shape; what is wrong or missing is left out of what is ``fitting``."""
        if path in self.files:
            parse = {"toml": parse_toml, "yaml": parse_yaml, "md": parse_front_matter}[path.rsplit(".", 1)[1]]
            document = parse(path, self.files[path])
        else:
            document = Document(path)
            if not self._is_refused(path):
                document.refuse(sentence(N_("This file is missing.")))
        document.fitting = check_shape(document, document.data, shape)
        self.errors += document.errors
        return document

    def _take(self, kind: str, name: str, path: str, line: int | None) -> None:
        """Note an error when an identifier is used a second time in its course; one that does not fit is empty."""
        if not name:
            return
        first = self.taken.setdefault((kind, name), f"{path}:{line}" if line else path)
        if first not in {path, f"{path}:{line}"}:
            self._refuse(path, line, sentence(N_("“%(name)s” is already used at %(place)s."), name=name, place=first))

    def _text(self, document: Document) -> None:
        self.errors += check_text(document.path, document.body, self.references, offset=document.body_offset)
        if not document.body.strip():
            self._refuse(document.path, document.body_offset + 1, sentence(N_("There is no text.")))

    def _parsed_glossary(self) -> list[dict[str, str]]:
        if "glossary.yaml" not in self.files:
            return []
        words: list[dict[str, str]] = parse_yaml("glossary.yaml", self.files["glossary.yaml"]).data or []
        return words

    def _glossary(self) -> dict[str, str] | None:
        """Return the words with their texts; None when not all of them can be read."""
        if "glossary.yaml" not in self.files:
            return None if self._is_refused("glossary.yaml") else {}
        document = self._document("glossary.yaml", keys.GLOSSARY)
        for index, word in enumerate(document.fitting):
            self._take("glossary", word.get("id", ""), document.path, document.line((index, "id")))
        if not isinstance(document.data, list) or not all("id" in word for word in document.fitting):
            return None
        return {word["id"]: word.get("text", "") for word in document.fitting}

    def _media(self) -> dict[str, Size | None]:
        sizes = {}
        for path, content in self.files.items():
            if MEDIA.fullmatch(path):
                sizes[path], errors = check_media(path, content)
                self.errors += errors
        return sizes

    def _modules(self) -> list[ModuleDraft]:
        folders = sorted({path.split("/")[1] for path in self.files if re.match(r"modules/[^/]+/", path)})
        if not folders and not self._is_refused("modules"):
            self._refuse("modules", None, sentence(N_("The course has no modules.")))
        made = []
        for folder in folders:
            self._take("number of module", folder[:2], f"modules/{folder}", None)
            self._take("module", folder[3:], f"modules/{folder}", None)
            module = self._module(folder)
            if module is not None:
                made.append(module)
        return made

    def _module(self, folder: str) -> ModuleDraft | None:
        root = f"modules/{folder}/"
        document = self._document(root + "module.toml", keys.MODULE)
        paths = sorted(path for path in self.files if path.startswith(root + "lessons/"))
        if not paths and not self._is_refused(root + "lessons"):
            self._refuse(root + "lessons", None, sentence(N_("The module has no lessons.")))
        lessons = [lesson for path in paths if (lesson := self._lesson(path)) is not None]
        questions, whole = self._questions(root)
        module = document.fitting
        slug = folder[3:]
        quiz = None
        if "quiz" in module:
            definition = {**module["quiz"], "questions": questions}
            quiz = self._part("quiz", slug, document, ("quiz",), definition, whole=whole)
        elif questions and document.data is not UNREAD:
            self._refuse(document.path, 1, sentence(N_("There are questions, but no table [quiz].")))
        if document.errors:
            return None
        return ModuleDraft(
            slug=slug,
            title=module["title"],
            summary=module["summary"],
            objectives=module["objectives"],
            ue=module["ue"],
            english=module.get("en"),
            lessons=lessons,
            quiz=quiz,
        )

    def _lesson(self, path: str) -> LessonDraft | None:
        name = path.rsplit("/", 1)[1].removesuffix(".md")
        self._take(f"number of lesson in {path.rsplit('/', 1)[0]}", name[:2], path, None)
        self._take("lesson", name[3:], path, None)
        document = self._document(path, keys.LESSON)
        self._text(document)
        if document.errors:
            return None
        lesson = document.fitting
        return LessonDraft(
            slug=name[3:],
            title=lesson["title"],
            minutes=lesson["minutes"],
            objectives=lesson["objectives"],
            sources=lesson.get("sources") or [],
            markdown=document.body,
        )

    def _questions(self, root: str) -> tuple[list[dict[str, Any]], bool]:
        """Return a module's questions, as far as each can be read, and whether these are all."""
        made: list[dict[str, Any]] = []
        whole = not self._is_refused(root + "questions")
        for path in sorted(path for path in self.files if path.startswith(root + "questions/")):
            document = self._document(path, keys.QUESTIONS)
            whole = whole and isinstance(document.data, list)
            for index, question in enumerate(document.fitting):
                self._take("question", question.get("id", ""), path, document.line((index, "id")))
                for key in ("prompt", "explanation"):
                    if isinstance(question.get(key), str):
                        offset = (document.line((index, key)) or 1) - 1
                        self.errors += check_text(path, question[key], self.references, offset=offset, whole=False)
                made.append({**question, "__path__": path, "__line__": document.line((index,))})
        return made, whole

    def _part(
        self,
        kind: str,
        slug: str,
        document: Document,
        place: tuple[str | int, ...],
        definition: dict[str, Any],
        *,
        whole: bool = True,
    ) -> ArchivePart:
        """Make the part of an activity and have its kind check it."""
        line = document.line(place)
        lines = {at[len(place) :]: number for at, number in document.lines.items() if at[: len(place)] == place}
        part = ArchivePart(
            kind=kind,
            slug=slug,
            path=document.path,
            definition=definition,
            lines=lines,
            media=frozenset(self.references.media) | self.refused,
            whole=whole,
        )
        self._take(kind, slug, document.path, line)
        try:
            checker = get_activity_kind(kind)
        except KeyError:
            text = N_("This installation has no activities of the kind “%(kind)s”.")
            self._refuse(document.path, line, sentence(text, kind=kind))
        else:
            self.errors += checker.check(part)
        return part

    def _rules(self, document: Document) -> None:
        text = N_("“%(key)s” belongs to the rule “attendance”, and only there.")
        for index, rule in enumerate(document.fitting.get("rules", [])):
            line = document.line(("rules", index))
            if "kind" not in rule:
                continue
            given = document.data["rules"][index]
            if (rule["kind"] == "attendance") != ("percent" in given):
                self._refuse(document.path, line, sentence(text, key="percent"))
            if "confirmation_percent" in given and rule["kind"] != "attendance":
                self._refuse(document.path, line, sentence(text, key="confirmation_percent"))
            self._take("rule", rule["kind"], document.path, line)

    def _live_sessions(self, document: Document) -> list[ArchivePart]:
        modules = {path.split("/")[1][3:] for path in [*self.files, *self.refused] if re.match("modules/[^/]", path)}
        made = []
        for index, live in enumerate(document.fitting.get("live_sessions", [])):
            place = ("live_sessions", index)
            if "module" in live and live["module"] not in modules:
                line = document.line((*place, "module"))
                self._refuse(document.path, line, sentence(N_("There is no module “%(name)s”."), name=live["module"]))
            self._attached(document, (*place, "plan"), live.get("plan"), "live/")
            made.append(self._part("live_session", live.get("id", ""), document, place, live))
        return made

    def _assignments(self, document: Document, texts: dict[str, str]) -> list[ArchivePart]:
        made = []
        for index, assignment in enumerate(document.fitting.get("assignments", [])):
            place = ("assignments", index)
            instructions = assignment.get("instructions")
            self._attached(document, (*place, "instructions"), instructions, "assignments/")
            self._attached(document, (*place, "peer_review_form"), assignment.get("peer_review_form"), "assignments/")
            template = assignment.get("template")
            if template is not None and template not in {*self.references.media, *self.refused}:
                line = document.line((*place, "template"))
                self._refuse(document.path, line, sentence(NO_FILE, path=template))
            text = texts.get(instructions, "")
            html = render_text(text, "", self.references)  # made again when the version has its number
            definition = {**assignment, "instructions_markdown": text, "instructions_html": html}
            made.append(self._part("assignment", assignment.get("id", ""), document, place, definition))
        return made

    def _attached(self, document: Document, place: tuple[str | int, ...], path: str | None, folder: str) -> None:
        """Note an error when an entry names a file that is not there."""
        if path is not None and not (path.startswith(folder) and (path in self.files or self._is_refused(path))):
            text = sentence(N_("There is no file %(path)s in %(folder)s."), path=path, folder=folder)
            self._refuse(document.path, document.line(place), text)

    def _attached_texts(self) -> dict[str, str]:
        """Return the texts that stand beside course.toml, checked whether it names them or not."""
        texts = {}
        for path in sorted(self.files):
            if path.startswith(("live/", "assignments/")):
                document = parse_front_matter(path, self.files[path])
                if document.data is not None:  # front matter may be left out; what there is has to fit
                    check_shape(document, document.data, keys.PAGE)
                self.errors += document.errors
                self._text(document)
                texts[path] = document.body
        return texts

    def _unused_plans(self, document: Document, texts: dict[str, str]) -> None:
        if document.data is UNREAD:
            return
        named = {live.get("plan") for live in document.fitting.get("live_sessions", [])}
        named |= {
            assignment.get(key)
            for assignment in document.fitting.get("assignments", [])
            for key in ("instructions", "peer_review_form")
        }
        for path in texts.keys() - named:
            self._refuse(path, None, sentence(N_("Nothing in course.toml names this file.")))

    def _pages(self) -> None:
        for path in sorted(self.files):
            if path.startswith("pages/"):
                document = self._document(path, keys.PAGE)
                self._text(document)
                self.pages.append({"name": PurePosixPath(path).stem, "title": document.fitting.get("title", "")})

    def _surveys(self) -> None:
        for path in sorted(self.files):
            if not path.startswith("surveys/"):
                continue
            document = self._document(path, keys.SURVEY)
            self.errors += survey_problems(document)
            self.surveys.append({"name": PurePosixPath(path).stem, "title": document.fitting.get("title", "")})
