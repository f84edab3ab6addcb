#!/usr/bin/env bash
# A mail service signs twice, as many do: for the customer whose domain stands in From (example.com), and for itself
# (example.net), to be told of complaints. A mail passes DMARC "if any DKIM signature is aligned and verifies" (RFC 7489
# §3.1.1). authheaders (Mailman's) verifies this one. Does it pass?
# Guess: yes, whichever of the signatures is on top.
# Seen: only the one on top is verified and told of. With the service's there, where it signed last, the mail fails DMARC, with
# "policy.dmarc=reject"; the same two fields the other way round pass. dkimpy, which authheaders asks, says that both verify.
# Needs bash, openssl and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

AUTHHEADERS=0.16.3 DKIMPY=1.1.8 AUTHRES=1.2.0

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "authheaders==$AUTHHEADERS" "dkimpy==$DKIMPY" "authres==$AUTHRES"

openssl genrsa -traditional -out private 2048 2>/dev/null
openssl rsa -in private -pubout -outform DER 2>/dev/null | base64 -w 0 >public
cat >verify.py <<'PYTHON'
import pathlib

import authheaders
import dkim

KEY, PUBLIC = pathlib.Path("private").read_bytes(), pathlib.Path("public").read_bytes()
MAIL = b"From: jane@example.com\r\nTo: bob@shop.test\r\nDate: Mon, 02 Nov 2026 12:05:00 +0000\r\n\r\nHello Bob.\r\n"


def txt(name, timeout=5):
    """In place of an answer from DNS: both domains have the key, the customer's has the policy."""
    name = name.decode() if isinstance(name, bytes) else name
    if "_domainkey" in name:
        return b"v=DKIM1; p=" + PUBLIC
    return "v=DMARC1; p=reject" if name.startswith("_dmarc.example.com") else None


customer, service = (dkim.sign(MAIL, b"s1", domain, KEY) for domain in (b"example.com", b"example.net"))
for order, mail in (("customer's on top", customer + service + MAIL), ("service's on top", service + customer + MAIL)):
    verified = [dkim.DKIM(mail).verify(index, dnsfunc=txt) for index in (0, 1)]
    print(f"{order}: dkimpy {verified}, authheaders:")
    print("   ", authheaders.authenticate_message(mail, "mx.shop.test", dnsfunc=txt).partition("; ")[2])
PYTHON
venv/bin/python verify.py | tee seen
diff - seen <<'SEEN'
customer's on top: dkimpy [True, True], authheaders:
    dkim=pass header.d=example.com header.i=@example.com; dmarc=pass (Used From Domain Record) header.from=example.com policy.dmarc=reject
service's on top: dkimpy [True, True], authheaders:
    dkim=pass header.d=example.net header.i=@example.net; dmarc=fail (Used From Domain Record) header.from=example.com policy.dmarc=reject
SEEN
