"""The names that others call the engine by: they stay, wherever what they name is moved to."""

from __future__ import annotations

import importlib
import inspect
import unittest

CALLED = {
    "mailauth": {
        "Resolver": ("nameservers", "timeout", "attempts", "deadline", "max_in_flight", "ask", "clock"),
        "DomainQuery": (
            "domain", "selectors", "paths", "dmarc_report_address", "addresses", "confirm", "managed", "subdomains_pass"),
        "Path": ("key", "from_domain", "envelope_from", "service", "in_use"),
        "Service": ("code", "name", "spf_term", "envelope", "selectors", "needs_all_selectors", "signs"),
        "check_domain": ("resolver", "query"),
        "check_domains": ("resolver", "queries"),
        "iter_confirmations": ("resolver", "names", "second", "controls", "idle"),
        "iter_contact_domains": ("resolver", "names", "spf", "idle"),
        "iter_networks": ("resolver", "terms"),
        "iter_registrations": ("resolver", "names", "idle"),
        "iter_reports": ("resolver", "queries", "idle"),
        "look_each_now": ("resolver", "wanted"),
        "parse_nameservers": ("text",),
        "parse_networks": ("text",),
        "read_arrival": ("resolver", "given", "own_domains", "terms"),
        "sees_dns": ("resolver", "controls"),
    },
    "mailauth.spf": {
        "check_host": ("resolver", "ip", "domain", "sender", "helo"),
        "inspect": ("resolver", "domain", "ip", "helo", "sender"),
        "authorises": ("resolver", "service_term", "envelope_domain", "bounce_address"),
        "merge": ("records", "terms", "drop", "known"),
        "networks_of": ("resolver", "service_term"),
        "parse": ("record",),
    },
    "mailauth.dmarc": {
        "discover": ("resolver", "domain"),
        "inspect": ("resolver", "domain", "envelope_domains", "signing_domains"),
    },
    "mailauth.dkim": {"inspect": ("resolver", "domain", "selector", "target")},
    "mailauth.contact": {
        "check_contact_domain": ("resolver", "name", "spf"),
        "check_contact_domains": ("resolver", "names", "spf"),
        "confirm_unreachable": ("resolver", "name", "second", "controls"),
        "likely_typo": ("domain", "unreachable"),
    },
    "mailauth.registration": {"look_up": ("resolver", "name"), "parking_service": ("nameservers",)},
    "mailauth.arrival": {"examine": ("resolver", "given", "own_domains"), "to_dict": ("arrival",)},
    "mailauth.rejections": {"classify": ("text",)},
    "mailauth.verdict": {
        "path_state": ("spf", "dkim", "policy"), "explain": ("facts", "paths"), "State": (), "Spf": (), "Dkim": (),
        "Enforcement": (), "Verdict": ("state", "reasons", "best", "worst"),
    },
    "mailauth.__main__": {"main": ("arguments",)},
    "mailauth.tests.zones": {},
}


class TestPublicNames(unittest.TestCase):
    def test_what_others_call_is_where_it_was_and_takes_what_it_took(self):
        root = __package__.removesuffix("mailauth.tests")  # within Odoo the engine is a part of the add-on
        for module, names in CALLED.items():
            found = importlib.import_module(root + module)
            for name, parameters in names.items():
                with self.subTest(f"{module}.{name}"):
                    takes = inspect.signature(getattr(found, name)).parameters if parameters else ()
                    self.assertLessEqual(set(parameters), set(takes))
                    self.assertEqual([one for one in takes if one in parameters], list(parameters), "in another order")
