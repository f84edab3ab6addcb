"""What the map of the repository names is there: whoever follows it finds the file, and what is said to stand in it."""

from __future__ import annotations

import re
import subprocess
import unittest

from places import CHECKOUT

MAP = "docs/architecture.md"
# What a newcomer comes for, and the file that the row of it has to name.
WALKS = {
    "a finding": "texts/findings/", "a mail service": "data/mail_sending_service_data.xml",
    "a DNS host": "data/mail_dns_provider_data.xml", "a state": "mailauth/verdict/state.py", "a wording": "texts/",
    "when something is announced": "checking/announcement.py",
}
_CODE = re.compile(r"`([^`]+)`")
_PATH = re.compile(r"(?:\./)?[\w<>.*-]+(?:/[\w<>.*-]*)*")
_ENDINGS = (".py", ".js", ".xml", ".json", ".md", ".po", ".pot", ".toml")


def named(line: str) -> list[tuple[str, str]]:
    """``(path, what stands in it)`` of each file or folder that a line names; of `x.py: function` the function."""
    found = []
    for code in _CODE.findall(line):
        path, _colon, inside = code.partition(": ")
        if _PATH.fullmatch(path) and (path.endswith(("/", *_ENDINGS)) or path.startswith("./")):
            found.append((path.removeprefix("./"), inside))
    return found


def resolve(path: str, folders: list[str]) -> list:
    """The files that a name stands for: from the checkout's root, or from a folder that the same line names."""
    pattern = re.sub(r"<\w+>", "*", path.rstrip("/"))
    return [found for folder in ("", *folders) for found in CHECKOUT.glob(f"{folder}{pattern}")]


class DocsTest(unittest.TestCase):
    def setUp(self):
        self.text = (CHECKOUT / MAP).read_text("utf-8")
        self.rows = {row.split("|")[1].strip(): row for row in self.text.splitlines() if row.startswith("|")}

    def test_each_file_that_the_map_names_is_there_with_what_is_said_to_stand_in_it(self):
        count = 0
        for line in self.text.splitlines():
            names = named(line)
            folders = [path for path, _inside in names if path.endswith("/") and "<" not in path]
            for path, inside in names:
                if path == "i18n/<code>.po":
                    continue
                with self.subTest(path=path):
                    found = resolve(path, folders)
                    self.assertTrue(found, path)
                    if inside:
                        self.assertTrue(any(re.search(rf"\b{inside}\b", file.read_text("utf-8")) for file in found), inside)
                count += 1
        self.assertGreater(count, 80)

    def test_a_name_that_is_gone_is_noticed(self):
        self.assertEqual(named("`sending/gone.py`, `check_now`, `x.py: step`"), [("sending/gone.py", ""), ("x.py", "step")])
        self.assertFalse(resolve("sending/gone.py", []))

    def test_links_lead_somewhere(self):
        for file in (CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", CHECKOUT / "CHANGELOG.md", *(CHECKOUT / "docs").glob("*.md")):
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)", file.read_text("utf-8")):
                if "://" not in target:
                    with self.subTest(file=file.name, target=target):
                        self.assertTrue((file.parent / target).exists())

    def test_every_room_is_on_the_map(self):
        listed = subprocess.run(["git", "-C", CHECKOUT, "ls-files"], capture_output=True, text=True, check=True).stdout
        rooms = {path.partition("/")[0] for path in listed.splitlines() if "/" in path and path.endswith((".py", ".js", ".xml"))}
        self.assertGreater(len(rooms), 10)
        for room in rooms:
            self.assertTrue(f"`{room}/" in self.text, room)

    def test_what_a_newcomer_comes_for_is_one_step_from_the_map(self):
        for what, path in WALKS.items():
            self.assertIn(path, [name for name, _inside in named(self.rows[what])], what)
        self.assertIn("## Follow *Check now*", self.text)


if __name__ == "__main__":
    unittest.main()
