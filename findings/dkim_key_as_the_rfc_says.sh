#!/usr/bin/env bash
# RFC 6376 §3.6.1 says what stands in "p=" of a DKIM key record: an "ASN.1 DER-encoded RSAPublicKey (see RFC3447, Sections 3.1
# and A.1.1)", in base64. OpenSSL writes exactly that with "-RSAPublicKey_out". A mail is signed with the private key, and the
# record has the public one in that form. Does it verify?
# Guess: yes; a verifier that reads keys in one form only reads the one that the standard names.
# Seen: dkimpy reads it. OpenDKIM, Mail::DKIM (SpamAssassin's) and Haraka do not: they read a SubjectPublicKeyInfo alone (RFC 5280
# §4.1), which wraps the same key, and which the RFC has in its example (appendix C) and names nowhere. Who tests such a key
# with dkimpy sees nothing of that.
# Needs Debian 12: bash, perl, openssl, node with npm, python3 with venv, and apt-get with lists. Exit status 1 if the
# behaviour is another one.
set -euo pipefail

DKIMPY=1.1.8 HARAKA_DKIM=1.3.1
OPENDKIM=(libopendkim11=2.11.0~beta2-8+deb12u1 libdb5.3=5.3.28+dfsg2-1 libbsd0=0.11.7-2 libmd0=1.0.4-2)
PERL=(
    libmail-dkim-perl=1.20230212-2~deb12u1 libmailtools-perl=2.21-2 libcrypt-openssl-rsa-perl=0.33-3+b1
    libcrypt-openssl-bignum-perl=0.09-2+b1 libnet-dns-perl=1.36-1+deb12u1 libmail-authenticationresults-perl=2.20230112-1)

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

npm install --silent --no-audit --no-fund --ignore-scripts "haraka-plugin-dkim@$HARAKA_DKIM" >/dev/null
python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "dkimpy==$DKIMPY"
apt-get -q download "${OPENDKIM[@]}" "${PERL[@]}" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" debian; done
PERL5LIB="$here/debian/usr/share/perl5:$(echo "$here"/debian/usr/lib/*/perl5/*):$(echo "$here"/debian/usr/lib/*/perl5)"
libraries=$(echo "$here"/debian/usr/lib/*-linux-gnu)
export PERL5LIB

openssl genrsa -traditional -out private 2048 2>/dev/null
{
    echo "RSAPublicKey v=DKIM1; k=rsa; p=$(openssl rsa -in private -RSAPublicKey_out -outform DER 2>/dev/null | base64 -w 0)"
    echo "SubjectPublicKeyInfo v=DKIM1; k=rsa; p=$(openssl rsa -in private -pubout -outform DER 2>/dev/null | base64 -w 0)"
} >records

# Each verifier gets the record from memory, in place of an answer from DNS.
cat >verify.py <<'PYTHON'
"""Signs the mail, then verifies it with dkimpy and, through its library, with OpenDKIM."""
import ctypes
import pathlib

import dkim

MAIL = b"From: jane@firm.test\r\nTo: bob@shop.test\r\nDate: Mon, 02 Nov 2026 12:05:00 +0000\r\n\r\nHello Bob.\r\n"
SET, QUERY_METHOD, QUERY_INFO, FROM_FILE = 1, 6, 7, 1  # opendkim/dkim.h
opendkim = ctypes.CDLL("libopendkim.so.11")
opendkim.dkim_init.restype = opendkim.dkim_verify.restype = ctypes.c_void_p


def verify(record):
    pathlib.Path("keys").write_text(f"s1._domainkey.firm.test {record}\n")
    library, status, testing = ctypes.c_void_p(opendkim.dkim_init(None, None)), ctypes.c_int(), ctypes.c_bool()
    method, file = ctypes.c_int(FROM_FILE), ctypes.create_string_buffer(b"keys")
    opendkim.dkim_options(library, SET, QUERY_METHOD, ctypes.byref(method), ctypes.c_size_t(ctypes.sizeof(method)))
    opendkim.dkim_options(library, SET, QUERY_INFO, file, ctypes.c_size_t(len(file)))
    verifier = ctypes.c_void_p(opendkim.dkim_verify(library, b"1", None, ctypes.byref(status)))
    opendkim.dkim_chunk(verifier, mail, ctypes.c_size_t(len(mail)))
    opendkim.dkim_chunk(verifier, None, ctypes.c_size_t(0))
    return opendkim.dkim_eom(verifier, ctypes.byref(testing)) == 0


mail = dkim.sign(MAIL, b"s1", b"firm.test", pathlib.Path("private").read_bytes()) + MAIL
pathlib.Path("mail.eml").write_bytes(mail)
for line in pathlib.Path("records").read_text().splitlines():
    form, record = line.split(" ", 1)
    print("dkimpy", form, "pass" if dkim.verify(mail, dnsfunc=lambda *_given, **_more: record.encode()) else "invalid")
    print("OpenDKIM", form, "pass" if verify(record) else "invalid")
PYTHON
cat >verify.pl <<'PERL'
use strict;
use warnings;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use Net::DNS::RR;

open my $records, '<', 'records' or die;
while (<$records>) {
    my ($form, $record) = /^(\S+) (.*)/;
    my $answer = Net::DNS::RR->new(
        name => 's1._domainkey.firm.test', type => 'TXT', txtdata => [substr($record, 0, 255), substr($record, 255)]);
    no warnings 'redefine';
    local *Mail::DKIM::DNS::query_async = sub {
        my (undef, undef, %how) = @_;
        my $result = $how{Callbacks}{Success}->($answer);
        return sub { return $result };
    };
    open my $mail, '<:raw', 'mail.eml' or die;
    my $verifier = Mail::DKIM::Verifier->new;
    $verifier->load($mail);
    print "Mail::DKIM $form ", $verifier->result, "\n";
}
PERL
cat >verify.js <<'JS'
const dns = require("dns");
const fs = require("fs");
const { DKIMVerifyStream } = require("haraka-plugin-dkim/lib/dkim");

DKIMVerifyStream.prototype.debug = require("haraka-plugin-dkim/lib/dkim-object").prototype.debug = () => {};
const mail = fs.readFileSync("mail.eml");
(async () => {
  for (const line of fs.readFileSync("records", "utf8").trim().split("\n")) {
    const [form, record] = line.split(/ (.*)/);
    dns.promises.resolveTxt = async () => [[record]];
    const result = await new Promise((done) => {
      const stream = new DKIMVerifyStream({ timeout: 5 }, (_error, verified) => done(verified));
      stream.write(mail);
      stream.end();
    });
    console.log("Haraka", form, result);
  }
})();
JS
{
    LD_LIBRARY_PATH=$libraries venv/bin/python verify.py
    perl verify.pl
    node verify.js
} | LC_ALL=C sort | tee seen
diff - seen <<'SEEN'
Haraka RSAPublicKey invalid
Haraka SubjectPublicKeyInfo pass
Mail::DKIM RSAPublicKey invalid
Mail::DKIM SubjectPublicKeyInfo pass
OpenDKIM RSAPublicKey invalid
OpenDKIM SubjectPublicKeyInfo pass
dkimpy RSAPublicKey pass
dkimpy SubjectPublicKeyInfo pass
SEEN
