"""Pictures of Odoo's pages: Chromium without a window, spoken to through its DevTools protocol."""

from __future__ import annotations

import argparse
import base64
import http.cookiejar
import json
import os
import re
import signal
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import browser
import instances
import python_packages
from children import Child
from places import made, own_cache
from speech import Missing, say

PHONE = 600  # narrower is a phone: touch, and its own user agent
TALLEST = 6000
AROUND = 12  # pixels
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio",
    "--disable-extensions", "--remote-debugging-port=0", *browser.QUIET_FLAGS.split(),
]
# What is scrolled in Odoo is a part of the page: the picture is made as tall as the tallest of these.
CONTENT_HEIGHT = """Math.max(document.documentElement.scrollHeight, ...[...document.querySelectorAll(
    '.o_content, .settings, .o_action, .o_form_view_container, .o-mail-Form-chatter, .modal-content, main')]
    .map(e => e.getBoundingClientRect().top + window.scrollY + e.scrollHeight))"""
# Odoo's page is there when its action is, and nothing is loading.
READY = """document.readyState === 'complete'
    && !document.querySelector('.o_loading_indicator, .o_blockUI')
    && (!document.querySelector('body.o_web_client') || !!document.querySelector('.o_action_manager > *, .o_home_menu'))"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev/screenshot", description="A picture of a page of the running demo, as admin.")
    parser.add_argument("path", help="the page, such as /odoo/settings, or a whole address")
    parser.add_argument("picture", type=Path, help="the PNG file to write")
    parser.add_argument("width", type=int, nargs="?", default=1366, help="pixels; below 600 is a phone (default 1366)")
    parser.add_argument("script", nargs="?", help="JavaScript to run first (async; its value is printed), or @file")
    parser.add_argument("--instance", default="demo", help="the one of ./dev/run --instance")
    parser.add_argument("--height", type=int, default=0, help="pixels; default: as tall as the content")
    parser.add_argument("--login", default="admin", help="login and password; empty for nobody")
    parser.add_argument("--company", help="number of the company to be in (default: the user's own)")
    parser.add_argument("--wait", type=float, default=1.0, help="seconds to wait after the page and the script are done")
    parser.add_argument("--dark", action="store_true", help="prefer dark colors")
    chosen = parser.parse_args()
    python_packages.enter(odoo=True)
    base = "" if "://" in chosen.path else address_of(chosen.instance)
    cookie = session(base, chosen.login) if base and chosen.login else None
    script = chosen.script
    if script and script.startswith("@"):
        script = Path(script[1:]).read_text(encoding="utf-8")
    with Page(chosen.width, chosen.height or 900, dark=chosen.dark) as page:
        if cookie:
            page.call("Network.setCookie", name="session_id", value=cookie, url=base)
        if chosen.company:
            page.call("Network.setCookie", name="cids", value=chosen.company, url=base)
        page.open(base + chosen.path)
        if script:
            value = page.evaluate(f"(async () => {{ {script} }})()")
            if value is not None:
                say(f"script: {json.dumps(value)}")
            page.settle()
        time.sleep(chosen.wait)
        chosen.picture.write_bytes(page.picture(chosen.height))
    for line in page.complaints[:10]:
        say(f"console: {line}")
    say(f"{chosen.picture}")
    return 0


def address_of(instance: str) -> str:
    return running(instance)["url"]


def running(instance: str) -> dict[str, str]:
    """What a running demo says of itself: `url`, `panel`, `database` and how PostgreSQL is reached."""
    try:
        found = json.loads((instances.find(instance) / "running.json").read_text())
        return {**found, "url": found["url"]}
    except (TypeError, OSError, ValueError, KeyError):
        raise Missing(f"The instance {instance} is not running: start it with ./dev/run --instance {instance}.") from None


def session(base: str, login: str) -> str:
    """A session cookie of that user, as the login page gives it."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
    with opener.open(f"{base}/web/login", timeout=60) as answer:
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    form = {"login": login, "password": login, "csrf_token": token[1] if token else ""}
    with opener.open(f"{base}/web/login", urllib.parse.urlencode(form).encode(), timeout=60) as answer:
        if "/web/login" in answer.url:
            raise Missing(f"The login {login} was refused.")
    return next(cookie.value for cookie in jar if cookie.name == "session_id")


