"""The demo's DNS panel, over HTTP, with a real DNS server behind it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import dns.exception
import dns.message
import dns.query

from demo_dns import DemoDns
from demo_dns.demo import own_servers
from mailauth import Change, Resolver, Wanted, look_each_now
from mailauth.tests.dns_server import DnsServer

ZONES = Path(__file__).resolve().parent.parent / "zones"


class PanelTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.demo = DemoDns(DnsServer(), Path(folder.name), ZONES, panel_port=0)
        self.demo.__enter__()
        self.addCleanup(self.demo.__exit__, None, None, None)

    def ask(self, name, kind="TXT", timeout=2.0):
        host, port = self.demo.address
        question = dns.message.make_query(name, kind)
        answer, _ = dns.query.udp_with_fallback(question, host, port=port, timeout=timeout)
        return sorted(r.to_text() for rrset in answer.answer for r in rrset)

    def request(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(urlsplit(self.demo.panel.url).netloc, timeout=10)
        self.addCleanup(connection.close)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()

    def api(self, path, **values):
        answer, body = self.request("POST", f"/api/zones/{path}", json.dumps(values), **{"Content-Type": "application/json"})
        return answer.status, json.loads(body)

    def form(self, path, **values):
        return self.request("POST", path, urlencode(values), **{"Content-Type": "application/x-www-form-urlencoded"})

    def test_what_is_pasted_is_what_dns_answers(self):
        self.assertEqual(self.ask("bare.example"), [])
        answer, _ = self.form("/zone/bare.example/records", action="add", type="TXT", host="@",
                              value="v=spf1 include:_spf.odoo.com ~all", ttl="300")
        self.assertEqual(answer.status, 303)
        self.assertEqual(self.ask("bare.example"), ['"v=spf1 include:_spf.odoo.com ~all"'])

    def test_a_program_replaces_and_deletes_by_json(self):
        status, answer = self.api("twice.example/records", action="replace", type="TXT", host="@",
                                  value="v=spf1 include:_spf.odoo.com include:_spf.google.com ~all",
                                  old_value="v=spf1 include:_spf.google.com ~all")
        self.assertEqual((status, answer["ok"]), (200, True))
        status, _ = self.api("twice.example/records", action="delete", type="TXT", host="@",
                             value="v=spf1 include:spf.brevo.com mx ~all")
        self.assertEqual(status, 200)
        spf = [text for text in self.ask("twice.example") if "spf1" in text]
        self.assertEqual(spf, ['"v=spf1 include:_spf.odoo.com include:_spf.google.com ~all"'])

    def test_a_silent_zone_lets_every_question_time_out_until_it_answers_again(self):
        self.api("healthy.example/silent", silent=True)
        with self.assertRaises(dns.exception.Timeout):
            self.ask("healthy.example", timeout=0.3)
        self.api("healthy.example/silent", silent=False)
        self.assertTrue(self.ask("healthy.example"))

    def test_a_habit_is_switched_on_its_page_and_decides_what_dns_answers(self):
        _, page = self.request("GET", "/zone/bare.example")
        self.assertIn("Switch on", page)
        answer, _ = self.form("/zone/bare.example/habits", habit="moved", has="true")
        self.assertEqual(answer.status, 303)
        self.api("bare.example/records", action="add", type="TXT", host="_dmarc", value="v=DMARC1; p=none")
        self.assertEqual(self.ask("_dmarc.bare.example"), [])
        status, answer = self.api("bare.example/habits", habit="moved", has=False)
        self.assertEqual((status, answer["zone"]["habits"]), (200, []))
        self.assertEqual(self.ask("_dmarc.bare.example"), ['"v=DMARC1; p=none"'])
        self.assertEqual(self.api("bare.example/habits", habit="moved", has="perhaps")[0], 400)

    def test_an_alias_leads_into_the_outside_zones(self):
        answer = " ".join(self.ask("odoo._domainkey.healthy.example"))
        self.assertIn("odoo._domainkey.odoo.com.", answer)
        self.assertIn("v=DKIM1", answer)

    def test_bad_input_is_a_sentence_naming_the_field(self):
        status, answer = self.api("bare.example/records", action="add", type="TXT", host="a b", value="x")
        self.assertEqual((status, answer["field"]), (400, "host"))
        answer, page = self.form("/zone/bare.example/records", action="add", type="TXT", host="a b", value="<i>kept</i>")
        self.assertEqual(answer.status, 400)
        self.assertIn("Host may have", page)
        self.assertIn("&lt;i&gt;kept&lt;/i&gt;", page)
        for body in ("", "[]", "{", '{"action": []}', '{"action": "drop"}', "[" * 50000):
            with self.subTest(body=body[:12]):
                answer, _ = self.request("POST", "/api/zones/bare.example/records", body)
                self.assertEqual(answer.status, 400)

    def test_markup_in_a_record_is_shown_as_text(self):
        self.api("bare.example/records", action="add", type="TXT", host="@", value="<script>alert(1)</script>\"'")
        _, page = self.request("GET", "/zone/bare.example")
        self.assertNotIn("<script>", page)
        self.assertIn("&lt;script&gt;", page)

    def test_only_pages_of_this_machine_may_use_it(self):
        for headers in ({"Origin": "https://evil.test"}, {"Origin": "null"}, {"Host": "evil.test"},
                        {"Origin": "http://127.0.0.1.evil.test"}, {"Origin": "http://localhost@evil.test"}):
            with self.subTest(headers=headers):
                answer, _ = self.request("POST", "/api/zones/bare.example/silent", '{"silent": true}', **headers)
                self.assertEqual(answer.status, 403)
        self.assertFalse(self.demo.store.silent("bare.example"))

    def test_a_page_of_this_machine_may_read_the_answer(self):
        answer, _ = self.request("OPTIONS", "/api/zones/bare.example/records", Origin="http://127.0.0.1:8069")
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.getheader("Access-Control-Allow-Origin"), "http://127.0.0.1:8069")

    def test_every_page_opens_and_what_is_not_there_is_said(self):
        for path in ["/", *(f"/zone/{zone}" for zone in self.demo.store.zones())]:
            self.assertEqual(self.request("GET", path)[0].status, 200, path)
        for path in ("/zone/absent.example", "/zone/..%2F..%2Fetc", "/api/zones/absent.example", "/x"):
            self.assertEqual(self.request("GET", path)[0].status, 404, path)

    def test_a_body_without_end_is_refused(self):
        answer, _ = self.request("POST", "/api/zones/bare.example/records", "x" * 70000)
        self.assertEqual(answer.status, 413)


class OwnServersTest(unittest.TestCase):
    """Where the demo may, its zones have name servers of their own: what is published is seen before every cache."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.port = self.free_port()
        self.own = self.enterContext(own_servers(self.port))
        self.demo = self.enterContext(DemoDns(DnsServer(), Path(folder.name), ZONES, own=self.own))

    @staticmethod
    def free_port():
        with DnsServer() as server:
            return server.address[1]

    def look(self, zone):
        resolver = Resolver(nameservers=[self.demo.address], authority_port=self.port, deadline=3)
        change = Change("create", "TXT", f"_smtp._tls.{zone}", "v=TLSRPTv1; rua=mailto:d@x.example", zone=zone)
        return look_each_now(resolver, [Wanted(change)])[0].code

    def test_what_is_published_is_seen_at_the_zones_own_servers_whatever_they_are_called(self):
        for zone in ("bare.example", "capital.example"):  # at a DNS host, and within the zone
            with self.subTest(zone=zone):
                self.assertEqual(self.look(zone), "not_yet")
                self.demo.store.add(zone, "TXT", "_smtp._tls", "v=TLSRPTv1; rua=mailto:d@x.example")
                self.assertEqual(self.look(zone), "published")
        self.assertTrue(all(("_smtp._tls.bare.example", "TXT") in server.log for server in self.own))

    def test_a_silent_zone_is_silent_there_too(self):
        question = dns.message.make_query("silent.example", "NS")
        for server in self.own:
            with self.assertRaises(dns.exception.Timeout):
                dns.query.udp(question, server.address[0], port=self.port, timeout=0.5)

    def test_odoos_tests_can_import_the_panel_which_have_no_engine_by_this_name(self):
        """They skip what they cannot import, which nobody would notice."""
        ran = subprocess.run([sys.executable, "-c", "from demo_dns import panel, store"], check=False, capture_output=True,
                             text=True, env={"PYTHONPATH": str(ZONES.parent)}, cwd="/")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_two_demos_have_servers_of_their_own(self):
        with own_servers(self.port) as others:
            self.assertEqual(len({server.address for server in (*self.own, *others)}), 4)


if __name__ == "__main__":
    unittest.main()
