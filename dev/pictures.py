"""The pictures of `static/description/`, taken anew from the running demo: what a person sees from red to green, and the rest."""

from __future__ import annotations

import argparse
import json
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import picture
import postgres
import python_packages
from places import CHECKOUT
from running import SETTING
from speech import Missing, say

FOLDER = CHECKOUT / "static" / "description"
WIDTH, HEIGHT = 1400, 800
BARE, HEALTHY = "bare.example", "healthy.example"  # nothing published, everything in order: dev/demo_stories.py
MODEL = "mail.domain.health"
CONFIRMED = timedelta(minutes=20)  # after so long a worse state is told at its next look
SEEN_WITHIN = 60.0  # seconds until the dialog shows a record that was published


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev/pictures", description="Takes all pictures of static/description anew, from the running demo.",
        epilog="It publishes records in the demo's zones, as a person would, and restores them.")
    parser.add_argument("--instance", default="demo", help="the one of ./dev/run --instance")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they go (default: static/description)")
    parser.add_argument("--only", choices=list(PICTURES), action="append", help="this one (repeatable)")
    chosen = parser.parse_args()
    python_packages.enter(odoo=True)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with picture.Page(WIDTH, HEIGHT) as page:
        demo = Demo(chosen.instance, page)
        try:
            for name in chosen.only or PICTURES:
                file = chosen.folder / f"{name}.png"
                file.write_bytes(PICTURES[name](demo))
                say(f"{file}")
        finally:
            for domain in (BARE, HEALTHY):
                demo.restore(domain)
    return 0


