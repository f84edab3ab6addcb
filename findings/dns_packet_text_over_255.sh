#!/usr/bin/env bash
# A DKIM key of 2048 bits is a text of some 400 characters. In a DNS packet a text stands in strings of at most 255 octets, as
# many as it takes (RFC 1035 §3.3.14; RFC 6376 §3.6.2.2). A program gives the text, as one string, to the npm package dns-packet
# and gets a packet.
# Guess: the package divides the text, or it throws an error and the program has to.
# Seen: neither. It writes the length modulo 256 before the whole text: no error, and a packet that neither its own reader nor
# another one can read. With 255 characters all is well, so that a domain with short records never shows it.
# Needs bash, node with npm and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

DNS_PACKET=5.6.1 DNSPYTHON=2.8.0

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

npm install --silent --no-audit --no-fund --ignore-scripts "dns-packet@$DNS_PACKET" >/dev/null
python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "dnspython==$DNSPYTHON"

# As long as the record of such a key, and always the same.
key="v=DKIM1; k=rsa; p=$(seq 1000 | head -c 294 | base64 -w 0)"
cat >write.js <<'JS'
const packets = require("dns-packet");
const key = process.argv[2];
for (const [name, data] of Object.entries({
  short: key.slice(0, 255),
  divided: [key.slice(0, 255), key.slice(255)],
  whole: key,
})) {
  const packet = packets.encode({
    type: "response", id: 1, flags: packets.AUTHORITATIVE_ANSWER,
    questions: [{ type: "TXT", name: "s1._domainkey.firm.example" }],
    answers: [{ type: "TXT", name: "s1._domainkey.firm.example", ttl: 60, data }],
  });
  require("fs").writeFileSync(name, packet);
  let read;
  try {
    read = `${Buffer.concat(packets.decode(packet).answers[0].data).length} characters`;
  } catch {
    read = "unreadable";
  }
  console.log(name, "dns-packet:", read);
}
JS
cat >read.py <<'PYTHON'
import pathlib

import dns.exception
import dns.message

for name in ("short", "divided", "whole"):
    try:
        text = b"".join(dns.message.from_wire(pathlib.Path(name).read_bytes()).answer[0][0].strings)
        print(name, "dnspython:", len(text), "characters")
    except dns.exception.FormError:
        print(name, "dnspython: unreadable")
PYTHON
{
    node write.js "$key"
    venv/bin/python read.py
} | tee seen
for reader in dns-packet dnspython; do
    printf "%s $reader: %s\n" short "255 characters" divided "${#key} characters" whole unreadable
done | diff - seen
