#!/usr/bin/env bash
# RFC 7208 §7.4 lists to what the macros of an SPF record expand for a mail of strong-bad@email.example.com that comes from
# 192.0.2.3: "%{d3}" to email.example.com, "%{l-}" to strong.bad, and so on, nineteen of them for IPv4. Each is put into a
# record, "v=spf1 exists:%{d3}.x.test -all", and only the name that the RFC says has an address. Does the mail pass?
# Guess: each time, with every library: these are the first examples that its author tries.
# Seen: so it is with pyspf. libspf2 (Exim's) loses a letter where a macro asks for as many labels as there are, or more: for
# "%{d3}" it asks for mail.example.com. Mail::SPF (SpamAssassin's) divides "strong-bad" only if it also has to turn it round.
# Haraka takes the labels from the wrong end: its "%{d2}" is email.example, and eight of the examples go wrong.
# Needs Debian 12: bash, perl, node with npm, python3 with venv, and apt-get with lists. Exit status 1 if the behaviour is
# another one.
set -euo pipefail

PYSPF=2.0.14 DNSPYTHON=2.8.0 HARAKA_SPF=1.3.0 LIBSPF2=1.2.10-7.2+b1
PERL=(
    libmail-spf-perl=2.9.0-5 libnet-dns-perl=1.36-1+deb12u1 libnetaddr-ip-perl=4.079+dfsg-2+b1 liberror-perl=0.17029-2
    liburi-perl=5.17-1)

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

npm install --silent --no-audit --no-fund --ignore-scripts "haraka-plugin-spf@$HARAKA_SPF" >/dev/null
python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "pyspf==$PYSPF" "dnspython==$DNSPYTHON"
apt-get -q download "libspf2-2=$LIBSPF2" "${PERL[@]}" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" debian; done
PERL5LIB="$here/debian/usr/share/perl5:$(echo "$here"/debian/usr/lib/*/perl5/*):$(echo "$here"/debian/usr/lib/*/perl5)"
export PERL5LIB

# What is looked for, and the name that it is by the RFC. The first fourteen are single macros there, which need a domain.
cat >examples <<'EXAMPLES'
%{s}.x.test strong-bad@email.example.com.x.test
%{o}.x.test email.example.com.x.test
%{d}.x.test email.example.com.x.test
%{d4}.x.test email.example.com.x.test
%{d3}.x.test email.example.com.x.test
%{d2}.x.test example.com.x.test
%{d1}.x.test com.x.test
%{dr}.x.test com.example.email.x.test
%{d2r}.x.test example.email.x.test
%{l}.x.test strong-bad.x.test
%{l-}.x.test strong.bad.x.test
%{lr}.x.test strong-bad.x.test
%{lr-}.x.test bad.strong.x.test
%{l1r-}.x.test strong.x.test
%{ir}.%{v}._spf.%{d2} 3.2.0.192.in-addr._spf.example.com
%{lr-}.lp._spf.%{d2} bad.strong.lp._spf.example.com
%{lr-}.lp.%{ir}.%{v}._spf.%{d2} bad.strong.lp.3.2.0.192.in-addr._spf.example.com
%{ir}.%{v}.%{l1r-}.lp._spf.%{d2} 3.2.0.192.in-addr.strong.lp._spf.example.com
%{d2}.trusted-domains.example.net example.com.trusted-domains.example.net
EXAMPLES
# What libspf2 looks for instead; the RFC says nothing of the kind.
echo '%{d3}.x.test mail.example.com.x.test' >instead

# Each library gets the records from memory: the domain's, and the address of the one name.
cat >ask.py <<'PYTHON'
import ctypes
import sys

import spf

SENDER, DOMAIN, IP, HELO = "strong-bad@email.example.com", "email.example.com", "192.0.2.3", "mx.example.org"
A, TXT, SUCCESS, ZONE = 1, 16, 0, 2
library = ctypes.CDLL("debian/usr/lib/libspf2.so.2")
for function in (library.SPF_server_new, library.SPF_request_new):
    function.restype = ctypes.c_void_p
library.SPF_strresult.restype = ctypes.c_char_p


def libspf2(record, name):
    server, response = ctypes.c_void_p(library.SPF_server_new(ZONE, 0)), ctypes.c_void_p()
    resolver = ctypes.c_void_p(ctypes.cast(server, ctypes.POINTER(ctypes.c_void_p))[0])  # its first member
    library.SPF_dns_zone_add_str(resolver, DOMAIN.encode(), TXT, SUCCESS, record.encode())
    library.SPF_dns_zone_add_str(resolver, name.encode(), A, SUCCESS, b"127.0.0.2")
    request = ctypes.c_void_p(library.SPF_request_new(server))
    library.SPF_request_set_ipv4_str(request, IP.encode())
    library.SPF_request_set_helo_dom(request, HELO.encode())
    library.SPF_request_set_env_from(request, SENDER.encode())
    library.SPF_request_query_mailfrom(request, ctypes.byref(response))
    return library.SPF_strresult(library.SPF_response_result(response)).decode()


