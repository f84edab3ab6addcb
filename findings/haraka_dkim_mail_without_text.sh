#!/usr/bin/env bash
# Somebody sends a mail that is all in its subject; the body is empty. It is signed with "c=relaxed/relaxed", as most mail is.
# Canonicalized so, an empty body stays empty (RFC 6376 §3.4.4), and its hash is that of nothing, 47DEQpj8…; with "simple" it
# becomes one line end (§3.4.3). Does the signature verify?
# Guess: yes, with both.
# Seen: Haraka makes a line end of an empty body with "relaxed", too, and says that the body hash did not verify. So it is with a
# body of blanks and empty lines; OpenDKIM and dkimpy verify each of the mails.
# Needs Debian 12: bash, openssl, node with npm, python3 with venv, and apt-get with lists. Exit status 1 if the behaviour is
# another one.
set -euo pipefail

DKIMPY=1.1.8 HARAKA_DKIM=1.3.1
OPENDKIM=(libopendkim11=2.11.0~beta2-8+deb12u1 libdb5.3=5.3.28+dfsg2-1 libbsd0=0.11.7-2 libmd0=1.0.4-2)

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

npm install --silent --no-audit --no-fund --ignore-scripts "haraka-plugin-dkim@$HARAKA_DKIM" >/dev/null
python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "dkimpy==$DKIMPY"
apt-get -q download "${OPENDKIM[@]}" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" debian; done
libraries=$(echo "$here"/debian/usr/lib/*-linux-gnu)

openssl genrsa -traditional -out private 2048 2>/dev/null
key="v=DKIM1; k=rsa; p=$(openssl rsa -in private -pubout -outform DER 2>/dev/null | base64 -w 0)"
echo "s1._domainkey.firm.test $key" >keys

# Each verifier gets the key from memory or a file, in place of an answer from DNS.
cat >verify.py <<'PYTHON'
"""Signs the mails, then verifies them with dkimpy and, through its library, with OpenDKIM."""
import ctypes
import pathlib
import sys

import dkim

HEADER = b"From: jane@firm.test\r\nTo: bob@shop.test\r\nSubject: Yes, at ten\r\nDate: Mon, 02 Nov 2026 12:05:00 +0000\r\n\r\n"
BODIES = {"text": b"Hello Bob.\r\n", "empty": b"", "blank": b" \r\n\r\n"}
SET, QUERY_METHOD, QUERY_INFO, FROM_FILE = 1, 6, 7, 1  # opendkim/dkim.h
opendkim = ctypes.CDLL("libopendkim.so.11")
opendkim.dkim_init.restype = opendkim.dkim_verify.restype = ctypes.c_void_p
library = ctypes.c_void_p(opendkim.dkim_init(None, None))
method, file = ctypes.c_int(FROM_FILE), ctypes.create_string_buffer(b"keys")
opendkim.dkim_options(library, SET, QUERY_METHOD, ctypes.byref(method), ctypes.c_size_t(ctypes.sizeof(method)))
opendkim.dkim_options(library, SET, QUERY_INFO, file, ctypes.c_size_t(len(file)))


def verify(mail):
    status, testing = ctypes.c_int(), ctypes.c_bool()
    verifier = ctypes.c_void_p(opendkim.dkim_verify(library, b"1", None, ctypes.byref(status)))
    opendkim.dkim_chunk(verifier, mail, ctypes.c_size_t(len(mail)))
    opendkim.dkim_chunk(verifier, None, ctypes.c_size_t(0))
    return opendkim.dkim_eom(verifier, ctypes.byref(testing)) == 0


for way in (b"relaxed", b"simple"):
    for name, body in BODIES.items():
        private = pathlib.Path("private").read_bytes()
        mail = dkim.sign(HEADER + body, b"s1", b"firm.test", private, canonicalize=(b"relaxed", way)) + HEADER + body
        pathlib.Path(f"{way.decode()}-{name}.eml").write_bytes(mail)
        verified = dkim.verify(mail, dnsfunc=lambda *_given, **_more: sys.argv[1].encode())
        for verifier, passes in (("dkimpy", verified), ("OpenDKIM", verify(mail))):
            print(verifier, f"{way.decode()}-{name}", "pass" if passes else "fail")
PYTHON
cat >verify.js <<'JS'
const dns = require("dns");
const fs = require("fs");
const { DKIMVerifyStream } = require("haraka-plugin-dkim/lib/dkim");

DKIMVerifyStream.prototype.debug = require("haraka-plugin-dkim/lib/dkim-object").prototype.debug = () => {};
dns.promises.resolveTxt = async () => [[process.argv[2]]];
(async () => {
  for (const mail of fs.readdirSync(".").filter((name) => name.endsWith(".eml"))) {
    const [result, why] = await new Promise((done) => {
      const told = (_error, verified, [signature]) => done([verified, signature.error || ""]);
      const stream = new DKIMVerifyStream({ timeout: 5 }, told);
      stream.write(fs.readFileSync(mail));
      stream.end();
    });
    console.log("Haraka", mail.replace(".eml", ""), result, why);
  }
})();
JS
{
    LD_LIBRARY_PATH=$libraries venv/bin/python verify.py "$key"
    node verify.js "$key"
} | sed 's/ *$//' | LC_ALL=C sort | tee seen
for verifier in Haraka OpenDKIM dkimpy; do
    case $verifier in Haraka) relaxed='fail body hash did not verify' ;; *) relaxed=pass ;; esac
    printf "$verifier %s\n" "relaxed-blank $relaxed" "relaxed-empty $relaxed" "relaxed-text pass" simple-{blank,empty,text}" pass"
done | diff - seen
