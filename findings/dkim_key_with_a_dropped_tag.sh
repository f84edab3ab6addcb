#!/usr/bin/env bash
# A DKIM key is still in DNS as it was published for DomainKeys, with the tag "g=", empty as in the example of RFC 4870 §3.2.3;
# another one says "g=jane". RFC 6376 dropped the tag in 2011: it "MUST now be ignored" (appendix C.2). Jane's mail is signed
# with these keys by the domain, "d=firm.test" and no "i=". Does it verify?
# Guess: yes; a tag that the standard has no more is one that a verifier does not know.
# Seen: with OpenDKIM and dkimpy. Mail::DKIM (SpamAssassin's) and Haraka go by the RFC of 2007 (4871), where an empty "g=" is a
# key for nobody, and "g=jane" one for signatures with "i=jane@firm.test": at one half of the receivers both keys are good, at
# the other half neither, as long as the tag stands there.
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
key="k=rsa; p=$(openssl rsa -in private -pubout -outform DER 2>/dev/null | base64 -w 0)"
for tag in "" "g=*; " "g=; " "g=jane; "; do echo "[${tag%; }] $tag$key"; done >records

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
    tag, record = line.split(" ", 1)
    print("dkimpy", tag, "pass" if dkim.verify(mail, dnsfunc=lambda *_given, **_more: record.encode()) else "invalid")
    print("OpenDKIM", tag, "pass" if verify(record) else "invalid")
PYTHON
cat >verify.pl <<'PERL'
use strict;
use warnings;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use Net::DNS::RR;

open my $records, '<', 'records' or die;
while (<$records>) {
    my ($tag, $record) = /^(\S+) (.*)/;
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
    print "Mail::DKIM $tag ", $verifier->result, "\n";
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
    const [tag, record] = line.split(/ (.*)/);
    dns.promises.resolveTxt = async () => [[record]];
    const result = await new Promise((done) => {
      const stream = new DKIMVerifyStream({ timeout: 5 }, (_error, verified) => done(verified));
      stream.write(mail);
      stream.end();
    });
    console.log("Haraka", tag, result);
  }
})();
JS
{
    LD_LIBRARY_PATH=$libraries venv/bin/python verify.py
    perl verify.pl
    node verify.js
} | LC_ALL=C sort | tee seen
for verifier in Haraka Mail::DKIM OpenDKIM dkimpy; do
    case $verifier in Haraka | Mail::DKIM) old=invalid ;; *) old=pass ;; esac
    printf "$verifier %s\n" "[] pass" "[g=*] pass" "[g=] $old" "[g=jane] $old"
done | LC_ALL=C sort | diff - seen
