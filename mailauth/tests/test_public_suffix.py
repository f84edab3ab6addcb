"""The public suffix list is read as its own package reads it."""

import unittest

from publicsuffixlist import PublicSuffixList

from ..dns.names import to_ascii
from ..dns.public_suffix import private_suffix, suffix_rules


class TestPublicSuffix(unittest.TestCase):
    def test_every_rule_is_read_as_the_package_reads_it(self):
        package = PublicSuffixList()
        bares = [to_ascii(rule.removeprefix("!").removeprefix("*.")) for rule in suffix_rules()]
        names = {name for bare in bares for name in (
            bare, f"a.{bare}", f"b.a.{bare}", f"c.b.a.{bare}", f"x-{bare}", bare.partition(".")[2] or bare)}
        different = [name for name in names if private_suffix(name) != package.privatesuffix(name)]
        self.assertEqual(different, [])

    def test_rules_of_every_kind(self):
        for name, expected in (
            ("com", None), ("example.com", "example.com"), ("a.b.example.co.uk", "example.co.uk"), ("co.uk", None),
            ("unlisted", None), ("example.unlisted", "example.unlisted"), ("a.example.unlisted", "example.unlisted"),
            ("kawasaki.jp", None), ("a.kawasaki.jp", None), ("b.a.kawasaki.jp", "b.a.kawasaki.jp"),
            ("city.kawasaki.jp", "city.kawasaki.jp"), ("a.city.kawasaki.jp", "city.kawasaki.jp"),
            ("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"), ("xn--p1ai", None),
        ):
            with self.subTest(name=name):
                self.assertEqual(private_suffix(name), expected)


if __name__ == "__main__":
    unittest.main()
