#!/usr/bin/env bash
# A zone file has the DMARC record of a domain and the DKIM key that opendkim-genkey wrote, as it wrote it: text in quotes, with
# semicolons between the tags. Elsewhere a semicolon begins a comment; in quotes any character is text (RFC 1035 §5.1). The npm
# package zone-file reads such files. What does it read?
# Guess: what stands between the quotes.
# Seen: each text is cut at its first semicolon, quotes or not: "v=DMARC1" is left of the policy and "v=DKIM1" of the key,
# without a word, and whoever has the same package write the zone publishes that. SPF, which has no semicolons, stays whole.
# Needs Debian 12: bash, perl, openssl, node with npm, and apt-get with lists. Exit status 1 if the behaviour is another one.
set -euo pipefail

ZONE_FILE=1.0.0 OPENDKIM_TOOLS=2.11.0~beta2-8+deb12u1

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

npm install --silent --no-audit --no-fund --ignore-scripts "zone-file@$ZONE_FILE" >/dev/null
apt-get -q download "opendkim-tools=$OPENDKIM_TOOLS" >/dev/null 2>&1
dpkg-deb -x ./*.deb tools
perl tools/usr/sbin/opendkim-genkey -b 2048 -s s1 -d firm.example

cat >zone - s1.txt <<'ZONE'
$ORIGIN firm.example.
$TTL 3600
@ IN SOA ns1.firm.example. hostmaster.firm.example. ( 1 7200 3600 86400 300 )
@ IN NS ns1.firm.example.
@ IN TXT "v=spf1 mx -all"
_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@firm.example"
ZONE
cat >read.js <<'JS'
const { parseZoneFile, makeZoneFile } = require("zone-file");
const zone = parseZoneFile(require("fs").readFileSync("zone", "utf8"));
for (const { name, txt } of zone.txt) console.log("read", name, JSON.stringify(txt));
for (const line of makeZoneFile(zone).split("\n")) if (/\sTXT\s+"/.test(line)) console.log("written", line.replace(/\s+/g, " "));
JS
tail -n +5 zone | cut -c 1-100
node read.js | tee seen
diff - seen <<'SEEN'
read @ "v=spf1 mx -all"
read _dmarc "v=DMARC1"
read s1._domainkey "v=DKIM1"
written @ IN TXT "v=spf1 mx -all"
written _dmarc IN TXT "v=DMARC1"
written s1._domainkey IN TXT "v=DKIM1"
SEEN
