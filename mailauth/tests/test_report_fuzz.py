"""Any zone, any failure: the whole report is made, in bounds, and failures only ever take knowledge away."""

from __future__ import annotations

import asyncio
import json
import unittest

from hypothesis import given
from hypothesis import strategies as st

from .. import CODES, DomainQuery, Path, Resolver, Selector, Service, check_domains
from ..service import Envelope
from ..verdict import State
from .dns_server import DnsServer
from .fuzz import examples
from .test_spf_fuzz import master

DOMAIN = "example.test"
# A whole look at one domain. SPF's tree may take some 250 by itself (see spf/walk.py), twice where an
# authorisation has to be worked out; DKIM 6 a selector, DMARC's walk 8 and as many again for each envelope.
MOST_QUESTIONS = 700
MOST_CHARACTERS = 1_000_000  # of the report as JSON

_NAMES = (
    "@", "_dmarc", "dmarc", "s1._domainkey", "s2._domainkey", "_domainkey", "_mta-sts", "mta-sts", "_smtp._tls", "spf", "_spf",
    "bounce", "_dmarc.bounce", "mx", "p1", "p2", "example.test._report._dmarc.rua", "rua",
)
_WORDS = (
    b"v=spf1 ", b"include:p1.example.test ", b"include:p2.example.test ", b"mx ", b"a ", b"ip4:192.0.2.0/24 ", b"ptr ",
    b"exists:%{l}.%{d} ", b"-all", b"~all", b"+all", b"redirect=p1.example.test", b"exp=p2.example.test",
    b"v=DMARC1; ", b"p=reject; ", b"p=none; ", b"sp=quarantine;", b"np=x;", b"psd=y;", b"t=y;", b"adkim=s;", b"aspf=s; ",
    b"rua=mailto:a@rua.example.test,mailto:b@other.test!10m; ", b"ruf=x", b"v=DKIM1; ", b"k=rsa; ", b"k=ed25519;", b"p=;",
    b"p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", b"p=MIIB", b"h=sha1;", b"s=x;", b"v=STSv1; id=", b"1;", b"v=TLSRPTv1; ",
    b"rua=https://x.test/;", b"\xe2\x80\x9c", b'"', b"\\", b"\x00", b"\xff\xfe", b"=", b";", b" ",
)
_TEXTS = st.lists(st.one_of(st.sampled_from(_WORDS), st.binary(max_size=6)), max_size=8).map(b"".join).map(master)
_TARGETS = st.sampled_from([f"{name}.{DOMAIN}." for name in _NAMES[1:]] + [f"{DOMAIN}.", "gone.other.test.", "."])
_RECORDS = st.one_of(
    _TEXTS.map("TXT {}".format),
    _TEXTS.map("TXT {}".format),
    st.sampled_from(["A 192.0.2.7", "A 127.0.0.1", "AAAA 2001:db8::7", "AAAA ::1"]),
    st.builds("MX {} {}".format, st.sampled_from([0, 10]), _TARGETS),
    _TARGETS.filter(lambda target: target != ".").map("CNAME {}".format),
    _TARGETS.filter(lambda target: target != ".").map("NS {}".format),
)
_LINES = st.tuples(st.sampled_from(_NAMES), _RECORDS)
_GOOD = (
    ("@", 'TXT "v=spf1 include:p1.example.test -all"'), ("p1", 'TXT "v=spf1 ip4:192.0.2.0/24 -all"'),
    ("@", "MX 10 mx"), ("mx", "A 192.0.2.9"), ("_dmarc", 'TXT "v=DMARC1; p=reject; rua=mailto:a@rua.example.test"'),
    ("s1._domainkey", 'TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'),
)


def zone_text(lines: list[tuple[str, str]]) -> str:
    """Lines of a zone, each name either an alias or not, as master files want it; the last word counts."""
    aliases = {name: record for name, record in lines if record.startswith("CNAME") and name != "@"}
    kept = [(name, record) for name, record in lines if name not in aliases and not (name == "@" and "CNAME" in record)]
    kept = list(dict.fromkeys([*kept, *aliases.items()]))
    return "\n".join(f"{name} {record}" for name, record in kept)


