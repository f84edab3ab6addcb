"""Odoo as a program: its configuration file, its command lines, its database."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import browser
import npm_packages
import postgres
from children import Child
from odoo_source import odoo_path
from places import BRIDGES, CHECKOUT, MODULE, addons, cache, made, write_atomically
from python_packages import environment
from speech import Missing

INSIDE = Path(__file__).resolve().parent / "inside"


class Odoo:
    """Odoo with this module in its addons path, on one PostgreSQL server."""

    def __init__(self, home: Path, variables: dict[str, str], http_port: int = 0, **options: str):
        """`home`: folder for its configuration and files. `variables`: libpq's. `options`: further configuration."""
        self.home = made(home)
        self.path = odoo_path()
        self.variables = variables
        self.within: tuple[str, ...] = ()  # a command that puts it into namespaces of its own
        self.http_port = http_port or free_port()
        self.log = home / "odoo.log"
        self.rc = home / "odoo.conf"
        settings = {
            # The user's own ~/.odoorc must not matter: this file is named on every command line.
            "addons_path": f"{addons()},{BRIDGES}",
            "data_dir": str(made(home / "data")),
            "http_interface": "127.0.0.1",
            "http_port": str(self.http_port),
            "gevent_port": str(free_port()),
            "list_db": "False",
            "max_cron_threads": "1",
            "limit_time_real": "1200",
            "limit_time_cpu": "1200",
            "without_demo": "True",
            **options,
        }
        write_atomically(self.rc, "[options]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()))

    def environment(self) -> dict[str, str]:
        env = environment()
        env.update(self.variables)
        env["PYTHONPATH"] = str(self.path)
        env["CHROMIUM_FLAGS"] = browser.QUIET_FLAGS
        env["PATH"] = f"{npm_packages.programs()}{os.pathsep}{env['PATH']}"
        env[npm_packages.AXE_VARIABLE] = str(npm_packages.axe_path())
        return {**env, **_no_home(env)}

    def command(self, *arguments: str, program: Path | None = None) -> list[str]:
        """A command line for `python -m odoo`, or for a program of `inside/` that takes the same arguments."""
        start = [str(program)] if program else ["-m", "odoo"]
        words = list(itertools.takewhile(lambda argument: not argument.startswith("-"), arguments))
        if words:  # a command of Odoo's own, such as `shell` or `i18n export`, takes its options behind it
            return [*self.within, sys.executable, *start, *words, "-c", str(self.rc), *arguments[len(words):]]
        return [*self.within, sys.executable, *start, "-c", str(self.rc), *arguments]

    def start(self, *arguments: str, program: Path | None = None, log: Path | None = None,
              extra_env: dict[str, str] | None = None) -> Child:
        return Child(self.command(*arguments, program=program), env={**self.environment(), **(extra_env or {})},
                     cwd=self.home, log=log or self.log, grace=8)

    def run(self, *arguments: str, what: str, log: Path | None = None) -> None:
        """Runs to its end; a failure becomes one sentence with the log's telling line."""
        log = log or self.log
        size = log.stat().st_size if log.exists() else 0
        with self.start(*arguments, log=log) as child:
            status = child.wait()
        with open(log, encoding="utf-8", errors="replace") as lines:
            lines.seek(size)
            said = lines.read()
        if status or " CRITICAL " in said:
            raise Missing(f"{what} failed: {telling_line(said)} (all of it: {log})")

    def shell(self, database: str, script: Path, *, what: str, **variables: str) -> str:
        """Runs a script in `odoo shell`; gives what it printed. `variables`: environment variables for it."""
        ran = subprocess.run(
            self.command("shell", "-d", database, "--no-http", "--log-level=warn"), check=False, cwd=self.home,
            env={**self.environment(), **variables}, text=True, input=script.read_text(encoding="utf-8"),
            capture_output=True,
        )
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(ran.stdout + ran.stderr)
        if ran.returncode or "Traceback (most recent call last)" in ran.stderr:
            raise Missing(f"{what} failed: {telling_line(ran.stderr)} (all of it: {self.log})")
        return ran.stdout


def _no_home(env: dict[str, str]) -> dict[str, str]:
    """The browser of the tests keeps things in the user's home: it gets one that goes with this program."""
    home = made(Path(tempfile.gettempdir()) / "home")
    passwords = env.get("PGPASSFILE") or os.path.expanduser("~/.pgpass")
    return {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_CACHE_HOME": str(made(cache() / "browser")),
            "PGPASSFILE": passwords}


def telling_line(log: str) -> str:
    """Of a log with a traceback, the line that says what went wrong."""
    lines = [line for line in log.strip().splitlines() if line.strip()]
    for index, line in enumerate(lines):
        if line.startswith("Traceback"):
            for after in lines[index + 1:]:
                if not after.startswith((" ", "\t")):
                    return after.strip()
    return lines[-1].strip() if lines else "it said nothing"


def free_port(preferred: int = 0) -> int:
    """A TCP port on loopback that is free now: the preferred one or one close after it, else any."""
    for port in [*range(preferred, preferred + 10)] if preferred else []:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_exists(variables: dict[str, str], database: str) -> bool:
    return bool(postgres.run_sql(variables, "postgres", "SELECT 1 FROM pg_database WHERE datname = %s", (database,)))


def module_state(variables: dict[str, str], database: str, module: str = MODULE) -> str | None:
    """What Odoo's table of modules says of one, ours: "installed", "to upgrade", "uninstalled" ..."""
    rows = postgres.run_sql(variables, database, "SELECT state FROM ir_module_module WHERE name = %s", (module,))
    return rows[0][0] if rows else None


def drop_database(variables: dict[str, str], database: str) -> None:
    quoted = '"' + database.replace('"', '""') + '"'
    postgres.run_sql(variables, "postgres",
                     "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,))
    postgres.run_sql(variables, "postgres", f"DROP DATABASE IF EXISTS {quoted}")


def dependencies(folder: Path = CHECKOUT) -> list[str]:
    """The modules of others that ours, or a bridge, needs, from its manifest; at least `mail`."""
    import ast

    manifest = folder / "__manifest__.py"
    try:
        found = ast.literal_eval(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        raise Missing(f"{manifest} is not a readable Odoo manifest.") from None
    return sorted({*found.get("depends", []), "mail"} - {MODULE})
