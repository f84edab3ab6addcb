#!/usr/bin/env bash
# A mail went to two people. One server tells of both in one report, as RFC 3464 §2.1 and §2.3 provide: a group of fields for
# each recipient, with an action of its own. Bob's mail was delivered (or is late, and tried again), Eve's has failed. Has a
# mail bounced?
# Guess: Eve's has.
# Seen: Mail::DeliveryStatus::BounceParser says that the report is no bounce as soon as one recipient's action is "delivered" or
# "delayed", be that the first or the last, and names Eve only where her group comes first. Whoever asks it whether to look at
# the report keeps the dead address on the list. flufl.bounce (Mailman's) names Eve each time.
# Needs Debian 12: bash, perl, python3 with venv, and apt-get with lists. Exit status 1 if the behaviour is another one.
set -euo pipefail

FLUFL_BOUNCE=6.0.0
PERL=(
    libmail-deliverystatus-bounceparser-perl=1.543+repacked-1 libmime-tools-perl=5.510-1 libmailtools-perl=2.21-2
    libtimedate-perl=2.3300-2)

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip -qq --disable-pip-version-check install "flufl.bounce==$FLUFL_BOUNCE"
apt-get -q download "${PERL[@]}" >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" perl; done
export PERL5LIB="$here/perl/usr/share/perl5"

recipient() {  # name, action, status
    printf '\nFinal-Recipient: rfc822; %s@shop.test\nAction: %s\nStatus: %s\n' "$1" "$2" "$3"
    if [ "$2" = failed ]; then echo 'Diagnostic-Code: smtp; 550 5.1.1 No such user'; fi
}
report() {  # the groups of fields
    cat <<MAIL
From: MAILER-DAEMON@mx.shop.test
To: jane@firm.test
Subject: Delivery report
Date: Mon, 02 Nov 2026 12:05:00 +0000
Message-ID: <report@mx.shop.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

This is what became of your mail.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.shop.test
$1

--part
Content-Type: message/rfc822

From: jane@firm.test
To: bob@shop.test, eve@shop.test
Subject: Hello
Message-ID: <hello@firm.test>

Hello.
--part--
MAIL
}
report "$(recipient eve failed 5.1.1)" >1-failed
report "$(recipient bob failed 5.1.1; recipient eve failed 5.1.1)" >2-failed-failed
report "$(recipient bob delivered 2.0.0; recipient eve failed 5.1.1)" >3-delivered-failed
report "$(recipient eve failed 5.1.1; recipient bob delivered 2.0.0)" >4-failed-delivered
report "$(recipient bob delayed 4.4.1; recipient eve failed 5.1.1)" >5-delayed-failed

cat >read.pl <<'PERL'
use strict;
use warnings;
use Mail::DeliveryStatus::BounceParser;
for my $file (@ARGV) {
    open my $report, '<', $file or die;
    my $bounce = Mail::DeliveryStatus::BounceParser->new($report);
    print join(' ', 'BounceParser', $file, $bounce->is_bounce ? 'bounce' : 'no bounce', sort $bounce->addresses), "\n";
}
PERL
cat >read.py <<'PYTHON'
import email
import pathlib
import sys

from flufl.bounce import all_failures

for name in sys.argv[1:]:
    failed = all_failures(email.message_from_bytes(pathlib.Path(name).read_bytes()))[1]
    print("flufl.bounce", name, *sorted(address.decode() for address in failed))
PYTHON
{
    perl read.pl ?-*
    venv/bin/python read.py ?-*
} | tee seen
diff - seen <<'SEEN'
BounceParser 1-failed bounce eve@shop.test
BounceParser 2-failed-failed bounce bob@shop.test eve@shop.test
BounceParser 3-delivered-failed no bounce
BounceParser 4-failed-delivered no bounce eve@shop.test
BounceParser 5-delayed-failed no bounce
flufl.bounce 1-failed eve@shop.test
flufl.bounce 2-failed-failed bob@shop.test eve@shop.test
flufl.bounce 3-delivered-failed eve@shop.test
flufl.bounce 4-failed-delivered eve@shop.test
flufl.bounce 5-delayed-failed eve@shop.test
SEEN
