#!/usr/bin/env bash
# Values in Authentication-Results stand in quotes where they are no plain word (RFC 8601 §2.2: pvalue; RFC 2045 §5.1), such as
# the address in brackets of a client without a name. authres writes that field, and reads what it wrote, and one of another
# server whose mail has no bounce address: smtp.mailfrom="". Which values does it read?
# Guess: those that stand there; at least those that it wrote itself.
# Seen: a value in quotes is only read at the end of its result; before another property it is gone, without an error. And for
# the empty one it takes the property that follows: mail that comes from the address "smtp.helo=mail.firm.test".
# Needs bash and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

AUTHRES=1.2.0

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "authres==$AUTHRES"

cat >fields.py <<'PYTHON'
from authres import AuthenticationResultsHeader, SPFAuthenticationResult


def show(field):
    print(field.partition(" ")[2])
    for result in AuthenticationResultsHeader.parse(field).results:
        print("   ", *(f"{value.type}.{value.name} is {value.value};" for value in result.properties))


for sender in ("jane@firm.test", None):
    spf = SPFAuthenticationResult(result="pass", smtp_helo="[192.0.2.1]", smtp_mailfrom=sender)
    show(str(AuthenticationResultsHeader(authserv_id="mx.shop.test", results=[spf])))
show('Authentication-Results: mx.shop.test; spf=pass smtp.mailfrom="" smtp.helo=mail.firm.test')
PYTHON
venv/bin/python fields.py | tee seen
diff - seen <<'SEEN'
mx.shop.test; spf=pass smtp.helo="[192.0.2.1]" smtp.mailfrom=jane@firm.test
    smtp.mailfrom is jane@firm.test;
mx.shop.test; spf=pass smtp.helo="[192.0.2.1]"
    smtp.helo is [192.0.2.1];
mx.shop.test; spf=pass smtp.mailfrom="" smtp.helo=mail.firm.test
    smtp.mailfrom is smtp.helo=mail.firm.test;
SEEN
