"""Write an archive as a folder or a ZIP; the same files give the same ZIP, to the byte."""

from __future__ import annotations

import zipfile
from pathlib import Path

#: The earliest time that a ZIP can hold: when a file was packed is of no interest.
_TIME = (1980, 1, 1, 0, 0, 0)


def write_archive(files: dict[str, bytes], path: Path) -> None:
    """Write to a ``.zip`` or into a folder. Raises FileExistsError when something is there already."""
    if path.exists() and (path.is_file() or any(path.iterdir())):
        raise FileExistsError(path)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "x", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in sorted(files):
                entry = zipfile.ZipInfo(name, _TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o100644 << 16
                archive.writestr(entry, files[name])
        return
    for name, content in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
