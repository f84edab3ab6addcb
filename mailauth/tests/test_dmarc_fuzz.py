"""DMARC under any text and any lack of answers: nothing raises, nothing is accused, the walk is the standard's."""

from __future__ import annotations

import asyncio
import json
import string
import unittest

from hypothesis import given
from hypothesis import strategies as st

from .. import dmarc
from ..dmarc.record import means_dmarc
from ..dns.answer import MailExchange
from .fuzz import World, examples, text

POLICIES = ("none", "quarantine", "reject")
HOSTS = ("example.com", "rua.test", "sub.example.com", "localhost", "b.a", "a")
UNKNOWN_CODES = {
    "dmarc.unanswered", "dmarc.external_unknown", "dmarc.destination_unknown", "dmarc.alignment_unknown",
}

policy_values = st.sampled_from((*POLICIES, "REJECT", "rejct", "", "none sp=none"))
tag = st.one_of(
    st.tuples(st.sampled_from(("p", "sp", "np")), policy_values),
    st.tuples(st.sampled_from(("adkim", "aspf")), st.sampled_from("rsx")),
    st.tuples(st.just("psd"), st.sampled_from("ynux")),
    st.tuples(st.just("t"), st.sampled_from("yn")),
    st.tuples(st.just("pct"), st.sampled_from(("0", "50", "100", "x"))),
    st.tuples(st.just("fo"), st.sampled_from(("0", "1:d", "x"))),
    st.tuples(st.sampled_from(("rua", "ruf")), st.lists(
        st.sampled_from((*(f"mailto:d@{host}" for host in HOSTS), "d@x", "https://x.test/", "")), max_size=4,
    ).map(",".join)),
    st.tuples(st.text(string.ascii_letters, min_size=1, max_size=4), st.text(max_size=6)),
)
record = st.lists(tag, max_size=6).map(lambda tags: "; ".join(["v=DMARC1", *(f"{name}={value}" for name, value in tags)]))
noise = st.one_of(st.text(max_size=80), st.text('v=DMARC1; p=nojectrua:mailto@.,!“”"\\', max_size=80))


def mutated(base):
    """A record with some of its characters replaced, left out or doubled."""
    edits = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 3), st.text(max_size=2)), max_size=5)

    def apply(pair):
        value, changes = pair
        for place, length, insertion in changes:
            place %= len(value) + 1
            value = value[:place] + insertion + value[place + length :]
        return value

    return st.tuples(base, edits).map(apply)


any_text = st.one_of(record, mutated(record), noise)
domains = st.lists(st.sampled_from("ab"), min_size=1, max_size=11).map(".".join)


def seen(policy: dmarc.Policy) -> None:
    """Everything that a report makes of a policy: known codes, JSON parameters, spans inside the record."""
    for found in policy.findings:
        assert found.code in dmarc.CODES, found.code
        assert len(json.dumps(dict(found.params))) < 4000, found
        if found.span:
            assert 0 <= found.span[0] <= found.span[1] <= len(found.record), found


class AnyRecord(unittest.TestCase):
    @examples(300)
    @given(any_text)
    def test_any_text_is_read(self, value):
        parsed = dmarc.parse(value)
        self.assertEqual(parsed.valid, dmarc.is_dmarc(value))
        if parsed.valid:
            self.assertTrue(means_dmarc(value))
        for found in parsed.problems:
            self.assertIn(found.code, dmarc.CODES)
            json.dumps(dict(found.params))
            if found.span:
                self.assertTrue(0 <= found.span[0] <= found.span[1] <= len(value), (value, found))

    @examples(300)
    @given(st.fixed_dictionaries({}, optional={
        "p": st.sampled_from(POLICIES), "sp": st.sampled_from(POLICIES), "np": st.sampled_from(POLICIES),
        "adkim": st.sampled_from("rs"), "aspf": st.sampled_from("rs"), "psd": st.sampled_from("ynu"),
        "t": st.sampled_from("yn"),
    }), st.sampled_from((";", "; ", " ; ", ";\t")), st.sampled_from(("=", " = ", "= ")))
    def test_good_record_is_read_back(self, tags, separator, equals):
        value = separator.join(f"{name}{equals}{what}" for name, what in {"v": "DMARC1", **tags}.items())
        parsed = dmarc.parse(value)
        self.assertTrue(parsed.valid)
        for name in ("p", "sp", "np"):
            self.assertEqual(getattr(parsed, name), tags.get(name))
        self.assertEqual((parsed.adkim, parsed.aspf, parsed.psd, parsed.testing),
                         (tags.get("adkim", "r"), tags.get("aspf", "r"), tags.get("psd", "u"), tags.get("t") == "y"))
        self.assertFalse({found.code for found in parsed.problems} & {"dmarc.bad_policy", "dmarc.bad_tag", "dmarc.stray_text"})