_ZONES = st.builds(
    lambda good, more: zone_text([*good, *more]),
    st.lists(st.sampled_from(_GOOD), unique=True, max_size=len(_GOOD)) | st.just(list(_GOOD)),
    st.lists(_LINES, max_size=8),
)
_SERVICES = st.sampled_from([
    None,
    Service("kept", "Kept", "include:p1.example.test", Envelope.KEEP, (Selector("s1"),), signs=True),
    Service("two", "Two", "include:p2.example.test", Envelope.KEEP, (Selector("s1", "rua.example.test"), Selector("s2")),
            needs_all_selectors=False),
    Service("own", "Own", None, Envelope.REPLACE, (Selector("s2", "p1.example.test"),)),
    Service("below", "Below", None, Envelope.SUBDOMAIN, (Selector("s1"),), signs=True, bounce_subdomain="bounce"),
    Service("both", "Both", "include:p1.example.test mx", Envelope.SUBDOMAIN, (Selector("s2"),), bounce_subdomain="p2"),
    Service("unsure", "Unsure", "mx", Envelope.UNKNOWN),
])
_QUERIES = st.builds(
    lambda services, envelope, selectors: DomainQuery(
        DOMAIN, selectors=selectors, dmarc_report_address=f"d@{DOMAIN}", addresses=(("192.0.2.7", f"mx.{DOMAIN}"),),
        paths=tuple(Path(str(n), DOMAIN, envelope, service) for n, service in enumerate(services))),
    st.lists(_SERVICES, max_size=2),
    st.sampled_from([f"bounce@{DOMAIN}", f"b@bounce.{DOMAIN}", "b@other.test"]),
    st.sampled_from([(), ("s1",), ("s1", "s2", "\x00..")]),
)
_FAILURES = st.lists(
    st.tuples(st.sampled_from(_NAMES), st.sampled_from(["TXT", "MX", "A", "AAAA", "NS", "SOA", "CNAME", "*"])),
    min_size=1, max_size=3,
)


class Fuzz(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DnsServer({DOMAIN: ""}).start()
        cls.addClassCleanup(cls.server.stop)

    def look(self, zone: str, query: DomainQuery, failures=(), behaviour: str = "servfail"):
        self.server.set_zone(DOMAIN, zone)
        self.server.clear_scripts()
        for name, rdtype in failures:
            self.server.script(DOMAIN if name == "@" else f"{name}.{DOMAIN}", rdtype, behaviour)
        self.server.log.clear()
        resolver = Resolver([self.server.address], timeout=2.0, attempts=1, deadline=30.0)
        (report,) = asyncio.run(check_domains(resolver, [query]))
        self.assertLessEqual(len(self.server.log), MOST_QUESTIONS)
        return report

    @given(_ZONES, _QUERIES, st.lists(_LINES, max_size=2), st.sampled_from(["servfail", "refused", "garbage", "formerr"]))
    @examples(40)
    def test_any_zone_gives_a_report_of_json_types_and_of_codes_that_there_are(self, zone, query, failing, behaviour):
        report = self.look(zone, query, [(name, "*") for name, _record in failing], behaviour)
        self.assertLess(len(json.dumps(report.to_dict())), MOST_CHARACTERS)
        for finding in report.findings:
            self.assertIn(finding.code, CODES)
            if finding.span is not None:
                self.assertLessEqual(finding.span[1], len(finding.record))

    @given(_ZONES, _QUERIES, _FAILURES)
    @examples(40)
    def test_what_does_not_answer_leaves_each_verdict_as_it_is_or_unknown(self, zone, query, failures):
        whole, less = self.look(zone, query), self.look(zone, query, failures)
        about = f"{zone}\n{failures}"
        for key, verdict in whole.paths.items():
            self.assertIn(less.paths[key].state, (verdict.state, State.UNKNOWN), about)
        self.assertIn(less.state, (whole.state, State.UNKNOWN), about)
        for area in ("gate", "spf", "dkim", "dmarc"):
            before, after = getattr(whole, area), getattr(less, area)
            self.assertIn(after.state, (before.state, State.UNKNOWN), f"{area} {before} {after}\n{about}")


if __name__ == "__main__":
    unittest.main()
