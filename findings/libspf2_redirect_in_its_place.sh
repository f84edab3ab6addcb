#!/usr/bin/env bash
# A domain's own server is 198.51.100.1, a provider's is 192.0.2.1. Two domains hand over to the provider's SPF record with a
# "redirect": one names its own server behind it, one in front of it. Whose mail passes?
# Guess: both servers' mail, with both domains: a redirect is used where nothing else in the record matches, wherever it
# stands (RFC 7208 §6, §6.1). pyspf says so.
# Seen: libspf2 (Exim's and OpenDMARC's in Debian) follows a redirect where it stands and reads no further. What comes behind it
# does not exist, and own mail fails with the first domain. So the same record has one half of the receivers let the mail
# through and the other half refuse it.
# Needs Debian 12: bash, python3 with venv, and apt-get with lists. Exit status 1 if the behaviour is another one.
set -euo pipefail

PYSPF=2.0.14 DNSPYTHON=2.8.0 LIBSPF2=1.2.10-7.2+b1

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "pyspf==$PYSPF" "dnspython==$DNSPYTHON"
apt-get -q download "libspf2-2=$LIBSPF2" >/dev/null 2>&1
dpkg-deb -x ./*.deb library

cat >ask.py <<'PYTHON'
"""Both libraries get the same records from memory; libspf2 has a name server for that, a "zone"."""
import ctypes
import sys

import spf

RECORDS = {
    "_spf.provider.test": "v=spf1 ip4:192.0.2.1 -all",
    "behind.test": "v=spf1 redirect=_spf.provider.test ip4:198.51.100.1",
    "before.test": "v=spf1 ip4:198.51.100.1 redirect=_spf.provider.test",
}
TXT, SUCCESS, ZONE = 16, 0, 2

library = ctypes.CDLL(sys.argv[1])
for function in (library.SPF_server_new, library.SPF_request_new):
    function.restype = ctypes.c_void_p
library.SPF_strresult.restype = ctypes.c_char_p
server = ctypes.c_void_p(library.SPF_server_new(ZONE, 0))
resolver = ctypes.cast(server, ctypes.POINTER(ctypes.c_void_p))[0]  # the first member of the structure
for domain, record in RECORDS.items():
    library.SPF_dns_zone_add_str(ctypes.c_void_p(resolver), domain.encode(), TXT, SUCCESS, record.encode())


def libspf2(ip, domain):
    request, response = ctypes.c_void_p(library.SPF_request_new(server)), ctypes.c_void_p()
    library.SPF_request_set_ipv4_str(request, ip.encode())
    library.SPF_request_set_env_from(request, f"bounce@{domain}".encode())
    library.SPF_request_query_mailfrom(request, ctypes.byref(response))
    return library.SPF_strresult(library.SPF_response_result(response)).decode()


def pyspf(ip, domain):
    return spf.check2(i=ip, s=f"bounce@{domain}", h="mail.firm.test")[0]


spf.DNSLookup = lambda name, rdtype, *_more: (
    [((name, rdtype), [RECORDS[name].encode()])] if rdtype == "TXT" and name in RECORDS else []
)
for domain in ("behind.test", "before.test"):
    print(RECORDS[domain])
    for check in (libspf2, pyspf):
        print(f"    {check.__name__}: own {check('198.51.100.1', domain)}, provider's {check('192.0.2.1', domain)}")
PYTHON
venv/bin/python ask.py library/usr/lib/libspf2.so.2 | tee seen
diff - seen <<'SEEN'
v=spf1 redirect=_spf.provider.test ip4:198.51.100.1
    libspf2: own fail, provider's pass
    pyspf: own pass, provider's pass
v=spf1 ip4:198.51.100.1 redirect=_spf.provider.test
    libspf2: own pass, provider's pass
    pyspf: own pass, provider's pass
SEEN
