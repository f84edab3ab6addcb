"""Whole mails as they were received (`received/`): what `python -m mailauth arrival --json` has to say of each.

A case is a folder: `mail.eml`, `zone.txt` (the zones that its domains have, each begun by its `$ORIGIN`) and
`expected.json`, whose names are dotted: `dmarc.result` is `result` in `dmarc`.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import unittest
from pathlib import Path

from ..__main__ import main
from .dns_server import DnsServer

CASES = sorted(path for path in Path(__file__).with_name("received").iterdir() if path.is_dir())


def zones(text: str) -> dict[str, str]:
    """The zones of one text by their names."""
    _before, *parts = re.split(r"^\$ORIGIN[ \t]+(\S+)\.[ \t]*$", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def at(found: object, name: str) -> object:
    """The value at a dotted name."""
    for key in name.split("."):
        found = found[int(key)] if isinstance(found, list) else found[key]
    return found


class TestCases(unittest.TestCase):
    def test_each_mail_is_read_as_its_case_expects(self):
        self.assertGreaterEqual(len(CASES), 2)
        for case in CASES:
            with self.subTest(case.name), DnsServer(zones(Path(case, "zone.txt").read_text())) as server:
                with contextlib.redirect_stdout(io.StringIO()) as out:
                    main(["arrival", str(case / "mail.eml"), "--json", "--nameserver", "%s:%s" % server.address])
                found = json.loads(out.getvalue())
                for name, expected in json.loads(Path(case, "expected.json").read_text()).items():
                    self.assertEqual(at(found, name), expected, name)


if __name__ == "__main__":
    unittest.main()
