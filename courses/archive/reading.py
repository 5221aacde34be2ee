"""Take the files out of a folder or a ZIP, and trust neither."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path, PurePosixPath

from courses.activity_kinds import ArchiveError
from lms.sentences import N_, Sentence, sentence

MEGABYTE = 1024 * 1024
MAX_FILES = 2000
MAX_TEXT_BYTES = MEGABYTE
MAX_MEDIA_BYTES = 20 * MEGABYTE
MAX_TOTAL_BYTES = 200 * MEGABYTE
#: Text packs to a tenth; what packs to a hundredth and is large was made to fill a disk.
MAX_RATIO = 100
RATIO_FROM_BYTES = 64 * 1024
MAX_PATH = 300
#: What the library says to a ZIP, or to a file in it, that cannot be read.
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)

NAME = r"[a-z0-9][a-z0-9-]*"
MEDIA = re.compile(rf"media/{NAME}\.(svg|png|jpg|webp|pdf|odt|docx)")
#: Every path that an archive may have.
KNOWN = re.compile(
    rf"course\.toml|glossary\.yaml|(assignments|live|pages)/{NAME}\.md|surveys/{NAME}\.yaml|{MEDIA.pattern}"
    rf"|modules/\d\d-{NAME}/(module\.toml|lessons/\d\d-{NAME}\.md|questions/{NAME}\.yaml)"
)


@dataclass
class Found:
    """What was read: contents by path, and what was wrong with the reading."""

    files: dict[str, bytes] = field(default_factory=dict)
    errors: list[ArchiveError] = field(default_factory=list)

    def refuse(self, path: str, text: Sentence, quoted: str = "") -> None:
        """Note an error about a whole file; ``quoted`` is what a library said to it."""
        self.errors.append(ArchiveError(path, None, text, quoted))


def read_archive(path: Path) -> Found:
    """Return the files of a folder or ZIP under their paths; anything suspicious is an error, and is not read."""
    found = Found()
    if path.is_dir():
        _read_folder(path, found)
    elif path.is_file():
        return read_uploaded(path, path.name)
    else:
        found.refuse(path.name, sentence(N_("There is no such file or folder.")))
    _check_names(found)
    return found


def read_uploaded(path: Path | str, name: str) -> Found:
    """Return the files of a ZIP that was called ``name`` where it came from; anything suspicious is an error."""
    found = Found()
    try:
        with zipfile.ZipFile(path) as archive:
            _read_zip(archive, name, found)
    except _DAMAGED as error:
        found.refuse(name, sentence(N_("This is not a ZIP archive that can be read.")), str(error))
    _check_names(found)
    return found


def _read_folder(root: Path, found: Found) -> None:
    total = 0
    for count, file in enumerate(sorted(root.rglob("*")), start=1):
        name = file.relative_to(root).as_posix()
        if count > MAX_FILES * 2:
            found.files.clear()  # what is missing in them would be said without need
            found.refuse(root.resolve().name, _too_many())
            return
        if file.is_symlink():
            found.refuse(name, sentence(N_("This is a symbolic link. An archive holds files only.")))
        elif file.is_dir():
            continue
        elif not file.is_file():
            found.refuse(name, sentence(N_("This is neither a file nor a folder.")))
        elif _acceptable(name, file.stat().st_size, total, found):
            total += file.stat().st_size
            found.files[name] = file.read_bytes()


def _read_zip(archive: zipfile.ZipFile, called: str, found: Found) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_FILES * 2:
        found.refuse(called, _too_many())
        return
    top = _top_folder([entry.filename for entry in entries])
    total = 0
    for entry in entries:
        name = entry.filename.removeprefix(top)
        mode = entry.external_attr >> 16
        if problem := _unsafe(entry.filename):
            found.refuse(name, sentence(problem))
            continue
        if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            found.refuse(name, sentence(N_("This is a symbolic link or a device. An archive holds files only.")))
            continue
        if entry.is_dir():
            continue
        if entry.flag_bits & 1:
            found.refuse(name, sentence(N_("This file is encrypted.")))
            continue
        if name in found.files:
            found.refuse(name, sentence(N_("This file is in the archive twice.")))
            continue
        if entry.file_size > RATIO_FROM_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            text = N_("This file is packed more than %(most)s times smaller than it is, which looks like a ZIP bomb.")
            found.refuse(name, sentence(text, most=MAX_RATIO))
            continue
        if not _acceptable(name, entry.file_size, total, found):
            continue
        # The size in the directory is only a claim: one byte more than claimed, and the reading stops.
        try:
            with archive.open(entry) as packed:
                content = packed.read(entry.file_size + 1)
        except _DAMAGED as error:
            found.refuse(name, sentence(N_("This file is damaged in the archive.")), str(error))
            continue
        if len(content) != entry.file_size:
            found.refuse(name, sentence(N_("This file is larger than the archive says.")))
            continue
        total += len(content)
        found.files[name] = content


def _too_many() -> Sentence:
    return sentence(N_("There are too many files; %(most)s are allowed."), most=MAX_FILES)


def _top_folder(names: list[str]) -> str:
    """The one folder that everything lies in when a folder was packed together with its name."""
    if "course.toml" in names or not names:
        return ""
    first = names[0].split("/")[0] + "/"
    return first if f"{first}course.toml" in names and all(name.startswith(first) for name in names) else ""


def _unsafe(name: str) -> str | None:
    if "\x00" in name or "\\" in name or any(unicodedata.category(letter) == "Cc" for letter in name):
        return N_("The name holds a character that names of files must not have.")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return N_("The name is absolute. Names are relative to the course's folder.")
    if ".." in PurePosixPath(name).parts:
        return N_("The name leads out of the archive.")
    return None


def _acceptable(name: str, size: int, total: int, found: Found) -> bool:
    limit = MAX_MEDIA_BYTES if name.startswith("media/") else MAX_TEXT_BYTES
    if len(found.files) >= MAX_FILES:
        found.refuse(name, _too_many())
    elif size > limit:
        text = N_("This file has %(size)s MB; %(most)s MB are allowed.")
        found.refuse(name, sentence(text, size=ceil(size / MEGABYTE * 10) / 10, most=limit // MEGABYTE))
    elif total + size > MAX_TOTAL_BYTES:
        text = N_("With this file the archive is larger than %(most)s MB.")
        found.refuse(name, sentence(text, most=MAX_TOTAL_BYTES // MEGABYTE))
    else:
        return True
    return False


def _check_names(found: Found) -> None:
    """Refuse and take out what has no place in an archive; what only has capitals is looked at under its right name."""
    folded: dict[str, str] = {}
    for name in sorted(found.files, key=lambda one: (not KNOWN.fullmatch(one), one)):
        twin = folded.setdefault(name.casefold(), name)
        if twin != name:
            text = N_("The name differs from %(twin)s only in upper and lower case.")
            found.refuse(name, sentence(text, twin=twin))
            del found.files[name]
        elif len(name) > MAX_PATH:
            found.refuse(name, sentence(N_("The name is longer than %(most)s characters."), most=MAX_PATH))
            del found.files[name]
        elif not KNOWN.fullmatch(name):
            content = found.files.pop(name)
            if KNOWN.fullmatch(name.lower()):
                found.files[name.lower()] = content
                found.refuse(name, sentence(N_("The name must be in lower case: %(name)s."), name=name.lower()))
            else:
                text = N_(
                    "A course archive has no file of this name in this place. Please rename it, move it or take it out. There "
                    "are: course.toml, glossary.yaml, assignments/NAME.md, live/NAME.md, pages/NAME.md, surveys/NAME.yaml, "
                    "modules/01-NAME/module.toml, modules/01-NAME/lessons/01-NAME.md, modules/01-NAME/questions/NAME.yaml, and "
                    "pictures and documents as media/NAME.png, .svg, .jpg, .webp, .pdf, .odt or .docx. A NAME has small letters "
                    "from a to z, digits and dashes."
                )
                found.refuse(name, sentence(text))
