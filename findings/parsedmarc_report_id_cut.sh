#!/usr/bin/env bash
# Two DMARC reports of one receiver about one domain and day have the ids that RFC 9990 gives as its example of how to make
# them unique: a left side, "@", and a domain. They differ in what stands behind the "@". Which ids do they have when they are read?
# Guess: those that stand in them; they are told apart by nothing else.
# Seen: parsedmarc drops the "@" and what follows: both are the same report then, and whoever goes by the id, as the
# standard asks, keeps one of the two.
# Needs bash and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

PARSEDMARC=11.1.0

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "parsedmarc==$PARSEDMARC"

for host in mx1 mx2; do
    cat >"$host.xml" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<feedback><report_metadata><org_name>receiver.example</org_name><email>dmarc@receiver.example</email>
<report_id>2026-10-01_firm.example@$host.receiver.example</report_id>
<date_range><begin>1790812800</begin><end>1790899199</end></date_range></report_metadata>
<policy_published><domain>firm.example</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><sp>none</sp><pct>100</pct></policy_published>
<record><row><source_ip>192.0.2.1</source_ip><count>7</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
<identifiers><header_from>firm.example</header_from></identifiers>
<auth_results><spf><domain>firm.example</domain><result>pass</result></spf></auth_results></record></feedback>
XML
done
cat >ids.py <<'PYTHON'
import parsedmarc

for name in ("mx1.xml", "mx2.xml"):
    print(parsedmarc.parse_report_file(name, offline=True)["report"]["report_metadata"]["report_id"])
PYTHON
venv/bin/python ids.py 2>log | tee seen
printf '2026-10-01_firm.example\n2026-10-01_firm.example\n' | diff - seen
