"""The peer of bench/reports.py, run in an environment of its own: parsedmarc over the same files, without DNS."""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path

import parsedmarc


def read(path: str) -> tuple[int, int]:
    """How many mails a report tells of, and how many passed."""
    records = parsedmarc.parse_report_file(path, offline=True)["report"]["records"]
    return (sum(record["count"] for record in records),
            sum(record["count"] for record in records if record["alignment"]["dmarc"]))


def peak() -> float:
    """MiB of memory that this process had at most."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Standard input: the files as a list in JSON. The first is read before it is measured."""
    logging.disable(logging.CRITICAL)
    first, *paths = json.load(sys.stdin)
    read(first)
    before, cpu = peak(), time.process_time()
    said = [read(path) for path in paths]
    print(json.dumps({
        "seconds": time.process_time() - cpu,
        "mebibytes": peak() - before,
        "said": [sum(column) for column in zip(*said)],
    }))


if __name__ == "__main__":
    main()
