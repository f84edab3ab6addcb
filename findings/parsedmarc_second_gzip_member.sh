#!/usr/bin/env bash
# A DMARC report of 100 mails comes as a gzip file of two members, as a writer makes it that appends while it compresses
# (RFC 1952 §2.2: members simply follow one another; gzip -d and Python's gzip unpack both). How many mails does it tell of?
# Guess: 100, or the file is refused.
# Seen: parsedmarc unpacks the first member, mends the XML that ends there, and tells of 60 mails: no exception, exit status 0,
# and a line among the report's own errors that says nothing of mails that are missing.
# Needs bash, gzip and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

PARSEDMARC=11.1.0

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "parsedmarc==$PARSEDMARC"

record() {
    cat <<XML
<record><row><source_ip>192.0.2.$1</source_ip><count>$2</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
<identifiers><header_from>firm.example</header_from></identifiers>
<auth_results><spf><domain>firm.example</domain><result>pass</result></spf></auth_results></record>
XML
}
{
    cat <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<feedback><report_metadata><org_name>receiver.example</org_name><email>dmarc@receiver.example</email>
<report_id>r1</report_id><date_range><begin>1790812800</begin><end>1790899199</end></date_range></report_metadata>
<policy_published><domain>firm.example</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><sp>none</sp><pct>100</pct></policy_published>
XML
    record 1 60
} | gzip >report.xml.gz
{
    record 2 40
    echo '</feedback>'
} | gzip >>report.xml.gz

cat >count.py <<'PYTHON'
import gzip
import xml.etree.ElementTree

import parsedmarc

whole = xml.etree.ElementTree.fromstring(gzip.open("report.xml.gz").read())
print("in the file", sum(int(count.text) for count in whole.iter("count")))
report = parsedmarc.parse_report_file("report.xml.gz", offline=True)["report"]
print("parsedmarc", sum(record["count"] for record in report["records"]))
PYTHON
venv/bin/python count.py 2>log | tee seen
printf 'in the file 100\nparsedmarc 60\n' | diff - seen
