"""Reading DMARC reports beside parsedmarc 11.1.0, in one run: CPU and memory; exit status 1 if one row misses its mark.

Each measurement runs in a fresh process that has read one small report before, so that what is imported costs neither.
Both are given the same files and have to count the same mails in them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _rows import parser, row, show

LARGE, SMALL, FEW = 50_000, 1_000, 10  # records of the large report; small reports, and records of each
MIN_RATIO = 10.0
MAX_MEBIBYTES = 60
MAX_SECONDS = 5.0  # of 1,000 small ones; to read and store them may take 15
# The best turn counts, for whatever else this machine does only makes it worse. Ours are shorter and as many more: all of
# them together take the time of one of theirs.
OUR_TURNS, THEIR_TURNS = 9, 3
PEER = Path(__file__).with_name("_parsedmarc.py")

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<feedback>
  <report_metadata>
    <org_name>receiver.example</org_name>
    <email>noreply-dmarc-support@receiver.example</email>
    <extra_contact_info>https://receiver.example/dmarc</extra_contact_info>
    <report_id>{number}</report_id>
    <date_range>
      <begin>1790812800</begin>
      <end>1790899199</end>
    </date_range>
  </report_metadata>
  <policy_published>
    <domain>firm.example</domain>
    <adkim>r</adkim>
    <aspf>r</aspf>
    <p>quarantine</p>
    <sp>quarantine</sp>
    <pct>100</pct>
  </policy_published>
"""
RECORD = """  <record>
    <row>
      <source_ip>{ip}</source_ip>
      <count>{count}</count>
      <policy_evaluated>
        <disposition>{disposition}</disposition>
        <dkim>{dkim}</dkim>
        <spf>{spf}</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <envelope_to>{to}</envelope_to>
      <envelope_from>{sender}</envelope_from>
      <header_from>{domain}</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>{domain}</domain>
        <result>{dkim}</result>
        <selector>{selector}</selector>
      </dkim>
      <spf>
        <domain>{sender}</domain>
        <scope>mfrom</scope>
        <result>{spf}</result>
      </spf>
    </auth_results>
  </record>
"""


def report(records: int, number: int) -> str:
    """A report of so many records, each with an address of its own; the rest is drawn from what one domain really has."""
    draw = random.Random(number)
    pieces = [HEAD.format(number=number)]
    for at in range(records):
        dkim, spf = draw.choice(("pass", "pass", "fail")), draw.choice(("pass", "fail", "softfail"))
        domain = draw.choice(("firm.example", "news.firm.example", "shop.firm.example"))
        pieces.append(RECORD.format(
            ip=f"{10 + at % 7}.{at >> 16}.{at >> 8 & 255}.{at & 255}", count=draw.randint(1, 90), dkim=dkim,
            spf="fail" if spf == "softfail" else spf, disposition="none" if "pass" in (dkim, spf) else "quarantine",
            to=f"customer{draw.randint(1, 40)}.example", sender=draw.choice((domain, f"bounces{draw.randint(1, 9)}.esp.example")),
            domain=domain, selector=f"s{draw.randint(1, 6)}"))
    return "".join([*pieces, "</feedback>\n"])


def measure(paths: list[str]) -> dict:
    """Read the first of these files, then the others, and tell what those took."""
    from mailauth import reports

    def read(path: str) -> tuple[int, int]:
        with Path(path).open("rb") as file:
            found, = reports.read(file)
        return found.messages, found.passed

    read(paths[0])
    before, cpu = peak(), time.process_time()
    said = [read(path) for path in paths[1:]]
    return {
        "seconds": time.process_time() - cpu,
        "mebibytes": peak() - before,
        "said": [sum(column) for column in zip(*said)],
    }


def peak() -> float:
    """MiB of memory that this process had at most; not those of the one that started it, which getrusage() counts, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(python: str | Path, program: Path, folder: Path, pattern: str, turns: int) -> dict:
    """What it took to read the files like this, the best of so many turns."""
    given = [str(folder / "first.xml"), *sorted(map(str, folder.glob(pattern)))]
    found = []
    for _turn in range(turns):
        ran = subprocess.run(
            [python, program, "--measure"], check=True, input=json.dumps(given), stdout=subprocess.PIPE, text=True)
        found.append(json.loads(ran.stdout))
    return min(found, key=lambda turn: turn["seconds"])


def peer_python() -> Path | None:
    """The Python of an environment with parsedmarc; ``None`` if it cannot be had."""
    import python_packages
    from speech import Missing

    try:
        return python_packages.parsedmarc()
    except Missing as missing:
        print(f"parsedmarc cannot be installed: {missing}", file=sys.stderr)
        return None


def main() -> int:
    """Print the rows."""
    arguments = parser(__doc__)
    arguments.add_argument("--alone", action="store_true", help="without parsedmarc")
    arguments.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.measure:
        print(json.dumps(measure(json.load(sys.stdin))))
        return 0
    peer = None if chosen.alone else peer_python()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "first.xml").write_text(report(2, 0))
        (folder / "large.xml").write_text(report(LARGE, 1))
        for number in range(SMALL):
            (folder / f"small{number:04}.xml.gz").write_bytes(gzip.compress(report(FEW, 2 + number).encode()))
        for title, pattern, limits in (
            (f"a report of {LARGE:,} records", "large*", {"ratio_at_least": MIN_RATIO}),
            (f"{SMALL:,} reports of {FEW} records in gzip", "small*", {"at_most": MAX_SECONDS}),
        ):
            ours = measured(sys.executable, Path(__file__), folder, pattern, OUR_TURNS)
            theirs = measured(peer, PEER, folder, pattern, THEIR_TURNS) if peer else None
            same = theirs is None or theirs["said"] == ours["said"]
            rows.append(row(f"{title}, s CPU", ours["seconds"], theirs=theirs and theirs["seconds"], ok=same, **limits))
            if pattern == "large*":
                rows.append(row(f"{title}, MiB more", ours["mebibytes"], theirs=theirs and theirs["mebibytes"],
                                at_most=MAX_MEBIBYTES))
    return show(rows, chosen.json)


if __name__ == "__main__":
    sys.exit(main())
