#!/usr/bin/env bash
# A domain has eleven MX records and its SPF record is "v=spf1 mx ip4:192.0.2.99 -all" (RFC 7208 §4.6.4: more than ten
# are a permanent error, whoever sends). Does a message get the same answer from two SPF libraries that filters use?
# Guess: both answer permerror for every sender.
# Seen: pyspf answers permerror for all of them. Mail::SPF (SpamAssassin's) looks at ten and goes on: the senders behind
# those ten, and even the one that only stands behind "mx", pass; which ten, the order of the answer says, not the preference.
# Needs Debian 12: bash, perl, python3 with venv, and apt-get with lists. Exit status 1 if the behaviour is another one.
set -euo pipefail

PYSPF=2.0.14 DNSPYTHON=2.8.0
PERL=(
    libmail-spf-perl=2.9.0-5 libnet-dns-perl=1.36-1+deb12u1 libnetaddr-ip-perl=4.079+dfsg-2+b1 liberror-perl=0.17029-2
    liburi-perl=5.17-1)

here=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$here"
}
trap finish EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -q --disable-pip-version-check install "pyspf==$PYSPF" "dnspython==$DNSPYTHON"
apt-get -q download "${PERL[@]}" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" perl; done
export PERL5LIB="$here/perl/usr/share/perl5:$(echo "$here"/perl/usr/lib/*/perl5/*):$(echo "$here"/perl/usr/lib/*/perl5)"

cat >zone.py <<'PYTHON'
"""One zone on loopback: eleven mail hosts in this very order, the most preferred last."""
import socket
import sys

import dns.flags
import dns.message
import dns.rrset

HOSTS = [f"mx{n}.firm.test." for n in range(1, 12)]
RECORDS = {
    ("firm.test.", "TXT"): ['"v=spf1 mx ip4:192.0.2.99 -all"'],
    ("firm.test.", "MX"): [f"{120 - 10 * n} {host}" for n, host in enumerate(HOSTS, 1)],
    **{(host, "A"): [f"192.0.2.{n}"] for n, host in enumerate(HOSTS, 1)},
}
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
        # One set each: dnspython shuffles the records of a set.
        for text in RECORDS.get((name.to_text().lower(), rdtype), ()):
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", rdtype, text))
        udp.sendto(answer.to_wire(max_size=4096), client)
PYTHON
venv/bin/python zone.py port &
server=$!
while [ ! -s port ]; do sleep 0.1; done
port=$(cat port)

cat >ask.py <<'PYTHON'
import sys

import dns.resolver

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv[1])
dns.resolver.default_resolver = resolver
import spf  # noqa: E402

for ip in sys.argv[2:]:
    print(ip, spf.check2(i=ip, s="bounce@firm.test", h="mx1.firm.test")[0])
PYTHON
cat >ask.pl <<'PERL'
use strict;
use warnings;
use Mail::SPF;
use Net::DNS::Resolver;
my ($port, @addresses) = @ARGV;
my $resolver = Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 1);
my $server = Mail::SPF::Server->new(dns_resolver => $resolver);
for my $ip (@addresses) {
    my $request = Mail::SPF::Request->new(scope => 'mfrom', identity => 'bounce@firm.test', ip_address => $ip);
    print "$ip ", $server->process($request)->code, "\n";
}
PERL

# The least preferred host (first in the answer), the most preferred (last), one that only ip4: names, a stranger.
addresses=(192.0.2.1 192.0.2.11 192.0.2.99 192.0.2.200)
python_says=$(venv/bin/python ask.py "$port" "${addresses[@]}")
perl_says=$(perl ask.pl "$port" "${addresses[@]}")
printf 'pyspf %s:\n%s\n' "$PYSPF" "$python_says"
printf 'Mail::SPF (Debian 2.9.0-5):\n%s\n' "$perl_says"

expected_python=$'192.0.2.1 permerror\n192.0.2.11 permerror\n192.0.2.99 permerror\n192.0.2.200 permerror'
expected_perl=$'192.0.2.1 pass\n192.0.2.11 fail\n192.0.2.99 pass\n192.0.2.200 fail'
if [ "$python_says" != "$expected_python" ] || [ "$perl_says" != "$expected_perl" ]; then
    echo "The behaviour is another one."
    exit 1
fi
echo "As seen before."
