#!/usr/bin/env bash
# A report about TLS tells by which MTA-STS policy a sender went: its lines, and which mail hosts it allows, in the member
# "mx-host" (RFC 8460 §4.4, and the example in appendix B). parsedmarc reads the report; its CSV has a column "mx_host_patterns".
# What stands there?
# Guess: the host of "mx-host".
# Seen: nothing, ever. parsedmarc looks for a member "mx-host-pattern": in the RFC's form of a report that is what stands for the
# value, `"mx-host": mx-host-pattern`. It reads it from a report with that member, which by the RFC there is none of.
# Needs bash and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

PARSEDMARC=11.1.0

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "parsedmarc==$PARSEDMARC"

report() {  # the member
    cat <<JSON
{"organization-name": "Receiver", "contact-info": "tls@receiver.example", "report-id": "r1@receiver.example",
"date-range": {"start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z"},
"policies": [{
    "policy": {"policy-type": "sts", "policy-domain": "firm.example",
        "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mail.firm.example", "max_age: 86400"], $1},
    "summary": {"total-successful-session-count": 60, "total-failure-session-count": 0}}]}
JSON
}
report '"mx-host": "*.mail.firm.example"' >text.json
report '"mx-host": ["*.mail.firm.example"]' >list.json
report '"mx-host-pattern": ["*.mail.firm.example"]' >placeholder.json
cat >read.py <<'PYTHON'
import csv
import io
import pathlib

import parsedmarc

for name in ("text", "list", "placeholder"):
    report = parsedmarc.parse_smtp_tls_report_json(pathlib.Path(f"{name}.json").read_text())
    [row] = csv.DictReader(io.StringIO(parsedmarc.parsed_smtp_tls_reports_to_csv(report)))
    print(name, f"policy_strings={row['policy_strings']!r} mx_host_patterns={row['mx_host_patterns']!r}")
PYTHON
venv/bin/python read.py 2>log | tee seen
diff - seen <<'SEEN'
text policy_strings='version: STSv1|mode: enforce|mx: *.mail.firm.example|max_age: 86400' mx_host_patterns=''
list policy_strings='version: STSv1|mode: enforce|mx: *.mail.firm.example|max_age: 86400' mx_host_patterns=''
placeholder policy_strings='version: STSv1|mode: enforce|mx: *.mail.firm.example|max_age: 86400' mx_host_patterns='*.mail.firm.example'
SEEN
