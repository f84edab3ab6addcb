#!/usr/bin/env bash
# A DMARC report is of the day from 2026-10-01 00:00 to 23:59:59 in UTC, said in seconds since 1970 (RFC 7489 appendix C,
# "date_range"), and has one record. A machine in New York reads it. Of which time are the report, and its record?
# Guess: of the same, in UTC or in local time.
# Seen: parsedmarc says that the report begins on 2026-09-30 at 20:00 and its only record on 2026-10-01 at 00:00: the first is
# local time, the second UTC, and neither says which. In Kiritimati the report begins 14 hours after its record.
# Needs bash and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

PARSEDMARC=11.1.0

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "parsedmarc==$PARSEDMARC" tzdata==2025.2

cat >report.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<feedback><report_metadata><org_name>receiver.example</org_name><email>dmarc@receiver.example</email>
<report_id>r1</report_id><date_range><begin>1790812800</begin><end>1790899199</end></date_range></report_metadata>
<policy_published><domain>firm.example</domain><adkim>r</adkim><aspf>r</aspf><p>none</p></policy_published>
<record><row><source_ip>192.0.2.1</source_ip><count>7</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
<identifiers><header_from>firm.example</header_from></identifiers>
<auth_results><spf><domain>firm.example</domain><result>pass</result></spf></auth_results></record></feedback>
XML
cat >times.py <<'PYTHON'
import parsedmarc

report = parsedmarc.parse_report_file("report.xml", offline=True)["report"]
[record] = report["records"]
print("report", report["report_metadata"]["begin_date"], "record", record["interval_begin"])
PYTHON
for zone in UTC America/New_York Pacific/Kiritimati; do
    echo "$zone: $(TZ=$zone venv/bin/python times.py 2>log)"
done | tee seen
diff - seen <<'SEEN'
UTC: report 2026-10-01 00:00:00 record 2026-10-01 00:00:00
America/New_York: report 2026-09-30 20:00:00 record 2026-10-01 00:00:00
Pacific/Kiritimati: report 2026-10-01 14:00:00 record 2026-10-01 00:00:00
SEEN
