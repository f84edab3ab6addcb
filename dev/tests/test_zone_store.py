"""The demo's zones, changed as a DNS host's form changes them."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from demo_dns import BadInput, ZoneStore

ZONE = """
$ORIGIN shop.example.
$TTL 300
@ SOA ns1.host.example. hostmaster.host.example. 7 3600 600 86400 60
@ NS ns1.host.example.
@ TXT "v=spf1 include:_spf.google.com ~all"
@ TXT "google-site-verification=1"
www CNAME shop.example.
"""
DEMO = Path(__file__).resolve().parent.parent / "zones"


class ZoneStoreTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "originals").mkdir()
        (self.folder / "originals" / "shop.example.zone").write_text(ZONE)
        self.store = ZoneStore(self.folder / "zones", self.folder / "originals")
        self.told = []
        self.store.changed = self.told.append

    def values(self, kind, host):
        return [r.value for r in self.store.records("shop.example") if (r.type, r.host) == (kind, host)]

    def refused(self, field, action, *arguments, **keywords):
        before = self.store.text("shop.example")
        with self.assertRaises(BadInput) as caught:
            getattr(self.store, action)("shop.example", *arguments, **keywords)
        self.assertEqual(caught.exception.field, field, str(caught.exception))
        self.assertEqual(self.store.text("shop.example"), before, "a refused change changed something")
        self.assertEqual(self.told, [])
        return str(caught.exception)

    def test_an_added_record_is_on_disk_and_told(self):
        self.store.add("shop.example", "TXT", "_dmarc", "v=DMARC1; p=none")
        again = ZoneStore(self.folder / "zones")
        self.assertIn("v=DMARC1; p=none", [r.value for r in again.records("shop.example")])
        self.assertEqual(self.told, ["shop.example"])

    def test_replacing_one_txt_record_leaves_the_others_alone(self):
        self.store.replace("shop.example", "TXT", "@", "v=spf1 include:_spf.odoo.com ~all",
                           old_value="v=spf1 include:_spf.google.com ~all")
        self.assertEqual(self.values("TXT", "@"), ["google-site-verification=1", "v=spf1 include:_spf.odoo.com ~all"])

    def test_a_panel_that_appends_the_zone_does_so_to_a_full_name_too(self):
        self.refused("host", "add", "TXT", "_dmarc.shop.example", "v=DMARC1; p=none")
        self.store.set_habit("shop.example", "appends", True)
        self.store.add("shop.example", "TXT", "_dmarc.shop.example", "v=DMARC1; p=none")
        self.assertEqual(self.values("TXT", "_dmarc.shop.example"), ["v=DMARC1; p=none"])
        self.assertIn("_dmarc.shop.example", self.store.text("shop.example"))
        self.store.delete("shop.example", "TXT", "_dmarc.shop.example.shop.example.")

    def test_what_a_panel_that_appends_the_zone_made_of_a_full_name_can_be_deleted_as_it_is_shown(self):
        self.store.set_habit("shop.example", "appends", True)
        record = self.store.add("shop.example", "TXT", "_dmarc.bare.example", "v=DMARC1; p=none")
        self.store.delete("shop.example", record.type, record.host, record.value)
        self.assertNotIn(record, self.store.records("shop.example"))

    def test_a_literal_panel_publishes_quotation_marks_and_spaces(self):
        self.store.add("shop.example", "TXT", "plain", ' "a b" ')
        self.store.set_habit("shop.example", "literal", True)
        self.store.add("shop.example", "TXT", "literal", '"a b" ')
        self.assertEqual(self.values("TXT", "plain"), ["a b"])
        self.assertEqual(self.values("TXT", "literal"), ['"a b" '])

    def test_a_space_that_was_published_can_be_deleted_with_its_record(self):
        self.store.set_habit("shop.example", "literal", True)
        record = self.store.add("shop.example", "TXT", "_dmarc", " v=DMARC1; p=none")
        self.store.delete("shop.example", record.type, record.host, record.value)
        self.assertEqual(self.values("TXT", "_dmarc"), [])

    def test_a_panel_that_wants_the_final_dot_adds_the_zone_without_it(self):
        self.store.add("shop.example", "CNAME", "one", "odoo._domainkey.odoo.com")
        self.store.set_habit("shop.example", "undotted", True)
        self.store.add("shop.example", "CNAME", "two", "odoo._domainkey.odoo.com")
        self.store.add("shop.example", "CNAME", "three", "odoo._domainkey.odoo.com.")
        self.assertEqual(self.values("CNAME", "one"), self.values("CNAME", "three"))
        self.assertEqual(self.values("CNAME", "two"), ["odoo._domainkey.odoo.com.shop.example."])

    def test_a_panel_that_does_not_split_wants_the_parts(self):
        self.store.add("shop.example", "TXT", "split", "k" * 300)
        self.store.set_habit("shop.example", "unsplit", True)
        self.told.clear()
        self.refused("value", "add", "TXT", "unsplit", "k" * 300)
        self.store.add("shop.example", "TXT", "unsplit", f'"{"k" * 200}" "{"k" * 100}"')
        self.assertEqual(self.values("TXT", "split"), self.values("TXT", "unsplit"))

    def test_a_proxy_answers_with_its_address_in_place_of_a_cname(self):
        self.store.set_habit("shop.example", "proxied", True)
        self.store.add("shop.example", "CNAME", "shop", "odoo._domainkey.odoo.com.")
        self.assertEqual((self.values("CNAME", "shop"), self.values("A", "shop")), ([], ["192.0.2.80"]))

    def test_a_panel_that_is_not_used_any_more_changes_what_nobody_is_answered(self):
        self.store.set_habit("shop.example", "moved", True)
        self.store.add("shop.example", "TXT", "_dmarc", "v=DMARC1; p=none")
        self.assertEqual(self.values("TXT", "_dmarc"), ["v=DMARC1; p=none"])
        self.assertNotIn("DMARC1", self.store.served("shop.example"))
        self.store.set_habit("shop.example", "moved", False)
        self.assertIn("DMARC1", self.store.served("shop.example"))

    def test_a_panel_loses_its_habits_when_the_zone_is_restored_and_has_none_of_another_name(self):
        self.store.set_habit("shop.example", "moved", True)
        self.store.set_habit("shop.example", "literal", True)
        self.assertEqual(self.store.habits("shop.example"), {"moved", "literal"})
        self.store.restore("shop.example")
        self.assertEqual(self.store.habits("shop.example"), frozenset())
        self.assertEqual(self.store.served("shop.example"), self.store.text("shop.example"))
        self.told.clear()
        self.refused("habit", "set_habit", "other", True)

    def test_which_of_several_records_is_meant_must_be_said(self):
        said = self.refused("old_value", "replace", "TXT", "@", "v=spf1 -all")
        self.assertIn("2 TXT records", said)
        self.refused("value", "delete", "TXT", "@")

    def test_the_only_record_of_a_type_needs_no_old_value(self):
        self.store.replace("shop.example", "CNAME", "www", "pages.host.example.")
        self.assertEqual(self.values("CNAME", "www"), ["pages.host.example."])

    def test_every_change_raises_the_serial(self):
        self.store.add("shop.example", "A", "mail", "192.0.2.7")
        self.assertIn(" 8 3600 600 86400 60", self.store.text("shop.example"))

    def test_a_full_name_without_its_dot_is_refused_with_the_host_to_write(self):
        said = self.refused("host", "add", "TXT", "_dmarc.shop.example", "v=DMARC1; p=none")
        self.assertIn("write _dmarc,", said)

    def test_a_full_name_with_its_dot_is_taken_as_it_is(self):
        self.store.add("shop.example", "TXT", "_dmarc.shop.example.", "v=DMARC1; p=none")
        self.assertEqual(self.values("TXT", "_dmarc"), ["v=DMARC1; p=none"])
        self.told.clear()
        self.refused("host", "add", "TXT", "_dmarc.other.example.", "v=DMARC1; p=none")

    def test_nothing_may_stand_beside_a_cname(self):
        self.refused("host", "add", "TXT", "www", "text")
        self.refused("host", "add", "CNAME", "@", "elsewhere.example.")

    def test_text_is_taken_plain_or_quoted_as_master_files_have_it(self):
        self.store.add("shop.example", "TXT", "a", 'say "hello"; semicolon')
        self.store.add("shop.example", "TXT", "b", '"v=DKIM1; p=AB" "CD"')
        self.assertEqual(self.values("TXT", "a"), ['say "hello"; semicolon'])
        self.assertEqual(self.values("TXT", "b"), ["v=DKIM1; p=ABCD"])

    def test_long_text_is_split_and_shown_whole(self):
        self.store.add("shop.example", "TXT", "key", "p=" + "A" * 400)
        self.assertEqual(self.values("TXT", "key"), ["p=" + "A" * 400])

    def test_bad_input_names_its_field_and_changes_nothing(self):
        for field, arguments in {
            "type": ("SPF", "@", "v=spf1 -all"),
            "host": ("TXT", "a b", "text"),
            "value": ("TXT", "@", "   "),
        }.items():
            with self.subTest(field=field):
                self.assertTrue(self.refused(field, "add", *arguments).startswith(field.capitalize()))
        for host in ("..", "a..b", "x" * 64, "ü", "../../etc/passwd", "a" * 300, "<b>"):
            with self.subTest(host=host):
                self.refused("host", "add", "TXT", host, "text")
        for kind, value in (("A", "192.0.2"), ("A", "2001:db8::1"), ("AAAA", "x"), ("MX", "mail"), ("MX", "99999 m."),
                            ("CNAME", "a b"), ("NS", ""), ("TXT", "line\nline"), ("TXT", "\x00"), ("TXT", "x" * 5000)):
            with self.subTest(kind=kind, value=value[:20]):
                self.refused("value", "add", kind, "h", value)
        for ttl in ("", "0", "-1", "1e3", "٣", "99999999"):
            with self.subTest(ttl=ttl):
                if ttl:
                    self.refused("ttl", "add", "A", "h", "192.0.2.1", ttl=ttl)

    def test_a_zone_of_another_folder_is_not_there(self):
        (self.folder / "secret.zone").write_text(ZONE)
        with self.assertRaises(BadInput):
            self.store.text("../secret")

    def test_the_last_name_server_stays(self):
        self.refused("value", "delete", "NS", "@")

    def test_silence_is_kept_on_disk_and_survives_changes(self):
        self.store.set_silent("shop.example", True)
        self.store.add("shop.example", "A", "mail", "192.0.2.7")
        self.assertTrue(ZoneStore(self.folder / "zones").silent("shop.example"))
        self.store.set_silent("shop.example", False)
        self.assertFalse(self.store.silent("shop.example"))

    def test_a_zone_can_be_what_it_was(self):
        self.store.add("shop.example", "A", "mail", "192.0.2.7")
        self.store.restore("shop.example")
        self.assertEqual(self.values("A", "mail"), [])

    def test_all_zones_of_the_demo_load_and_survive_being_written(self):
        store = ZoneStore(self.folder / "demo", DEMO)
        for zone in store.zones():
            with self.subTest(zone=zone):
                before = store.records(zone)
                self.assertTrue(before)
                store.add(zone, "TXT", "probe", "x")
                store.delete(zone, "TXT", "probe")
                self.assertEqual(store.records(zone), before)
        own = [zone for zone in store.zones() if not store.outside(zone)]
        self.assertLessEqual({"bare.example", "healthy.example", "refused.example", "silent.example", "twice.example"}, set(own))
        self.assertEqual([zone for zone in own if store.silent(zone)], ["silent.example"])


if __name__ == "__main__":
    unittest.main()
