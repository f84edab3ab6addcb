"""``python -m mailauth.tests.zones spf.ptr``: serve stories and show what the command line says about them."""

from __future__ import annotations

import sys

from ..dns_server import DnsServer
from . import FOLDER, read, run, served


def main(names: list[str]) -> int:
    if not names:
        print("usage: python -m mailauth.tests.zones STORY… [--json]", *sorted(
            file.name.removesuffix(".zone") for file in FOLDER.glob("*.zone")), sep="\n  ")
        return 2
    with DnsServer() as server:
        for name in names:
            if name.startswith("-"):
                continue
            story = read(FOLDER / f"{name}.zone")
            print(story.text)
            with served(server, story):
                for check in story.checks:
                    print(f"\n$ python -m mailauth check {' '.join(check.arguments)}")
                    print(run(server, check, *(word for word in names if word.startswith("-")))[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
