"""Odoo 19: from $ODOO_PATH, else Debian's package, unpacked into the cache."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from pathlib import Path

import debian
from places import cache, locked, made, remove
from speech import Missing, say

# odoo-19's static files link to these; without jQuery every page answers 500.
PACKAGES = [
    "odoo-19", "libjs-jquery", "libjs-jquery-form", "libjs-underscore", "fonts-font-awesome",
    "fonts-roboto-unhinted", "fonts-inconsolata", "fonts-montserrat", "fonts-ocr-b", "fonts-glyphicons-halflings",
]
IN_PACKAGE = Path("usr/lib/python3/dist-packages")
# Of all translations, which are two thirds of the package, those that a test of ours compares texts with.
TRANSLATIONS = [f"{module}/i18n/{language}.po" for module in ("base", "mail") for language in ("de", "es", "fr")]


def odoo_path() -> Path:
    """The folder to put on Python's path to have Odoo 19; fetches it when it is not there."""
    chosen = os.environ.get("ODOO_PATH")
    if chosen:
        return _checked(Path(chosen).expanduser().absolute())
    with locked(cache() / "odoo.lock", "Another start is fetching Odoo; waiting for it ..."):
        root = cache() / "odoo-19"
        if not _is_whole(root):
            _fetch(root)
        return root / IN_PACKAGE


@contextlib.contextmanager
def fetched_beside():
    """Odoo is fetched while the block runs; what went wrong with it is raised at the block's end."""
    problems: list[Missing] = []

    def fetch() -> None:
        try:
            odoo_path()
        except Missing as missing:
            problems.append(missing)

    thread = threading.Thread(target=fetch, daemon=True)
    thread.start()
    yield
    thread.join()
    for problem in problems:
        raise problem


def version(path: Path) -> str:
    """What tells one Odoo from another, for cached databases."""
    release = path / "odoo" / "release.py"
    stat = release.stat()
    return f"{path} {stat.st_size} {stat.st_mtime_ns}"


def _checked(path: Path) -> Path:
    if path.is_file():  # .../odoo-bin
        path = path.parent
    release = path / "odoo" / "release.py"
    if not release.is_file():
        raise Missing(f"ODOO_PATH is {path}, but no Odoo is there: it must be the folder that holds odoo-bin or odoo/.")
    match = re.search(r"^version_info\s*=\s*\(\s*(?:'saas~)?(\d+)", release.read_text(encoding="utf-8"), re.MULTILINE)
    if not match or match[1] != "19":
        raise Missing(f"ODOO_PATH is {path}, which is Odoo {match[1] if match else '?'}; this module is for Odoo 19.")
    return path


def _is_whole(root: Path) -> bool:
    """Whether all is there, also what an older version of this file left packed."""
    return (root / "complete").exists() and all((root / IN_PACKAGE / "odoo" / "addons" / name).exists() for name in TRANSLATIONS)


def _fetch(root: Path) -> None:
    """Builds the whole tree beside its final place and renames it: a killed download leaves nothing half."""
    say("Odoo 19 is not here yet: fetching Debian's package odoo-19 (once, some 130 MB) ...")
    building = cache() / "odoo-19.building"
    remove(building)
    remove(root)
    archive = debian.Archive("sid", made(building / "apt"))
    files = archive.fetch(PACKAGES, building / "packages", "Odoo 19")
    say("Unpacking Odoo ...")
    tree = building / "tree"
    debian.unpack(files, tree, leaving="*.po", keeping=tuple(f"*/odoo/addons/{name}" for name in TRANSLATIONS))
    _mend(tree)
    (tree / "complete").write_text("\n".join(sorted(file.name for file in files)) + "\n")
    if not _is_whole(tree):
        raise Missing(f"Debian's package of Odoo lacks one of these: {', '.join(TRANSLATIONS)}.")
    tree.replace(root)
    remove(building)


def _mend(tree: Path) -> None:
    """What Debian's package lacks to serve its own pages."""
    addons = tree / IN_PACKAGE / "odoo" / "addons"
    # Font Awesome's files lie elsewhere than some links say, and which are there differs between versions.
    fonts: dict[str, Path] = {}
    for folder in (addons / "web/static", tree / "usr/share"):
        for file in folder.rglob("*"):
            if file.suffix in (".woff2", ".woff", ".ttf", ".otf") and not file.is_symlink():
                fonts.setdefault(file.name.lower(), file)
    for link in (addons / "web/static").rglob("*"):
        font = fonts.get(link.name.lower())
        if font and link.is_symlink() and not link.exists():
            link.unlink()
            shutil.copyfile(font, link)
    # Removed by Debian; every browser tour fails without it. Nothing of ours uses it: empty is enough.
    selfie = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not selfie.exists():
        made(selfie.parent)
        selfie.touch()
