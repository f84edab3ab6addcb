#!/usr/bin/env bash
# A domain has three mail hosts, all with an IPv4 address alone, and its SPF record is "v=spf1 mx ip6:2001:db8::/32 -all": one
# term "mx", and the network of a provider that sends over IPv6. Does mail from that network pass?
# Guess: yes. RFC 7208 §4.6.4 allows two "terms" whose questions find nothing. Here it is one, whatever the number of hosts
# behind it, and that term does find hosts.
# Seen: pyspf and Mail::SPF (SpamAssassin's) count each host that has no IPv6 address by itself: with the third one, all mail
# over IPv6 is a permanent error, while mail over IPv4 passes. With two mail hosts, or with "ip6:" before "mx", it passes.
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
venv/bin/pip -qq --disable-pip-version-check install "pyspf==$PYSPF" "dnspython==$DNSPYTHON"
apt-get -q download "${PERL[@]}" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" perl; done
PERL5LIB="$here/perl/usr/share/perl5:$(echo "$here"/perl/usr/lib/*/perl5/*):$(echo "$here"/perl/usr/lib/*/perl5)"
export PERL5LIB

cat >zone.py <<'PYTHON'
"""A name server on loopback: three domains, and mail hosts that have an A record and no AAAA record."""
import socket
import sys

import dns.flags
import dns.message
import dns.rrset

RECORDS = {}
for domain, hosts, spf in (
    ("three.test.", 3, "v=spf1 mx ip6:2001:db8::/32 -all"),
    ("two.test.", 2, "v=spf1 mx ip6:2001:db8::/32 -all"),
    ("first.test.", 3, "v=spf1 ip6:2001:db8::/32 mx -all"),
):
    RECORDS[domain, "TXT"] = [f'"{spf}"']
    RECORDS[domain, "MX"] = [f"{10 * number} mx{number}.{domain}" for number in range(1, hosts + 1)]
    RECORDS.update({(f"mx{number}.{domain}", "A"): [f"192.0.2.{number}"] for number in range(1, hosts + 1)})
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
        if texts := RECORDS.get((name.to_text().lower(), rdtype)):
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", rdtype, *texts))
        udp.sendto(answer.to_wire(max_size=4096), client)
PYTHON
venv/bin/python zone.py port &
server=$!
while [ ! -s port ]; do kill -0 "$server"; sleep 0.1; done
port=$(cat port)

cat >ask.py <<'PYTHON'
import sys

import dns.resolver

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv[1])
dns.resolver.default_resolver = resolver
import spf  # noqa: E402

for pair in sys.argv[2:]:
    domain, ip = pair.split("/")
    print("pyspf", domain, ip, spf.check2(i=ip, s=f"bounce@{domain}", h="mail.provider.test")[0])
PYTHON
cat >ask.pl <<'PERL'
use strict;
use warnings;
use Mail::SPF;
use Net::DNS::Resolver;
my ($port, @pairs) = @ARGV;
my $resolver = Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 1);
my $server = Mail::SPF::Server->new(dns_resolver => $resolver);
for my $pair (@pairs) {
    my ($domain, $ip) = split m{/}, $pair;
    my $request = Mail::SPF::Request->new(scope => 'mfrom', identity => "bounce\@$domain", ip_address => $ip);
    print "Mail::SPF $domain $ip ", $server->process($request)->code, "\n";
}
PERL

# Over IPv4 the last mail host itself, over IPv6 the provider.
pairs=(three.test/192.0.2.3 three.test/2001:db8::1 two.test/2001:db8::1 first.test/2001:db8::1)
{
    venv/bin/python ask.py "$port" "${pairs[@]}"
    perl ask.pl "$port" "${pairs[@]}"
} | tee seen
for library in pyspf Mail::SPF; do
    echo "$library three.test 192.0.2.3 pass"
    echo "$library three.test 2001:db8::1 permerror"
    echo "$library two.test 2001:db8::1 pass"
    echo "$library first.test 2001:db8::1 pass"
done | diff - seen
