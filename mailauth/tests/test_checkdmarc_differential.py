"""The parsers of SPF and DMARC records held against checkdmarc 6.0.4, over thousands of generated records.

Each record is valid for both, or for neither, or every reason of the difference stands in a
table below with the rule that decides it; a reason whose example shows no difference is an
error too. What both take for valid they read alike. Why both refuse a record is not compared: checkdmarc tells
the one place where its grammar stops, in words, and ours every fault with its span (the RFC has no reasons).
checkdmarc runs in an environment of its own, for what it
needs is not what we need (see `_checkdmarc_peer.py`). MAILAUTH_FUZZ=20 makes more records, and others.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import unittest
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .. import dmarc, spf
from ..dmarc.record import ACTIVE_TAGS, REMOVED_TAGS
from .fuzz import FACTOR, seed

COUNT = max(1, int(2000 * FACTOR))
PEER = Path(__file__).with_name("_checkdmarc_peer.py")
TEXT_AFTER_ALL = re.compile(r"(?:^|\s)[+\-~?]?all\s+(?=.)", re.IGNORECASE)


# Stand for the error that they cause, where it can be seen what was meant.
GUESSES = {"spf.quotes", "spf.glued_terms", "spf.syntax_separator"}


@dataclass(frozen=True)
class Reason:
    """Why the two differ, which rule says who is right, and a record that shows it."""

    example: str
    why: str
    applies: Callable[..., bool]


def term_of(record: str, problem) -> spf.Term | None:
    """The term in which the problem lies."""
    at = problem.span[0]
    return next((term for term in spf.parse(record).terms if term.span[0] <= at < term.span[1]), None)


def after_all(record: str, problem) -> bool:
    found = TEXT_AFTER_ALL.search(record)
    return found is not None and problem.span[0] >= found.end()


def in_unknown_modifier(record: str, problem) -> bool:
    term = term_of(record, problem)
    return problem.code in {"spf.syntax_macro", *GUESSES} and term.kind == "modifier" and term.name not in ("redirect", "exp")


def behind_a_macro(record: str, problem) -> bool:
    term = term_of(record, problem)
    return problem.code in {"spf.syntax_prefix_length", *GUESSES} and term.name in ("a", "mx") and "%" in term.text


# An error of ours that checkdmarc does not have: applies(record, problem).
SPF_ONLY_OURS = (
    Reason(
        "v=spf1 -all ip4:192.0.2",
        "RFC 7208 §4.6: syntax errors *anywhere* in the record make permerror; checkdmarc does not read what "
        "follows the first all. Ours is right.",
        after_all,
    ),
    Reason(
        "v=spf1 a:com -all",
        "RFC 7208 §7.1: a domain-spec ends in a toplabel behind a dot, or in a macro, else it is a syntax error "
        "(§4.6); checkdmarc warns, or does not look if there is a macro. Ours is right.",
        lambda record, problem: problem.code in {"spf.syntax_domain", "spf.syntax_address_as_name", *GUESSES}
            and term_of(record, problem).domain_spec is not None,
    ),
    Reason(
        "v=spf1 moo=%{d -all",
        "RFC 7208 §6, §12: the value of an unknown modifier is a macro-string; checkdmarc does not look at it. "
        "Ours is right.",
        in_unknown_modifier,
    ),
    Reason(
        "v=spf1 exp=%{c}.a.b -all",
        "RFC 7208 §7.2: the letters c, r and t belong into the text of an explanation; the value of exp is a "
        "domain-spec (§6.2), its text is what is found there. checkdmarc takes the one for the other. Ours is "
        "right.",
        lambda record, problem: problem.code == "spf.syntax_macro" and problem.params["reason"] == "exp_only_letter"
            and term_of(record, problem).name == "exp",
    ),
    Reason(
        "v=spf1 a:%{d}/33 -all",
        "RFC 7208 §5.6, §12: it is checked like any other; checkdmarc does not look if there is a macro. Ours is "
        "right.",
        behind_a_macro,
    ),
    Reason(
        "v=spf1mx -all",
        "RFC 7208 §4.5: a space or the end follows v=spf1; checkdmarc's parser does without (its look-up does "
        "not). Ours is right.",
        lambda record, problem: problem.code == "spf.syntax_version" and re.match("v=spf1[^ ]", record.lstrip()) is not None,
    ),
    Reason(
        " v=spf1 -all",
        "RFC 7208 §4.5: the record begins with its version; checkdmarc's parser skips white space (its look-up "
        "does not). Ours is right.",
        lambda record, problem: problem.code == "spf.syntax_version" and record[0] in " \t",
    ),
    Reason(
        '"v=spf1 -all"',
        "RFC 7208 §4.5: a quote is part of the record; checkdmarc's parser drops quotes around it. Ours is right.",
        lambda record, problem: record.startswith('"') and problem.code == "spf.syntax_version"
            or record.startswith('"') and record.endswith('"') and problem.span[1] == len(record),
    ),
    Reason(
        "v=spf1 redirect=example.test redirect=p1.example.test",
        "RFC 7208 §4.6: the whole record is read before any of it is followed; checkdmarc stops at the loop that it "
        "comes to first (the record is example.test's). Ours is right.",
        lambda record, problem: re.search(
            r"(?:redirect=|include:)example\.test\.?(?= |\Z)", record[:problem.span[0]], re.IGNORECASE) is not None,
    ),
    Reason(
        "v=spf1\ta -all",
        "RFC 7208 §4.6.1, §12: spaces alone stand between terms; checkdmarc takes tabs too. Ours is right.",
        lambda record, problem: problem.code == "spf.syntax_character" and record[slice(*problem.span)] == "\t",
    ),
)
# An error of checkdmarc's in a record that is right for us: applies(record, its words).
SPF_ONLY_THEIRS = (
    Reason(
        "V=SPF1 -all",
        "RFC 7208 §4.5, §12 with RFC 5234 §2.3: the version is read without regard to case; checkdmarc selects "
        "such a record and then refuses it. Ours is right.",
        lambda record, text: "Expected" in text and record[:6].lower() == "v=spf1" != record[:6],
    ),
    Reason(
        "v=spf1 a:mail.for-all ?all",
        "RFC 7208 §7.1: a toplabel may have hyphens, so that a name may end in -all; checkdmarc takes it for a "
        "lost space. Ours is right.",
        lambda record, text: "Expected whitespace before 'all'" in text
            and re.search(r"[:=][^ ]*[+\-~?]all(?= |\Z)", record, re.IGNORECASE) is not None,
    ),
    Reason(
        "v=spf1 a:a.b/c.d -all",
        "RFC 7208 §7.1: a domain-spec may have slashes (macro-literal), the prefix length is what stands at the "
        "end; checkdmarc takes it to begin at the first one. Ours is right.",
        lambda record, text: "is not a valid CIDR prefix length" in text
            and re.search(r" [+\-~?]?(?:a|mx):[^ /]+/[^ ]*\.[^ ]*", record, re.IGNORECASE) is not None,
    ),
)

# What makes a record faulty, whatever receivers then do with it (they go on without the part: RFC 9989 §4.8).
DMARC_FAULTS = {
    "dmarc.bad_version", "dmarc.bad_policy", "dmarc.bad_tag", "dmarc.bad_uri", "dmarc.duplicate_tag", "dmarc.stray_text",
    "dmarc.empty_tag", "dmarc.uri_separator",
}
URI_REASONS = ("bad_character", "no_address", "slashes", "space")
DMARC_ONLY_OURS = (
    Reason(
        "v=DMARC1; p=none; adkim=x",
        "RFC 9989 §4.8: receivers go on with the default; checkdmarc warns, ours says the same as an error. No "
        "difference in effect.",
        lambda record, problem: problem.code == "dmarc.bad_tag" and problem.params["tag"] in ("adkim", "aspf", "fo"),
    ),
    Reason(
        "v=DMARC1; p=none; rua=mailto:a!b@example.test",
        "RFC 9989 §4.8: the whole item is a URI, with commas and exclamation marks encoded; checkdmarc looks for "
        "an address at its beginning. Ours is right.",
        lambda record, problem: problem.code == "dmarc.uri_separator"
            or problem.code == "dmarc.bad_uri" and problem.params["reason"] in URI_REASONS,
    ),
    Reason(
        "v=DMARC1; p=none; rua=mailto:a@b_c.test",
        "RFC 6068 §2: what follows the @ is a domain name; checkdmarc takes any letters, dots, hyphens and "
        "underscores. Ours is right.",
        lambda record, problem: problem.code == "dmarc.bad_uri" and problem.params["reason"] == "bad_host",
    ),
    Reason(
        "v=DMARC1; p=none; x=y; x=z",
        "RFC 6376 §3.2, which RFC 9989 §4.7 follows, forbids it for any name; checkdmarc looks at the tags that "
        "it knows. Ours is right, and without effect (RFC 9989 §4.8).",
        lambda record, problem: problem.code == "dmarc.duplicate_tag"
            and problem.params["tag"] not in (*ACTIVE_TAGS, *REMOVED_TAGS),
    ),
    Reason(
        " v=DMARC1; p=none",
        "RFC 9989 §4.8: the record begins with its version; checkdmarc's parser skips white space (its look-up "
        "does not). Ours is right.",
        lambda record, problem: problem.code == "dmarc.bad_version" and problem.params["reason"] == "leading_space",
    ),
    Reason(
        '"v=DMARC1; p=none"',
        "RFC 9989 §4.8: a quote is part of a value; checkdmarc drops quotes around the record. Ours is right.",
        lambda record, problem: record.startswith('"') and problem.code == "dmarc.bad_version"
            or record.endswith('"') and problem.span[1] == len(record),
    ),
)
DMARC_ONLY_THEIRS = (
    Reason(
        "v=DMARC1; p=none; a1=b",
        "RFC 9989 §4.8: a name is of letters, but what has no right syntax is ignored; checkdmarc refuses the "
        "record. To us it is an unknown tag.",
        lambda record, text: "Expected" in text
            and any(not re.fullmatch("[A-Za-z]+", tag.name) for tag in dmarc.parse(record).tags),
    ),
    Reason(
        "v=DMARC1; p=none; rua=mailto:a@example.test,\tmailto:b@example.test",
        "RFC 9989 §4.8: white space around a comma may be a tab; checkdmarc refuses the record. Ours is right.",
        lambda record, text: "Expected" in text and any("\t" in tag.value for tag in dmarc.parse(record).tags),
    ),
    Reason(
        "v=DMARC1; p=none; pct=",
        "RFC 9989 §4.7, §4.8: unknown and removed tags are ignored, whatever their value; checkdmarc refuses the "
        "record. Ours is right.",
        lambda record, text: "Expected" in text
            and any(not re.fullmatch("[ -~]+", tag.value) and tag.name.lower() not in ACTIVE_TAGS
                   for tag in dmarc.parse(record).tags),
    ),
)

SPF_GOOD = (
    "ip4:192.0.2.1", "ip4:192.0.2.0/24", "ip6:2001:db8::/32", "ip6:2001:DB8::1", "a", "mx", "a/24", "mx//64", "a/24//64",
    "a:h.example.test", "MX:example.com/28//64", "include:p1.example.test", "include:%{d2}", "exists:%{ir}.%{v}._spf.%{d}",
    "ptr", "ptr:example.com", "a:%{o}", "exists:%{l1r+-}.b.test", "moo=x", "ra=postmaster", "exists:_x._y.test",
)
SPF_ENDS = ("-all", "~all", "?all", "all", "", "", "redirect=p1.example.test", "redirect=%{d2}", "exp=e.example.test", "-ALL")
SPF_NAMES = ("a", "mx", "ip4", "ip6", "include", "exists", "ptr", "all", "redirect", "exp", "moo", "A", "1a", "ra", "", "ipv4")
SPF_VALUES = (
    "", "example.test", "h1.example.test.", "192.0.2.1", "192.0.2.1/24", "192.0.2.1/33", "192.0.2", "192.0.2.256",
    "192.0.2.01", "2001:db8::1", "2001:db8::1/129", "::1/0", "::1%1", "::ffff:192.0.2.1", "24", "33", "/64", "24//64", "//129",
    "024", "example.-com", "com", "com.", "%{d}", "%{d", "%{x}", "%{d2r.-}.h1.example.test", "%d", "%%.a.b", "a..b",
    "%{c}.a.b", "%{D0}.a.b", "%{s5R}", "h1.example.test/24", "h1.example.test/33", "%{d}/33", "%{d}/24//64", "a.123", "a.1b",
    "a.b-", "example.test:8080", "a.b%-", "a.b%_c", "e.f-all", "%{d}.", "%{d}x", "a.b/c.d", "a.b.", "a.b..",
)
SPF_SIGNS = (" ", "  ", "\t", ":", "=", "/", ".", "-", "+", "~", "?", "%", "{", "}", ",", ";", '"', "a", "1", "_", "é", "\x7f")


def mutated(chance: random.Random, record: str, signs: tuple[str, ...]) -> str:
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(record) + 1)
        record = record[:at] + chance.choice((*signs, "")) + record[at + chance.randrange(3) :]
    return record


def spf_record(chance: random.Random) -> str:
    """Mostly right terms, some made of parts that do not belong together, some records damaged anywhere."""
    def term() -> str:
        if chance.random() < 0.75:
            return chance.choice(("", "", "+", "-", "~", "?")) + chance.choice(SPF_GOOD)
        parts = ("", "", "-", "+", "?"), SPF_NAMES, (":", ":", "=", "/", "", "::"), SPF_VALUES
        return "".join(map(chance.choice, parts))

    terms = [term() for _ in range(chance.randint(0, 3))]
    terms.insert(len(terms) if chance.random() < 0.8 else chance.randint(0, len(terms)), chance.choice(SPF_ENDS))
    record = " ".join([chance.choice(("v=spf1",) * 12 + ("V=SPF1", "v=spf1 ")), *terms]).rstrip(" ")
    return mutated(chance, record, SPF_SIGNS) if chance.random() < 0.3 else record


DMARC_TAGS = {
    "p": ("none", "quarantine", "reject", "REJECT", "rejct", ""),
    "sp": ("none", "quarantine", "reject", "Reject", "x"),
    "np": ("none", "quarantine", "reject", "x"),
    "adkim": ("r", "s", "S", "x"),
    "aspf": ("r", "s", "x", ""),
    "fo": ("0", "1", "d", "s", "1:d:s", "0:1", "d:d", "x", "D:S", "0:d", "d:0:s", "1:"),
    "psd": ("y", "n", "u", "U", "x"),
    "t": ("y", "n", "Y", "x"),
    "pct": ("100", "50", "x"),
    "ri": ("86400",),
    "rf": ("afrf",),
    "rua": (
        "mailto:a@example.test", "mailto:a@example.test,mailto:b@example.test", "mailto:a@example.test , mailto:b@b.test",
        "mailto:a@example.test!10m", "mailto:a@example.test!10x", "a@example.test", "mailto:a", "mailto:", "", ",",
        "mailto:a@example.test,", "https://r.test/x", "MAILTO:a@example.test", "mailto:a@b.test mailto:c@d.test",
        "mailto:a b@c.test", "mailto:a@b.test?subject=x", "mailto:a%21@b.test", "mailto:a!b@c.test", "mailto:@b.test",
        "mailto:a@b", "mailto:a@b..test", "mailto:a@b_c.test", "mailto:a@@b.test", "mailto:a@b.test;", "mailto://a@b.test",
        "mailto:a+b.c@d.test", "mailto:a@-b.test",
    ),
    "x": ("y", "é", ""),
    "foo_bar": ("1",),
    "a1": ("b",),
}
DMARC_TAGS["ruf"] = DMARC_TAGS["rua"]
DMARC_VERSIONS = ("v=DMARC1",) * 16 + ("V=DMARC1", "v = DMARC1", "v=dmarc1", "v=DMARC1 ", "v=DMARC2", "v=DMARC1.0", " v=DMARC1", "")
DMARC_SIGNS = (" ", ";", ";;", "=", ",", ":", "!", "@", "a", "1", '"', "\\;", "\t", "é", ".", "%", "p=none")


def dmarc_record(chance: random.Random) -> str:
    """The same for tags."""
    names = ["p"] if chance.random() < 0.9 else []
    pick = chance.choices if chance.random() < 0.1 else chance.sample  # choices: some tag twice
    names += pick([name for name in DMARC_TAGS if name != "p"], k=chance.randint(0, 4))

    def value(name: str) -> str:
        return chance.choice(DMARC_TAGS[name][: 2 if chance.random() < 0.8 else None])

    def tag(name: str) -> str:
        return chance.choice((name,) * 9 + (name.upper(),)) + chance.choice(("=",) * 8 + (" = ",)) + value(name)

    tags = [tag(name) for name in names]
    separator = chance.choice(("; ", "; ", "; ", ";", " ;\t"))
    record = separator.join([chance.choice(DMARC_VERSIONS), *tags])
    record += chance.choice(("", "", ";", " ; "))
    return mutated(chance, record, DMARC_SIGNS) if chance.random() < 0.2 else record


class Differential(unittest.TestCase):
    """Both read the same records; checkdmarc in one process for all of a test."""

    def peer(self, kind: str, records: list[str]) -> list[dict]:
        python = os.environ.get("MAILAUTH_CHECKDMARC_PYTHON")
        if not python:
            self.fail("MAILAUTH_CHECKDMARC_PYTHON is missing: the Python of an environment with checkdmarc 6.0.4 "
                      "(./dev/test makes one)")
        ran = subprocess.run(
            [python, "-I", "-B", PEER], input="".join(json.dumps([kind, record]) + "\n" for record in records),
            capture_output=True, text=True, check=False, timeout=60 * max(1, FACTOR),
        )
        self.assertEqual(ran.returncode, 0, ran.stderr[-2000:])
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def compare(self, kind: str, generated: list[str], problems_of, only_ours, only_theirs, values_of) -> None:
        examples = [reason.example for reason in (*only_ours, *only_theirs)]
        records = examples + generated
        unexplained, unlike, differing, valid = [], [], set(), 0
        for record, said in zip(records, self.peer(kind, records), strict=True):
            problems = problems_of(record)
            if said["error"] is None and problems:
                differing.add(record)
                reasons, differences = only_ours, problems
            elif said["error"] is not None and not problems:
                differing.add(record)
                reasons, differences = only_theirs, [said["text"]]
            else:
                if said["error"] is None and "values" in said:
                    valid += 1
                    ours = values_of(record)
                    if ours != said["values"]:
                        unlike.append((record, ours, said["values"]))
                continue
            unexplained += [
                (record, difference) for difference in differences
                if not any(reason.applies(record, difference) for reason in reasons)
            ]
        self.assertEqual(unexplained[:5], [], f"and {len(unexplained)} in all that no reason explains")
        self.assertEqual(unlike[:5], [], f"and {len(unlike)} in all that are read otherwise")
        self.assertEqual(set(examples) - differing, set(), "no reason is needed here any more")
        self.assertGreater(valid, len(generated) // 4)

    def test_spf_records_are_right_and_wrong_for_both(self):
        def values_of(record: str) -> dict:
            results = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
            terms = [[results[term.qualifier], term.name] for term in spf.parse(record).terms if term.kind == "mechanism"]
            names = [name for _result, name in terms] + ["all"]
            end = names.index("all")
            return {"mechanisms": terms[:end], "all": terms[end][0] if end < len(terms) else "neutral"}

        chance = random.Random(seed(7208))
        records = [spf_record(chance) for _ in range(COUNT)]
        self.compare("spf", records, lambda record: spf.parse(record).errors, SPF_ONLY_OURS, SPF_ONLY_THEIRS, values_of)

    def test_dmarc_records_are_right_and_wrong_for_both(self):
        def values_of(record: str) -> dict:
            """Ours under their names. Without p there is no policy, or none by name, which `effect` tells."""
            read = dmarc.parse(record)
            p = read.p or "none"
            found = {
                "v": "DMARC1", "p": p, "sp": read.sp or p, "np": read.np or read.sp or p, "adkim": read.adkim, "aspf": read.aspf,
                "psd": read.psd, "t": "y" if read.testing else "n", "fo": read.values.get("fo", "0").lower(),
            }
            for name, uris in (("rua", read.rua), ("ruf", read.ruf)):
                if uris:
                    found[name] = [address(uri) for uri in uris]
            return found

        def address(uri) -> str:
            return uri.text[len("mailto:"):].partition("?")[0] if uri.scheme == "mailto" else uri.text

        def problems_of(record: str) -> list:
            read = dmarc.parse(record)
            return [problem for problem in read.problems if problem.code in DMARC_FAULTS] or (
                [] if read.valid else list(read.problems))

        chance = random.Random(seed(9989))
        records = [dmarc_record(chance) for _ in range(COUNT)]
        self.compare("dmarc", records, problems_of, DMARC_ONLY_OURS, DMARC_ONLY_THEIRS, values_of)


if __name__ == "__main__":
    unittest.main()
