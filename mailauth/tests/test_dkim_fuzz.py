"""DKIM under any text and any lack of answers: nothing raises, nothing is accused, no damaged key passes."""

from __future__ import annotations

import asyncio
import base64
import json
import unittest

from hypothesis import given
from hypothesis import strategies as st

from .. import dkim
from ..dns.answer import decode_text
from ..service import Selector, Service
from . import dkim_keys as keys
from .fuzz import World, examples, text

KEYS = (keys.RSA_2048, keys.RSA_1024, keys.RSA_768, keys.RSA_2048_PKCS1, keys.EC_P256, keys.PRIVATE_PKCS8)
TARGET = "s.mail.test"
NAME = "s._domainkey.b.a"
UNKNOWN_CODES = {"dkim.unanswered"}

tag = st.one_of(
    st.tuples(st.just("k"), st.sampled_from(("rsa", "ed25519", "RSA", "dsa", ""))),
    st.tuples(st.just("h"), st.sampled_from(("sha256", "sha1", "sha1:sha256", ":", ""))),
    st.tuples(st.just("s"), st.sampled_from(("*", "email", "tlsrpt", "tlsrpt:email"))),
    st.tuples(st.just("t"), st.sampled_from(("y", "s", "y:s", "z"))),
    st.tuples(st.just("n"), st.text(max_size=8)),
    st.tuples(st.sampled_from(("g", "x", "v", "p", "")), st.text(max_size=8)),
    st.tuples(st.just("p"), st.sampled_from((*KEYS, keys.ED25519, ""))),
)
record = st.lists(tag, max_size=6).map(lambda tags: "; ".join(["v=DKIM1", *(f"{name}={value}" for name, value in tags)]))
edits = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 60), st.text('A=; "\\-é', max_size=3)), min_size=1, max_size=4
)


def edit(value: str, changes) -> str:
    for place, length, insertion in changes:
        place %= len(value) + 1
        value = value[:place] + insertion + value[place + length :]
    return value


any_text = st.one_of(record, st.tuples(record, edits).map(lambda pair: edit(*pair)), st.text(max_size=60))


class AnyText(unittest.TestCase):
    @examples(300)
    @given(st.one_of(any_text, st.binary(max_size=120).map(decode_text)))
    def test_any_text_is_read(self, value):
        key = dkim.parse(value)
        dkim.means_key(value)
        self.assertIn(key.status, ("valid", "revoked", "malformed"))
        for found in key.problems:
            self.assertIn(found.code, dkim.CODES)
            self.assertLess(len(json.dumps(dict(found.params))), 4000)
            if found.span:
                self.assertTrue(0 <= found.span[0] <= found.span[1] <= len(value), (value, found))

    @examples(200)
    @given(st.binary(max_size=400), st.sampled_from(("rsa", "ed25519")))
    def test_any_octets_in_p_are_read(self, octets, key_type):
        key = dkim.parse(f"v=DKIM1; k={key_type}; p={base64.b64encode(octets).decode()}")
        if key.status == "valid":
            self.assertEqual(key.key.kind, key_type)

    @examples(200)
    @given(st.sampled_from(KEYS[:3]), st.integers(0, 10_000), st.integers(1, 10_000))
    def test_key_with_a_part_lost_never_passes(self, p, place, length):
        place %= len(p)
        damaged = p[:place] + p[place + length :]
        self.assertNotEqual(dkim.parse(f"v=DKIM1; p={damaged}").status, "valid")

    @examples(100)
    @given(st.lists(st.integers(0, 392), max_size=8), st.text(" \t", min_size=1, max_size=3))
    def test_white_space_anywhere_in_the_key_changes_nothing(self, places, space):
        p = keys.RSA_2048
        for place in sorted(places, reverse=True):
            p = p[:place] + space + p[place:]
        self.assertEqual((dkim.parse(f"v=DKIM1; p={p}").status, dkim.parse(f"v=DKIM1; p={p}").problems), ("valid", ()))


class AnyWorld(unittest.TestCase):
    """Worlds with any records and any unanswered questions."""

    places = (
        NAME, "t._domainkey.b.a", TARGET, "b.a", "s.b.a", "_domainkey.b.a", "s._domainkey.b.a.b.a", "elsewhere.test",
        dkim.inspection.probe_name("b.a"),
    )
    texts = st.dictionaries(st.sampled_from(places), st.lists(any_text, min_size=1, max_size=3), max_size=6)
    aliases = st.dictionaries(
        st.sampled_from((NAME, "t._domainkey.b.a", dkim.inspection.probe_name("b.a"))),
        st.sampled_from((TARGET, "elsewhere.test", "nowhere.test", f"{TARGET}.b.a", NAME)), max_size=3,
    )

    def look(self, records, failing=frozenset()):
        world = World(records, failing)
        results = []

        async def everything():
            results.append(await dkim.inspect(world, "b.a", "s", target=TARGET))
            for needs_all in (True, False):
                service = Service("x", "X", selectors=(Selector("s", TARGET), Selector("t")), needs_all_selectors=needs_all)
                results.append(await dkim.inspect_service(world, "b.a", service))

        asyncio.run(everything())
        for found in self.findings(results):
            self.assertIn(found.code, dkim.CODES)
            self.assertLess(len(json.dumps(dict(found.params))), 4000)
            if found.span:
                self.assertTrue(0 <= found.span[0] <= found.span[1] <= len(found.record), found)
        self.assertLessEqual(len(set(world.asked)), 24)  # bounded whatever the records say
        return results, world

    @staticmethod
    def findings(results):
        report, *services = results
        yield from report.findings
        for service in services:
            yield from service.findings
            for key in service.keys:
                yield from key.findings

    @examples(120)
    @given(texts, aliases, st.data())
    def test_less_answers_mean_less_knowledge_and_never_another_fact(self, texts, aliases, data):
        records = {(name, "TXT"): tuple(text(value) for value in values) for name, values in texts.items()}
        records.update({(name, "CNAME"): (target,) for name, target in aliases.items() if name != target})
        whole, world = self.look(records)
        failing = frozenset(data.draw(st.sets(st.sampled_from(sorted(set(world.asked))), max_size=6)))
        part, _world = self.look(records, failing)
        if part[0].status != "unknown":
            for field in ("status", "record", "bits", "usable"):
                self.assertEqual(getattr(part[0], field), getattr(whole[0], field), field)
        for few, all_of_them in zip(part[1:], whole[1:]):
            self.assertIn(few.enough, (all_of_them.enough, None))
            if all_of_them.status in ("published", "missing"):
                self.assertIn(few.status, (all_of_them.status, "unknown"))
        # A wildcard that did not answer cannot excuse anything: it may hide a finding's reason, not a fact.
        excuses = {"dkim.not_a_key", "dkim.dangling_alias", "dkim.spare_dangling", "dkim.wrong_target",
                   "dkim.target_doubled", "dkim.missing", "dkim.selector_missing", "dkim.selectors_incomplete"}
        accusations = {found.code for found in self.findings(part)} - UNKNOWN_CODES - excuses
        self.assertLessEqual(accusations, {found.code for found in self.findings(whole)})


if __name__ == "__main__":
    unittest.main()
