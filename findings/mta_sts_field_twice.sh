#!/usr/bin/env bash
# The policy file of a domain (MTA-STS) says "mode: testing", and below it, where somebody added a line later, "mode: enforce";
# so it is with max_age. Of a field that is there twice, "all entries except for the first SHALL be ignored" (RFC 8461 §3.2).
# Guess: every program reads "testing", or says that the file is wrong.
# Seen: checkdmarc reads the first and warns. postfix-mta-sts-resolver (Postfix's, which decides how mail is sent) and Postal
# Systems' package for Node.js, which is named as the engine here is, read the last: "enforce", for a week.
# Needs bash, node with npm and python3 (3.10 or newer) with venv. Exit status 1 if the behaviour is another one.
set -euo pipefail

CHECKDMARC=6.0.4 RESOLVER=1.5.1 POSTAL=4.13.3

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

npm install --silent --no-audit --no-fund --ignore-scripts "mailauth@$POSTAL" >/dev/null
python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "checkdmarc==$CHECKDMARC" "postfix-mta-sts-resolver==$RESOLVER"

printf '%s\r\n' 'version: STSv1' 'mode: testing' 'mx: mail.example.com' 'max_age: 86400' 'mode: enforce' 'max_age: 604800' >policy
cat >read.py <<'PYTHON'
import pathlib

from checkdmarc.mta_sts import parse_mta_sts_policy as checkdmarc
from postfix_mta_sts_resolver.utils import parse_mta_sts_policy as resolver

text = pathlib.Path("policy").read_bytes().decode()
for name, policy in (("checkdmarc", checkdmarc(text)["policy"]), ("postfix-mta-sts-resolver", resolver(text))):
    print(name, policy["mode"], policy["max_age"])
PYTHON
cat >read.js <<'JS'
const { parsePolicy } = require("mailauth/lib/mta-sts");
const policy = parsePolicy(require("fs").readFileSync("policy"));
console.log("mailauth", policy.mode, policy.maxAge);
JS
{
    venv/bin/python read.py
    node read.js
} | tee seen
printf '%s\n' "checkdmarc testing 86400" "postfix-mta-sts-resolver enforce 604800" "mailauth enforce 604800" | diff - seen
