#!/usr/bin/env bash
# An SPF record may cost ten lookups; "if this limit is exceeded", it is a permanent error (RFC 7208 §4.6.4). A domain's record
# costs exactly ten, in ten includes, and ends with "ip4:198.51.100.1 -all", which cost nothing. What becomes of mail from
# 198.51.100.1?
# Guess: it passes, and a stranger's fails: ten are allowed.
# Seen: Haraka's plugin stops before any term that comes after the tenth lookup, also one without a lookup: both are a permanent
# error, and "-all" is never reached. With nine includes it is as guessed, and with pyspf it is with ten.
# Needs bash, node with npm and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

HARAKA_SPF=1.3.0 PYSPF=2.0.14 DNSPYTHON=2.8.0

here=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$here"
}
trap finish EXIT
cd "$here"

npm install --silent --no-audit --no-fund --ignore-scripts "haraka-plugin-spf@$HARAKA_SPF" >/dev/null
python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "pyspf==$PYSPF" "dnspython==$DNSPYTHON"

cat >zone.py <<'PYTHON'
"""A name server on loopback: nine.test and ten.test include as many names, and each of these has one network."""
import socket
import sys

import dns.flags
import dns.message
import dns.rrset

RECORDS = {f"s{number}.test.": f"v=spf1 ip4:192.0.2.{number} -all" for number in range(1, 11)}
for domain, count in (("nine.test.", 9), ("ten.test.", 10)):
    includes = " ".join(f"include:s{number}.test" for number in range(1, count + 1))
    RECORDS[domain] = f"v=spf1 {includes} ip4:198.51.100.1 -all"
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
    udp.bind(("127.0.0.1", 0))
    with open(sys.argv[1], "w") as told:
        told.write(str(udp.getsockname()[1]))
    while True:
        octets, client = udp.recvfrom(4096)
        query = dns.message.from_wire(octets)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA
        name, rdtype = query.question[0].name, query.question[0].rdtype.name
        if rdtype == "TXT" and (text := RECORDS.get(name.to_text().lower())):
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", f'"{text[:200]}" "{text[200:]}"'))
        udp.sendto(answer.to_wire(max_size=4096), client)
PYTHON
venv/bin/python zone.py port &
server=$!
while [ ! -s port ]; do kill -0 "$server"; sleep 0.1; done
port=$(cat port)

cat >ask.js <<'JS'
const { SPF } = require("haraka-plugin-spf/lib/spf");
const resolver = new (require("dns").promises.Resolver)();
const [port, ...pairs] = process.argv.slice(2);
resolver.setServers([`127.0.0.1:${port}`]);
(async () => {
  for (const pair of pairs) {
    const [domain, ip] = pair.split("/");
    const spf = new SPF();
    spf.resolver = resolver;
    spf.helo = "mail.firm.test";
    console.log("Haraka", domain, ip, spf.result(await spf.check_host(ip, domain, `bounce@${domain}`)).toLowerCase());
  }
})();
JS
cat >ask.py <<'PYTHON'
import sys

import dns.resolver

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv[1])
dns.resolver.default_resolver = resolver
import spf  # noqa: E402

for pair in sys.argv[2:]:
    domain, ip = pair.split("/")
    print("pyspf", domain, ip, spf.check2(i=ip, s=f"bounce@{domain}", h="mail.firm.test")[0])
PYTHON
# Behind an include, behind "ip4:", a stranger.
pairs=({nine,ten}.test/{192.0.2.9,198.51.100.1,203.0.113.1})
{
    node ask.js "$port" "${pairs[@]}" 2>log | grep ^Haraka  # it says first how many suffixes it has loaded
    venv/bin/python ask.py "$port" "${pairs[@]}"
} | tee seen
diff - seen <<'SEEN'
Haraka nine.test 192.0.2.9 pass
Haraka nine.test 198.51.100.1 pass
Haraka nine.test 203.0.113.1 fail
Haraka ten.test 192.0.2.9 pass
Haraka ten.test 198.51.100.1 permerror
Haraka ten.test 203.0.113.1 permerror
pyspf nine.test 192.0.2.9 pass
pyspf nine.test 198.51.100.1 pass
pyspf nine.test 203.0.113.1 fail
pyspf ten.test 192.0.2.9 pass
pyspf ten.test 198.51.100.1 pass
pyspf ten.test 203.0.113.1 fail
SEEN
