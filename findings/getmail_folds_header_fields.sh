#!/usr/bin/env bash
# A mail with a DKIM signature over the header as it stands (c=simple, RFC 6376 §3.4.1) lies in a mailbox. A program that
# fetches mail copies it into a file. Does the signature verify in the copy?
# Guess: yes. What fetches mail puts fields of its own on top and leaves those of the mail alone.
# Seen: getmail folds a field anew that is longer than 78 characters and holds a semicolon, such as a Content-Type with
# its boundary: "simple" no longer verifies, "relaxed" does. Whoever verifies behind getmail takes good mail for altered.
# Needs bash and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

GETMAIL=6.20.2 DKIMPY=1.1.8

here=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$here"
}
trap finish EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "getmail6==$GETMAIL" "dkimpy==$DKIMPY"
venv/bin/pip --disable-pip-version-check list 2>/dev/null | grep -i "getmail6\|dkimpy "

cat >mailbox.py <<'PYTHON'
"""A POP3 server (RFC 1939) on loopback with one mail for each way of signing; the key is in `key`."""
import base64
import socketserver
import subprocess
import sys

import dkim

subprocess.run(["openssl", "genrsa", "-traditional", "-out", "private", "2048"], check=True, capture_output=True)
public = subprocess.run(["openssl", "rsa", "-in", "private", "-pubout", "-outform", "DER"], check=True, capture_output=True)
open("key", "wb").write(b"v=DKIM1; k=rsa; p=" + base64.b64encode(public.stdout))
private = open("private", "rb").read()
MAIL = (
    b"From: jane@firm.test\r\nTo: bob@shop.test\r\nSubject: %s\r\nDate: Mon, 02 Nov 2026 12:05:00 +0000\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="----=_Part_5391235_1821490954.1583258209466"\r\n\r\n'
    b"------=_Part_5391235_1821490954.1583258209466\r\n\r\nHello Bob.\r\n"
    b"------=_Part_5391235_1821490954.1583258209466--\r\n")
MAILS = []
for way in (b"simple", b"relaxed"):
    mail = MAIL % way
    MAILS.append(dkim.sign(mail, b"s1", b"firm.test", private, canonicalize=(way, way), linesep=b"\r\n") + mail)


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("+OK")
        while True:
            word, *rest = self.rfile.readline().decode().split() or ["QUIT"]
            number = int(rest[0]) - 1 if rest and rest[0].isdigit() else None
            if word == "STAT":
                self.say(f"+OK {len(MAILS)} {sum(map(len, MAILS))}")
            elif word in ("LIST", "UIDL"):
                values = [len(mail) if word == "LIST" else f"id{index}" for index, mail in enumerate(MAILS)]
                if number is None:
                    self.say("+OK", *(f"{index + 1} {value}" for index, value in enumerate(values)), ".")
                else:
                    self.say(f"+OK {number + 1} {values[number]}")
            elif word == "RETR":
                self.wfile.write(b"+OK\r\n" + MAILS[number] + b".\r\n")
            elif word == "CAPA":
                self.say("-ERR")
            else:
                self.say("+OK")
            if word == "QUIT":
                return

    def say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
    open("port", "w").write(str(server.server_address[1]))
    server.serve_forever()
PYTHON
venv/bin/python mailbox.py &
server=$!
while [ ! -s port ]; do sleep 0.1; done
mkdir got
# getmail misses the end of a delivery that takes no time at all: this one takes some.
cat >deliver <<'SH'
cat > "$(mktemp got/XXXXXX)"
sleep 0.3
SH
cat >rc <<RC
[retriever]
type = SimplePOP3Retriever
server = 127.0.0.1
port = $(cat port)
username = bob
password = secret
[destination]
type = MDA_external
path = /bin/sh
arguments = ("$here/deliver",)
allow_root_commands = true
[options]
read_all = true
verbose = 0
RC
venv/bin/getmail --getmaildir "$here" --rcfile "$here/rc" >said 2>&1 || cat said

cat >verify.py <<'PYTHON'
import pathlib

import dkim

key = pathlib.Path("key").read_bytes()
for file in sorted(pathlib.Path("got").iterdir(), key=lambda file: b"Subject: simple" in file.read_bytes()):
    mail = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    way = "simple" if b"Subject: simple" in mail else "relaxed"
    print(way, dkim.verify(mail, dnsfunc=lambda *_given, **_more: key))
PYTHON
venv/bin/python verify.py | tee seen
grep -h -A 1 "^Content-Type" got/* | head -2
printf 'relaxed True\nsimple False\n' | diff - seen
