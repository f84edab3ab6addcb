#!/usr/bin/env bash
# Mail from news.firm.example is signed by bounces.firm.example, as many services do. The policy is relaxed: both have the
# organizational domain firm.example, so that DMARC passes (RFC 7489 §3.1.1), and the receiver's report says so: 60 mails,
# "policy_evaluated" with DKIM and SPF both passed. How many of them passed, says a program that reads such reports?
# Guess: 60. It is in the report, and whoever computes it anew comes to the same.
# Seen: dmark looks at neither: it takes one domain for aligned only if it lies below the other, and says that none
# passed and that a policy of reject would cost 60 legitimate mails.
# Needs bash and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

DMARK=0.5.0

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "dmark==$DMARK"

report() {
    cat <<XML
<?xml version="1.0" encoding="UTF-8"?>
<feedback><report_metadata><org_name>receiver.example</org_name><email>dmarc@receiver.example</email>
<report_id>$1</report_id><date_range><begin>1790812800</begin><end>1790899199</end></date_range></report_metadata>
<policy_published><domain>firm.example</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><sp>none</sp><pct>100</pct></policy_published>
<record><row><source_ip>192.0.2.1</source_ip><count>60</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
<identifiers><header_from>$2</header_from></identifiers>
<auth_results><dkim><domain>$3</domain><selector>s1</selector><result>pass</result></dkim>
<spf><domain>$3</domain><scope>mfrom</scope><result>pass</result></spf></auth_results></record></feedback>
XML
}
report parent firm.example bounces.firm.example >parent.xml
report sibling news.firm.example bounces.firm.example >sibling.xml
for name in parent sibling; do
    echo "$name $(venv/bin/dmark analyze "$name.xml" 2>log | sed -n 's/ *DMARC pass.fail: \([0-9/]*\).*/\1/p')"
done | tee seen
printf 'parent 60/0\nsibling 0/60\n' | diff - seen