def walk_by_the_book(domain: str, records: dict[str, str]) -> tuple[str, str | None]:
    """RFC 9989 §4.10 and §4.10.2 step by step: the organizational domain, and the domain whose record applies."""
    labels = domain.split(".")
    targets = [labels]
    rest = labels[1:] if len(labels) < 8 else labels[-7:]
    while rest:
        targets.append(rest)
        rest = rest[1:]
    found = []
    for target in targets:
        name = ".".join(target)
        if name in records:
            psd = records[name]
            found.append((name, psd))
            if psd in "yn":
                break
    organization = None
    for name, psd in found:
        if psd == "n":
            organization = name
        elif psd == "y" and name != domain:
            below = len(name.split(".")) + 1
            organization = ".".join(labels[-below:])
        if organization:
            break
    if organization is None:
        organization = min((name for name, _psd in found), key=lambda name: name.count("."), default=domain)
    with_record = [name for name, _psd in found]
    for candidate in (domain, organization, *(name for name, psd in found if psd == "y")):
        if candidate in with_record:
            return organization, candidate
    return organization, None


class TheWalk(unittest.TestCase):
    @examples(200)
    @given(domains, st.dictionaries(st.integers(0, 11), st.sampled_from("ynu"), max_size=5))
    def test_walk_is_the_standards(self, domain, placed):
        labels = domain.split(".")
        records = {".".join(labels[start:]): psd for start, psd in placed.items() if start < len(labels)}
        world = World({(f"_dmarc.{name}", "TXT"): (text(f"v=DMARC1; p=reject; psd={psd}"),) for name, psd in records.items()})
        policy = asyncio.run(dmarc.discover(world, domain))
        self.assertEqual((policy.organizational_domain, policy.policy_domain), walk_by_the_book(domain, records))
        self.assertLessEqual(len(set(world.asked)), 10)


class AnyWorld(unittest.TestCase):
    """Worlds with any records and any unanswered questions."""

    def look(self, records, failing=frozenset()):
        world = World(records, failing)

        async def everything():
            policy = await dmarc.inspect(
                world, "c.b.a", envelope_domains=["d.b.a", "b.a"], signing_domains=["example.com", "c.b.a"])
            return policy, await dmarc.aligned(world, policy, "c.b.a", "d.b.a", strict=False)

        policy, aligned = asyncio.run(everything())
        seen(policy)
        self.assertLessEqual(len(set(world.asked)), 100)  # bounded whatever the records say
        return policy, aligned, world

    texts = st.dictionaries(
        st.sampled_from((
            "_dmarc.c.b.a", "_dmarc.b.a", "_dmarc.a", "_dmarc.d.b.a", "c.b.a", "dmarc.c.b.a", "_dmarc.com",
            "_dmarc.example.com", "_dmarc.sub.example.com", "c.b.a._report._dmarc.rua.test", "b.a._report._dmarc.rua.test",
            "_dmarc.c.b.a.c.b.a", "c.b.a._report._dmarc.example.com",
        )),
        st.lists(any_text, min_size=1, max_size=3), max_size=7,
    )
    hosts = st.dictionaries(st.sampled_from((*HOSTS, "c.b.a")), st.sampled_from(("MX", "A", "null")), max_size=4)

    def world_of(self, texts, hosts):
        records = {(name, "TXT"): tuple(text(value) for value in values) for name, values in texts.items()}
        for name, kind in hosts.items():
            if kind == "A":
                records[name, "A"] = ("192.0.2.1",)
            else:
                records[name, "MX"] = (MailExchange(0, "" if kind == "null" else "mx.example.com"),)
        return records

    @examples(120)
    @given(texts, hosts, st.data())
    def test_less_answers_mean_less_knowledge_and_never_another_fact(self, texts, hosts, data):
        records = self.world_of(texts, hosts)
        whole, whole_aligned, world = self.look(records)
        failing = frozenset(data.draw(st.sets(st.sampled_from(sorted(set(world.asked))), max_size=6)))
        part, part_aligned, _world = self.look(records, failing)
        if part.status != "unknown":
            for field in ("status", "record", "policy_domain", "requested", "applied"):
                self.assertEqual(getattr(part, field), getattr(whole, field), field)
        self.assertIn(part.organizational_domain, (whole.organizational_domain, None))
        for field in ("subdomain_policy", "nonexistent_policy"):
            self.assertIn(getattr(part, field), (getattr(whole, field), None))
        self.assertLessEqual(whole.possible, part.possible)
        self.assertIn(part_aligned, (whole_aligned, None))
        accusations = {(found.code, found.name) for found in part.findings if found.code not in UNKNOWN_CODES}
        self.assertLessEqual(accusations, {(found.code, found.name) for found in whole.findings})


if __name__ == "__main__":
    unittest.main()