class Demo:
    """The demo as a person has it: Odoo's pages as admin, and the DNS panel."""

    def __init__(self, instance: str, page: picture.Page):
        self.page, self.instance = page, instance
        self.base = picture.address_of(instance)
        self.panel = picture.running(instance)["panel"]
        page.call("Network.setCookie", name="session_id", value=picture.session(self.base, "admin"), url=self.base)
        page.open(f"{self.base}/odoo")

    def call(self, model: str, method: str, *args, **kwargs):
        """Calls Odoo as its own pages do."""
        body = json.dumps({"jsonrpc": "2.0", "params": {"model": model, "method": method, "args": args, "kwargs": kwargs}})
        answer = self.page.evaluate(
            f"fetch('/web/dataset/call_kw', {{method: 'POST', headers: {{'Content-Type': 'application/json'}},"
            f" body: {json.dumps(body)}}}).then(answer => answer.json())")
        if "error" in answer:
            raise Missing(f"{model}.{method}: {answer['error']['data']['message']}")
        return answer.get("result")

    def domain(self, name: str) -> dict:
        companies = [company["id"] for company in self.call("res.company", "search_read", [], ["id"])]
        found = self.call(MODEL, "search_read", [("name", "=", name)], ["company_ids", "announced"],
                          context={"allowed_company_ids": companies})
        if not found:
            raise Missing(f"{name} is not in this demo: use that of ./dev/run without --story.")
        return found[0]

    def check(self, name: str) -> None:
        found = self.domain(name)
        self.call(MODEL, "check_now", [found["id"]], context={"allowed_company_ids": found["company_ids"]})

    def rows(self, name: str) -> list[dict]:
        """The records that are not published yet, the most harmful first."""
        found = self.domain(name)
        shown = self.call(MODEL, "read_fix_it", [found["id"]], context={"allowed_company_ids": found["company_ids"]})
        return [row for row in shown["rows"] if row["state"] == "not_seen"]

    def change_zone(self, zone: str, what: str, **values) -> None:
        request = urllib.request.Request(
            f"{self.panel}/api/zones/{zone}/{what}", json.dumps(values).encode(), {"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10):
            pass

    def publish(self, zone: str, row: dict) -> None:
        values = {name: row[name] for name in ("type", "host", "value")}
        if row["action"] == "replace":
            values["old_value"] = row["old_value"]
        self.change_zone(zone, "records", action={"create": "add"}.get(row["action"], row["action"]), **values)

    def write_announced(self, name: str, announced: dict) -> None:
        """Of its own, in the database: Odoo lets nobody write what only a check may."""
        variables = picture.running(self.instance)
        server = {key: value for key, value in variables.items() if key.startswith("PG")}
        postgres.run_sql(server, variables["database"], "UPDATE mail_domain_health SET announced = %s WHERE name = %s",
                         (json.dumps(announced), name))

    def restore(self, name: str) -> None:
        self.change_zone(name, "restore")
        self.check(name)

    def open(self, path: str, company_of: str | None = None) -> None:
        if company_of:
            [company] = self.domain(company_of)["company_ids"][:1]
            self.page.call("Network.setCookie", name="cids", value=str(company), url=self.base)
        else:
            everybody = [company["id"] for company in self.call("res.company", "search_read", [], ["id"])]
            self.page.call("Network.setCookie", name="cids", value="-".join(map(str, everybody)), url=self.base)
        self.page.open("about:blank")  # else an address that differs behind its # opens nothing
        self.page.open(f"{self.base}{path}")
        time.sleep(1.0)  # what moves has come to rest

    def until(self, condition: str, seconds: float, what: str) -> None:
        until = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            if time.monotonic() > until:
                raise Missing(f"The page does not show {what}.")
            time.sleep(0.5)
        self.page.settle()


def _settings(demo: Demo) -> bytes:
    demo.open("/odoo/settings", company_of=BARE)  # with the anchor, Odoo marks the setting by a color
    demo.until("!!document.querySelector('.o_mail_domain_health_box')", 20, "the box in Settings")
    return demo.page.picture_of(f"#{SETTING}")


def red(demo: Demo) -> bytes:
    demo.restore(BARE)
    return _settings(demo)


def fixing(demo: Demo) -> bytes:
    demo.restore(BARE)
    _settings(demo)
    demo.page.evaluate("document.querySelector('.o_mail_domain_health_fix_it_now').click()")
    demo.until("!!document.querySelector('.modal .o_mail_domain_health_fix_it')", 20, "the dialog")
    demo.publish(BARE, demo.rows(BARE)[0])
    demo.until("!!document.querySelector('.modal [data-state=published], .modal [data-state=spreading]')", SEEN_WITHIN,
               "the record that was published")
    return demo.page.picture_of(".modal-content")


def green(demo: Demo) -> bytes:
    demo.restore(BARE)
    for row in demo.rows(BARE):
        demo.publish(BARE, row)
    demo.check(BARE)
    return _settings(demo)


def paths(demo: Demo) -> bytes:
    demo.restore(BARE)
    demo.open("/odoo/action-mail_domain_health.mail_domain_health_path_action")
    return demo.page.picture(HEIGHT)


def overview(demo: Demo) -> bytes:
    demo.restore(BARE)
    demo.open("/odoo/action-mail_domain_health.mail_domain_health_action")
    return demo.page.picture(HEIGHT)


def chatter(demo: Demo) -> bytes:
    """A break that two looks confirm: the time between them is the only thing that is not real."""
    demo.restore(HEALTHY)
    found = demo.domain(HEALTHY)
    demo.change_zone(HEALTHY, "records", action="delete", type="TXT", **_spf_record(demo, HEALTHY))
    demo.check(HEALTHY)
    announced = demo.domain(HEALTHY)["announced"]
    for known in announced.values():
        if since := known.get("pending_since"):
            known["pending_since"] = (datetime.fromisoformat(since) - CONFIRMED).isoformat()
    demo.write_announced(HEALTHY, announced)
    demo.check(HEALTHY)
    demo.open(f"/odoo/action-mail_domain_health.mail_domain_health_action/{found['id']}")
    demo.until("!!document.querySelector('.o-mail-Message')", 20, "the message in the chatter")
    return demo.page.picture_of(".o-mail-Form-chatter, .o-mail-ChatterContainer")


def _spf_record(demo: Demo, zone: str) -> dict:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{demo.panel}/api/zones/{zone}", timeout=10) as answer:
        records = json.load(answer)["zone"]["records"]
    found = next(record for record in records if record["type"] == "TXT" and "v=spf1" in record["value"])
    return {"host": found["host"], "value": found["value"]}


PICTURES: dict[str, Callable[[Demo], bytes]] = {
    "red": red, "fixing": fixing, "green": green, "paths": paths, "overview": overview, "chatter": chatter}
