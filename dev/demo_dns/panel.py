"""The demo's DNS panel: the forms of a DNS host, on loopback, and the same as JSON for programs.

JSON: GET /api/zones, GET /api/zones/<zone>, and POST to
  /api/zones/<zone>/records  {"action": "add"|"replace"|"delete", "type", "host", "value", "old_value", "ttl"}
  /api/zones/<zone>/silent   {"silent": true|false}
  /api/zones/<zone>/habits   {"habit": one of habits.HABITS, "has": true|false}
  /api/zones/<zone>/restore  {}
It answers {"ok": true, "zone": {…}}, or {"error": sentence, "field": name} with status 400.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit

from . import pages
from .store import BadInput, ZoneStore

LARGEST_BODY = 64 * 1024
LOOPBACK = re.compile(r"(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?", re.IGNORECASE)
ACTIONS = {
    "add": ("type", "host", "value", "ttl"),
    "replace": ("type", "host", "value", "old_value", "ttl"),
    "delete": ("type", "host", "value"),
}


class Panel:
    """Serves the panel for a store on 127.0.0.1 from `start()` to `stop()`; `url` is where."""

    def __init__(self, store: ZoneStore, port: int = 0):
        handler = type("Handler", (_Handler,), {"store": store})
        self._http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._http.daemon_threads = True
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def start(self) -> None:
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name="dns-panel", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread:
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    store: ZoneStore
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds without a byte from a client

    def log_message(self, *_):
        pass

    def do_GET(self):
        if not self._allowed():
            return
        parts = self._parts()
        try:
            if not parts:
                self._page(pages.index(self.store))
            elif len(parts) == 2 and parts[0] == "zone":
                query = parse_qs(urlsplit(self.path).query)
                self._page(pages.zone(self.store, parts[1], done=query.get("done", [""])[0][:40]))
            elif parts == ["api", "zones"]:
                self._json({"zones": [self._described(zone) for zone in self.store.zones()]})
            elif len(parts) == 3 and parts[:2] == ["api", "zones"]:
                self._json({"zone": self._described(parts[2])})
            else:
                self._page(pages.not_found(), 404)
        except BadInput as bad:
            self._refuse(bad, parts, {}, 404)

    do_HEAD = do_GET

    def do_OPTIONS(self):
        if self._allowed():
            self._answer(b"", "text/plain", 204)

    def do_POST(self):
        if not self._allowed():
            return
        parts = self._parts()
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._json({"error": f"The body is missing or longer than {LARGEST_BODY} octets."}, 413)
            return
        body = self.rfile.read(int(length))
        api = parts[:1] == ["api"]
        values: dict[str, str] = {}
        try:
            values = self._values(body, api)
            if api and len(parts) == 4 and parts[1] == "zones":
                self._do(parts[2], parts[3], values)
                self._json({"ok": True, "zone": self._described(parts[2])})
            elif len(parts) == 3 and parts[0] == "zone":
                done = self._do(parts[1], parts[2], values)
                self.send_response(303)
                self.send_header("Location", f"/zone/{quote(parts[1])}?done={done}")
                self.send_header("Content-Length", "0")
                self._allow_origin()
                self.end_headers()
            else:
                self._page(pages.not_found(), 404)
        except BadInput as bad:
            self._refuse(bad, parts, values, 400)

    def _do(self, zone: str, what: str, values: dict[str, str]) -> str:
        """Does it, and names what was done."""
        if what == "silent":
            wanted = _truth(values, "silent")
            self.store.set_silent(zone, wanted)
            return "silent" if wanted else "answering"
        if what == "habits":
            self.store.set_habit(zone, values.get("habit", ""), _truth(values, "has"))
            return "habits"
        if what == "restore":
            self.store.restore(zone)
            return "restored"
        if what != "records":
            raise BadInput("action", "There is nothing of that name to do with a zone.")
        action = values.get("action", "")
        if action not in ACTIONS:
            raise BadInput("action", f"Action must be one of {', '.join(ACTIONS)}.")
        given = {key: values.get(key, "") for key in ACTIONS[action]}
        getattr(self.store, action)(zone, **given)
        return action

    @staticmethod
    def _values(body: bytes, api: bool) -> dict[str, str]:
        if not api:
            with contextlib.suppress(UnicodeDecodeError, ValueError):
                fields = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
                return {key: given[-1] for key, given in fields.items()}
            raise BadInput("body", "The form could not be read.")
        try:
            values = json.loads(body or b"{}")
        except (ValueError, RecursionError):
            raise BadInput("body", "The body is no JSON.") from None
        if not isinstance(values, dict):
            raise BadInput("body", "The body must be a JSON object.")
        for key, value in values.items():
            if not isinstance(value, (str, int, bool)):
                raise BadInput(key[:40], f"{key[:40]} must be a text.")
        return {key: str(value) for key, value in values.items()}

    def _described(self, zone: str) -> dict:
        return {
            "name": zone,
            "silent": self.store.silent(zone),
            "habits": sorted(self.store.habits(zone)),
            "outside": self.store.outside(zone),
            "records": [vars(record) for record in self.store.records(zone)],
        }

    def _refuse(self, bad: BadInput, parts: list[str], values: dict[str, str], status: int) -> None:
        if parts[:1] == ["api"]:
            self._json({"error": str(bad), "field": bad.field}, status)
        elif len(parts) > 1 and parts[1] in self.store.zones():
            self._page(pages.zone(self.store, parts[1], problem=str(bad), values=values), status)
        else:
            self._page(pages.not_found(str(bad)), status)

    def _parts(self) -> list[str]:
        return [unquote(part) for part in urlsplit(self.path).path.split("/") if part]

    def _allowed(self) -> bool:
        """Only this machine's own pages: neither a foreign site's form nor a name that was rebound to loopback."""
        origin = self.headers.get("Origin")
        host = self.headers.get("Host", "")
        foreign = origin is not None and not self._loopback_origin(origin)
        if foreign or not LOOPBACK.fullmatch(host):
            self.close_connection = True
            self._answer(b"This panel is for pages of this machine only.\n", "text/plain; charset=utf-8", 403)
            return False
        return True

    @staticmethod
    def _loopback_origin(origin: str) -> bool:
        scheme, _, host = origin.partition("://")
        return scheme == "http" and bool(LOOPBACK.fullmatch(host))

    def _json(self, answer: dict, status: int = 200) -> None:
        self._answer(json.dumps(answer).encode(), "application/json", status)

    def _page(self, html: str, status: int = 200) -> None:
        self._answer(html.encode(), "text/html; charset=utf-8", status)

    def _answer(self, body: bytes, kind: str, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
        self._allow_origin()
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _allow_origin(self) -> None:
        """Lets pages of this machine read what is answered, a redirection included."""
        origin = self.headers.get("Origin")
        if origin and self._loopback_origin(origin):
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
            self.send_header("Access-Control-Allow-Headers", "Content-Type")
            self.send_header("Vary", "Origin")


def _truth(values: dict[str, str], field: str) -> bool:
    wanted = str(values.get(field, "")).lower()
    if wanted not in ("true", "false"):
        raise BadInput(field, f"{field.capitalize()} must be true or false.")
    return wanted == "true"