def pyspf(record, name):
    records = {(DOMAIN, "TXT"): [record.encode()], (name, "A"): "127.0.0.2"}
    spf.DNSLookup = lambda *key, **_more: [(key[:2], records[key[:2]])] if key[:2] in records else []
    return spf.check2(i=IP, s=SENDER, h=HELO)[0]


for line in sys.stdin:
    macros, name = line.split()
    for check in (libspf2, pyspf):
        print(check.__name__, macros, name, check(f"v=spf1 exists:{macros} -all", name))
PYTHON
cat >ask.pl <<'PERL'
use strict;
use warnings;
use Mail::SPF;
use Net::DNS;

package Memory;
sub new { return bless {}, shift }
sub errorstring { return '' }
sub send {
    my ($self, $name, $type) = @_;
    my $answer = Net::DNS::Packet->new($name, $type);
    $answer->header->qr(1);
    my $data = $self->{"$name $type"};
    if   ($data) { $answer->push(answer => Net::DNS::RR->new("$name. 60 IN $type $data")) }
    else         { $answer->header->rcode('NXDOMAIN') }
    return $answer;
}

package main;
my $memory = Memory->new;
my $server = Mail::SPF::Server->new(dns_resolver => $memory);
while (<STDIN>) {
    my ($macros, $name) = split;
    %$memory = ('email.example.com TXT' => qq("v=spf1 exists:$macros -all"), "$name A" => '127.0.0.2');
    my $request = Mail::SPF::Request->new(
        scope => 'mfrom', identity => 'strong-bad@email.example.com', ip_address => '192.0.2.3');
    print "Mail::SPF $macros $name ", $server->process($request)->code, "\n";
}
PERL
cat >ask.js <<'JS'
const { SPF } = require("haraka-plugin-spf/lib/spf");
const lines = require("fs").readFileSync(0, "utf8").trim().split("\n");
(async () => {
  for (const line of lines) {
    const [macros, name] = line.split(" ");
    const records = { "TXT email.example.com": [[`v=spf1 exists:${macros} -all`]], [`A ${name}`]: ["127.0.0.2"] };
    const look = async (type, asked) => {
      if (records[`${type} ${asked}`]) return records[`${type} ${asked}`];
      throw Object.assign(new Error(asked), { code: "ENOTFOUND" });
    };
    const spf = new SPF();
    spf.resolver = { resolveTxt: (asked) => look("TXT", asked), resolve: (asked, type = "A") => look(type, asked) };
    spf.helo = "mx.example.org";
    const result = await spf.check_host("192.0.2.3", "email.example.com", "strong-bad@email.example.com");
    console.log("Haraka", macros, name, spf.result(result).toLowerCase());
  }
})();
JS
{
    venv/bin/python ask.py <examples
    perl ask.pl <examples
    node ask.js <examples 2>log | grep ^Haraka  # it also writes what it does
} >said
{
    for library in pyspf libspf2 Mail::SPF Haraka; do
        echo "$library: $(grep -c "^$library .* pass$" said || true) of $(wc -l <examples) pass"
        sed -n "s/^$library \(.*\) \(.*\) fail$/    not \1, which is \2/p" said
    done
    venv/bin/python ask.py <instead | sed -n 's/^\(libspf2\) \(.*\) \(.*\) pass$/\1 takes \2 for \3/p'
} | tee seen
diff - seen <<'SEEN'
pyspf: 19 of 19 pass
libspf2: 17 of 19 pass
    not %{d4}.x.test, which is email.example.com.x.test
    not %{d3}.x.test, which is email.example.com.x.test
Mail::SPF: 18 of 19 pass
    not %{l-}.x.test, which is strong.bad.x.test
Haraka: 11 of 19 pass
    not %{d2}.x.test, which is example.com.x.test
    not %{d1}.x.test, which is com.x.test
    not %{l-}.x.test, which is strong.bad.x.test
    not %{ir}.%{v}._spf.%{d2}, which is 3.2.0.192.in-addr._spf.example.com
    not %{lr-}.lp._spf.%{d2}, which is bad.strong.lp._spf.example.com
    not %{lr-}.lp.%{ir}.%{v}._spf.%{d2}, which is bad.strong.lp.3.2.0.192.in-addr._spf.example.com
    not %{ir}.%{v}.%{l1r-}.lp._spf.%{d2}, which is 3.2.0.192.in-addr.strong.lp._spf.example.com
    not %{d2}.trusted-domains.example.net, which is example.com.trusted-domains.example.net
libspf2 takes %{d3}.x.test for mail.example.com.x.test
SEEN