class Page:
    """One page of a Chromium of its own."""

    def __init__(self, width: int, height: int, dark: bool = False):
        self.size = width, height
        self.dark = dark
        self.complaints: list[str] = []  # what the page's console called an error
        self._number = 0
        self._busy: set[str] = set()
        self._quiet_since = time.monotonic()

    def __enter__(self):
        import websocket

        self._folder = tempfile.TemporaryDirectory(prefix="mdh-browser-", ignore_cleanup_errors=True)
        home = Path(self._folder.name)
        env = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)}
        self._child = Child([browser.chromium(), *FLAGS, f"--user-data-dir={home / 'profile'}", "about:blank"],
                            log=made(own_cache() / "logs") / "chromium.log", env=env, stop_signal=signal.SIGTERM, grace=5)
        port = self._port(home / "profile" / "DevToolsActivePort")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
            target = next(t for t in json.load(answer) if t["type"] == "page")
        self._socket = websocket.create_connection(target["webSocketDebuggerUrl"], suppress_origin=True, timeout=60)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self._resize(*self.size)
        if self.dark:
            self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        return self

    def __exit__(self, *_):
        self._socket.close()
        self._child.stop()
        self._folder.cleanup()

    def _port(self, file: Path) -> int:
        until = time.monotonic() + 30
        while time.monotonic() < until and self._child.running():
            if file.exists() and file.stat().st_size > 5:
                return int(file.read_text().split()[0])
            time.sleep(0.05)
        self._child.stop()
        raise Missing("Chromium does not start.")

    def call(self, method: str, **parameters):
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                if "error" in message:
                    raise Missing(f"Chromium refused {method}: {message['error']['message']}")
                return message["result"]
            self._event(message)

    def _event(self, message: dict) -> None:
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent" and "websocket" not in parameters["request"]["url"]:
            self._busy.add(parameters["requestId"])
        elif method in ("Network.loadingFinished", "Network.loadingFailed"):
            self._busy.discard(parameters["requestId"])
            self._quiet_since = time.monotonic()
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and parameters["type"] == "error":
            self.complaints.append(" ".join(str(a.get("value", a.get("description", ""))) for a in parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.complaints.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)
        time.sleep(0.3)
        self.settle()

    def settle(self, seconds: float = 60) -> None:
        """Waits until the page is there and has asked the server nothing for a moment."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.evaluate(READY) and time.monotonic() - self._quiet_since > 0.7:
                return
            time.sleep(0.1)

    def evaluate(self, expression: str):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise Missing(f"The script failed: {details.get('exception', {}).get('description', details['text'])}")
        return result["result"].get("value")

    def picture(self, height: int = 0) -> bytes:
        """A PNG; `height` 0 stands for the content's."""
        if not height:
            for _ in range(2):  # what is taller may show more
                self._resize(self.size[0], min(TALLEST, max(self.size[1], int(self.evaluate(CONTENT_HEIGHT)))))
                time.sleep(0.3)
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def picture_of(self, selector: str) -> bytes:
        """A PNG of one element, with a little of what is around it."""
        self.picture()  # as tall as the content
        where = self.evaluate(f"""(() => {{
            const found = document.querySelector({json.dumps(selector)}); if (!found) return null;
            const box = found.getBoundingClientRect();
            return {{x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height}} }})()""")
        if not where:
            raise Missing(f"The page has no {selector}.")
        clip = {"x": max(0, where["x"] - AROUND), "y": max(0, where["y"] - AROUND),
                "width": where["width"] + 2 * AROUND, "height": where["height"] + 2 * AROUND, "scale": 1}
        picture = base64.b64decode(self.call("Page.captureScreenshot", format="png", clip=clip)["data"])
        self._resize(*self.size)
        return picture

    def _resize(self, width: int, height: int) -> None:
        phone = width < PHONE
        scale = 2 if phone else 1
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=phone)
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)
