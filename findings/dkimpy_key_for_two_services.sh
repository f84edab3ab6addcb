#!/usr/bin/env bash
# A DKIM key is for mail and for reports about TLS, and its record says so: "s=email:tlsrpt". The tag holds a list (RFC 6376
# §3.6.1), in which RFC 8460 §3 asks for "tlsrpt"; a verifier passes over what it does not know. A mail is signed with the key.
# Does it verify?
# Guess: yes, as with "s=email", "s=*" or without the tag; dkimpy does know "tlsrpt".
# Seen: dkimpy compares the tag as a whole: every list is an unknown service, also "email:*", and the signature fails without a
# reason. Mail::DKIM verifies the same mail with the same record.
# Needs Debian 12: bash, perl, openssl, python3 with venv, and apt-get with lists. Exit status 1 if the behaviour is another
# one.
set -euo pipefail

DKIMPY=1.1.8 DNSPYTHON=2.8.0
PERL=(
    libmail-dkim-perl=1.20230212-2~deb12u1 libmailtools-perl=2.21-2 libcrypt-openssl-rsa-perl=0.33-3+b1
    libcrypt-openssl-bignum-perl=0.09-2+b1 libnet-dns-perl=1.36-1+deb12u1 libmail-authenticationresults-perl=2.20230112-1)

here=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$here"
}
trap finish EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "dkimpy==$DKIMPY" "dnspython==$DNSPYTHON"
apt-get -q download "${PERL[@]}" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" perl; done
PERL5LIB="$here/perl/usr/share/perl5:$(echo "$here"/perl/usr/lib/*/perl5/*):$(echo "$here"/perl/usr/lib/*/perl5)"
export PERL5LIB

openssl genrsa -traditional -out private 2048 2>/dev/null
key=$(openssl rsa -in private -pubout -outform DER 2>/dev/null | base64 -w 0)
cat >mails.py <<'PYTHON'
"""Signs a mail for each value of the tag, verifies it with dkimpy, then answers for the keys on loopback."""
import pathlib
import socket
import sys

import dkim
import dns.flags
import dns.message
import dns.rdtypes.ANY.TXT
import dns.rrset

KEYS = {}
MAIL = b"From: jane@firm.test\r\nTo: bob@shop.test\r\nDate: Mon, 02 Nov 2026 12:05:00 +0000\r\n\r\nHello Bob.\r\n"
private = pathlib.Path("private").read_bytes()
with open("dkimpy", "w") as said:
    for number, services in enumerate(("", "s=email; ", "s=*; ", "s=email:tlsrpt; ", "s=email:*; "), 1):
        record = KEYS[f"s{number}._domainkey.firm.test."] = f"v=DKIM1; {services}p={sys.argv[1]}".encode()
        mail = dkim.sign(MAIL, f"s{number}".encode(), b"firm.test", private) + MAIL
        pathlib.Path(f"{number}.eml").write_bytes(mail)
        verified = dkim.verify(mail, dnsfunc=lambda *_given, **_more: record)
        print(f"dkimpy {number}.eml {services}{verified}", file=said)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
    udp.bind(("127.0.0.1", 0))
    pathlib.Path("port").write_text(str(udp.getsockname()[1]))
    while True:
        octets, client = udp.recvfrom(4096)
        query = dns.message.from_wire(octets)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA
        name = query.question[0].name
        if record := KEYS.get(name.to_text().lower()):
            text = dns.rdtypes.ANY.TXT.TXT(1, 16, [record[:255], record[255:]])
            answer.answer.append(dns.rrset.from_rdata(name, 60, text))
        udp.sendto(answer.to_wire(max_size=4096), client)
PYTHON
venv/bin/python mails.py "$key" &
server=$!
while [ ! -s port ]; do kill -0 "$server"; sleep 0.1; done

cat >verify.pl <<'PERL'
use strict;
use warnings;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use Net::DNS::Resolver;
my ($port, @mails) = @ARGV;
Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 1));
for my $file (@mails) {
    open my $mail, '<:raw', $file or die;
    my $verifier = Mail::DKIM::Verifier->new;
    $verifier->load($mail);
    print "Mail::DKIM $file ", $verifier->result, "\n";
}
PERL
perl verify.pl "$(cat port)" ?.eml >perl_says
cat dkimpy perl_says | tee seen
diff - seen <<'SEEN'
dkimpy 1.eml True
dkimpy 2.eml s=email; True
dkimpy 3.eml s=*; True
dkimpy 4.eml s=email:tlsrpt; False
dkimpy 5.eml s=email:*; False
Mail::DKIM 1.eml pass
Mail::DKIM 2.eml pass
Mail::DKIM 3.eml pass
Mail::DKIM 4.eml pass
Mail::DKIM 5.eml pass
SEEN
