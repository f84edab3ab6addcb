"""Mail through chains of real servers, as far as the mailbox and out of it, read by ``python -m mailauth arrival``.

Run by ``./dev/test chains`` in namespaces of its own, see :mod:`.hosts`.
"""

from __future__ import annotations

import contextlib
import imaplib
import io
import json
import os
import poplib
import smtplib
import tempfile
import time
import unittest
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from ...__main__ import main
from .. import mails
from ..dns_server import DnsServer
from . import software
from .hosts import Host, Internet

ODOO = "10.0.0.5"
# What sends, by the name of its host: its address, the selector that it signs with.
SENDERS = {
    "postfix-opendkim.ours.example": ("192.0.2.10", "s1"), "postfix-rspamd.ours.example": ("192.0.2.11", "s2"),
    "exim.ours.example": ("192.0.2.12", "s3"),
}
# What receives, by the domain: its address, what it says about a mail.
RECEIVERS = {
    "opendmarc.example": ("198.51.100.21", {"spf": "pass", "dkim": "pass", "dmarc": "pass"}),
    "rspamd.example": ("198.51.100.22", {"spf": "pass", "dkim": "pass", "dmarc": "pass"}),
    "exim.example": ("198.51.100.23", {"spf": "pass", "dkim": "pass"}),  # Debian builds it without DMARC
}
DELIVERIES = ("tcp", "unix")  # how LMTP reaches the mailbox
STORE, STORE_ADDRESS = "imap.store.example", "198.51.100.30"
ENCRYPTED = {"opendmarc.example"}  # which of them offer STARTTLS
REFUSAL = "550 5.7.26 Unauthenticated mail from ours.example is not accepted"
WAIT = 90.0  # seconds until all mails have to be there
DELIVER = 'cat > "$(mktemp {folder}/mail/new/XXXXXX)"\n'  # what fetching programs hand a mail to
NETWORKS = "127.0.0.0/8, 10.0.0.0/8"


def zones() -> dict[str, str]:
    """The domains of all hosts, and who has which address."""
    ours = [
        "@ MX 10 postfix-opendkim", "_dmarc TXT \"v=DMARC1; p=reject\"", "@ TXT \"v=spf1 ip4:192.0.2.0/28 -all\""]
    found, names = {}, {STORE_ADDRESS: STORE}
    for name, (address, selector) in SENDERS.items():
        names[address] = name
        ours += [
            f"{name.partition('.')[0]} A {address}",
            f"{selector}._domainkey {mails.txt(mails.key_record(mails.rsa_key(selector)))}"]
    found["ours.example"] = "\n".join(ours)
    for domain, (address, _said) in RECEIVERS.items():
        names[address] = f"mx.{domain}"
        found[domain] = f"@ MX 10 mx\nmx A {address}\n@ TXT \"v=spf1 -all\""
    found["store.example"] = f"imap A {STORE_ADDRESS}"
    reverse: dict[str, list[str]] = {}
    for address, name in names.items():
        *network, last = address.split(".")
        reverse.setdefault(".".join(reversed(network)), []).append(f"{last} PTR {name}.")
    return {**found, **{f"{network}.in-addr.arpa": "\n".join(lines) for network, lines in reverse.items()}}


def pem(selector: str) -> str:
    return mails.rsa_key(selector).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()).decode()


def transports(domain: str) -> str:
    """Postfix's table: which mailbox is reached over TCP, and which through the socket."""
    return f"tcp@{domain} lmtp:inet:{STORE_ADDRESS}:24\nunix@{domain} lmtp:unix:/shared/lmtp\n"


def postfix_receiver(host: Host, domain: str, milters: str, more: str = "", master: str = "") -> None:
    host.write("etc/postfix/transport", transports(domain))
    software.postfix(host, "127.0.0.0/8", (
        f"virtual_mailbox_domains = {domain}\nvirtual_transport = lmtp:unix:/shared/lmtp\n"
        f"transport_maps = texthash:/etc/postfix/transport\nsmtpd_milters = {milters}\n{more}"), master)


def start_senders(internet: Internet) -> None:
    first, second, third = (internet.host(name, address) for name, (address, _selector) in SENDERS.items())
    milter = software.opendkim(first, 8891, (
        f"Mode s\nDomain ours.example\nSelector s1\nKeyFile {software.key(first, 'etc/dkim/s1.pem', pem('s1'), 'opendkim')}\n"
        f"InternalHosts 10.0.0.0/8\nCanonicalization simple\n"))
    software.postfix(first, NETWORKS, (  # and what comes back to the domain is stored
        f"smtpd_milters = {milter}\nvirtual_mailbox_domains = ours.example\nvirtual_transport = lmtp:unix:/shared/lmtp\n"))
    path = software.key(second, "etc/dkim/s2.pem", pem("s2"), "_rspamd")
    milter = software.rspamd(second, 11332, dkim_signing=(
        f'sign_local = true;\nuse_esld = false;\nallow_username_mismatch = true;\n'
        f'domain {{ ours.example {{ selectors [ {{ path: "{path}"; selector: "s2"; }} ] }} }}\n'))
    software.postfix(second, NETWORKS, f"smtpd_milters = {milter}\n")
    path = software.key(third, "etc/dkim/s3.pem", pem("s3"), "Debian-exim")
    software.exim(third, f"""hostlist relay_from_hosts = 10.0.0.0/8
acl_smtp_rcpt = acl_check_rcpt
begin acl
acl_check_rcpt:
  accept hosts = +relay_from_hosts
  deny
begin routers
dnslookup:
  driver = dnslookup
  transport = remote_smtp
  ignore_target_hosts = 127.0.0.0/8
  no_more
begin transports
remote_smtp:
  driver = smtp
  interface = {third.address}
  dkim_domain = ours.example
  dkim_selector = s3
  dkim_private_key = {path}
  dkim_canon = relaxed
begin retry
* * F,1h,5s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = true
  server_set_id = $auth2
""")


def start_receivers(internet: Internet) -> None:
    first, second, third = (internet.host(f"mx.{domain}", address) for domain, (address, _said) in RECEIVERS.items())
    opendkim = software.opendkim(first, 8892, "Mode v\nAlwaysAddARHeader yes\nInternalHosts 127.0.0.1\n")
    opendmarc = software.opendmarc(first, 8893, f"TrustedAuthservIDs {first.name}\nSPFSelfValidate false\n")
    first.write("etc/postfix-policyd-spf-python/policyd-spf.conf", (
        f"debugLevel = 1\nHELO_reject = False\nMail_From_reject = False\nHeader_Type = AR\nAuthserv_Id = {first.name}\n"))
    postfix_receiver(
        first, "opendmarc.example", f"{opendkim}, {opendmarc}",
        f"{software.postfix_tls(first)}smtpd_recipient_restrictions = reject_unauth_destination,\n"
        f"  check_recipient_access inline:{{{{ refused@opendmarc.example = {REFUSAL} }}}},\n"
        "  check_policy_service unix:private/policyd-spf\n"
        "policyd-spf_time_limit = 3600\n",
        "policyd-spf unix - n n - 0 spawn\n  user=policyd-spf argv=/usr/bin/policyd-spf\n")
    milter = software.rspamd(second, 11333, milter_headers='use = ["authentication-results"];\n')
    postfix_receiver(second, "rspamd.example", milter)
    software.exim(third, """acl_smtp_rcpt = acl_check_rcpt
acl_smtp_data = acl_check_data
domainlist local_domains = exim.example
begin acl
acl_check_rcpt:
  warn spf = pass : fail : softfail : none : neutral : permerror : temperror
  accept domains = +local_domains
  deny
acl_check_data:
  warn add_header = :at_start:${authresults {$primary_hostname}}
  accept
begin routers
unix:
  driver = accept
  local_parts = unix
  transport = lmtp_unix
tcp:
  driver = manualroute
  route_list = * STORE byname
  transport = lmtp_tcp
begin transports
lmtp_unix:
  driver = lmtp
  socket = /shared/lmtp
  return_path_add
  delivery_date_add
  envelope_to_add
lmtp_tcp:
  driver = smtp
  protocol = lmtp
  port = 24
  return_path_add
begin retry
* * F,1h,5s
""".replace("STORE", STORE_ADDRESS))


class TestChains(unittest.TestCase):
    """Every sender's mail to every receiver, over both ways into the mailbox and each way out of it."""

    @classmethod
    def setUpClass(cls):
        cls.internet = Internet(Path(os.environ["MAILAUTH_MAIL_SERVERS"]), Path(os.environ["MAILAUTH_MAIL_FOLDER"]))
        cls.addClassCleanup(cls.internet.stop)
        cls.server = DnsServer(zones(), port=53).start()
        cls.addClassCleanup(cls.server.stop)
        cls.store = cls.internet.host(STORE, STORE_ADDRESS)
        software.dovecot(cls.store)
        cls.client = cls.internet.host("odoo-host", ODOO)
        start_receivers(cls.internet)
        start_senders(cls.internet)
        cls.internet.ready()
        cls.expected = {}  # Message-Id: sender, receiver, delivery
        for sender in SENDERS:
            cls.send(sender, "opendmarc.example", "refused")
            for domain in RECEIVERS:
                for delivery in DELIVERIES:
                    cls.send(sender, domain, delivery)
        cls.wait()

    @classmethod
    def send(cls, sender, domain, delivery):
        """As Odoo does: through the company's server, with a Return-Path field of its own."""
        message_id = f"<{sender}-{domain}-{delivery}@odoo-host>"
        mail = mails.plain(f"Return-Path: <bounce@ours.example>\r\n{mails.OWN}").decode()
        mail = mail.replace("<123456789012345.1793620000.123-openerp-42-sale.order@odoo-host>", message_id)
        recipient = f"{delivery}@{domain}"
        with smtplib.SMTP(SENDERS[sender][0], 25, "odoo-host", 10, source_address=(ODOO, 0)) as session:
            session.sendmail("bounce@ours.example", [recipient], mail.replace("customer@receiver.example", recipient).encode())
        cls.expected[message_id] = (sender, domain, delivery)

    @classmethod
    def wait(cls):
        """Until each mail is stored, or what came back of it."""
        until = time.monotonic() + WAIT
        mail = cls.store.path / "srv/mail"
        while len(list(mail.glob("*/new/*"))) < len(cls.expected):
            if time.monotonic() > until:
                raise AssertionError("not all mails arrived:\n" + "\n".join(host.logs() for host in cls.internet.hosts))
            time.sleep(0.1)

    def read(self, octets):
        out = io.StringIO()
        with tempfile.NamedTemporaryFile() as file, contextlib.redirect_stdout(out):
            file.write(octets)
            file.flush()
            main(["arrival", file.name, "--json", "--nameserver", "127.0.0.1:53", "--own", "ours.example"])
        return json.loads(out.getvalue())

    def check(self, given, domain, delivery, number):
        """What was got out of one mailbox."""
        self.assertEqual(number, len(SENDERS))
        seen = set()
        for octets in given:
            found = self.read(octets)
            sender, *to = self.expected[found["message_id"]]
            with self.subTest(sender=sender, receiver=domain, delivery=delivery):
                try:
                    self.judge(found, sender, domain, delivery, to)
                except AssertionError as error:
                    raise AssertionError(f"{error}\n{octets.decode(errors='replace')}\n{json.dumps(found, indent=1)}") from None
            seen.add(sender)
        self.assertEqual(seen, set(SENDERS))

    def judge(self, found, sender, domain, delivery, to):
        address, selector = SENDERS[sender]
        self.assertEqual(to, [domain, delivery])
        self.assertEqual((found["egress"], found["envelope"]), (address, "bounce@ours.example"))
        self.assertEqual((found["receiver"], found["encrypted"]), (f"mx.{domain}", domain in ENCRYPTED))
        self.assertEqual([(one["selector"], one["status"]) for one in found["signatures"]], [(selector, "pass")])
        self.assertEqual(found["spf"], {"result": "pass", "domain": "ours.example", "aligned": True})
        self.assertEqual(found["dmarc"], {"result": "pass", "policy": "reject"})
        said = RECEIVERS[domain][1]
        self.assertEqual({method: found["said"].get(method) for method in said}, said)
        self.assertEqual(found["findings"], [])

    def mailboxes(self):
        for domain in RECEIVERS:
            for delivery in DELIVERIES:
                yield f"{delivery}@{domain}", domain, delivery

    def over_imap(self, user):
        with imaplib.IMAP4(STORE_ADDRESS, 143) as box:
            box.login(user, software.PASSWORD.replace(" ", "_"))
            box.select()
            return [box.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in box.search(None, "ALL")[1][0].split()]

    def test_read_over_imap(self):
        for user, domain, delivery in self.mailboxes():
            given = self.over_imap(user)
            self.check(given, domain, delivery, len(given))

    def test_what_a_receiver_refused_comes_back_as_a_bounce_with_its_words(self):
        """Postfix writes a report to the standard; Exim writes its Status as 5.0.0."""
        given = self.over_imap("bounce@ours.example")
        self.assertEqual(len(given), len(SENDERS))
        for octets in given:
            found = self.read(octets)
            self.assertFalse(found["readable"])
            (finding,) = found["findings"][-1:]
            self.assertEqual(finding["code"], "arrival.bounce", octets.decode(errors="replace"))
            params = finding["params"]
            self.assertEqual((params["recipient"], params["status"], params["cause"]), (
                "refused@opendmarc.example", "5.7.26", "authentication"), octets.decode(errors="replace"))
            self.assertIn("Unauthenticated mail from ours.example is not accepted", params["said"])

    def test_read_over_pop3(self):
        for user, domain, delivery in self.mailboxes():
            box = poplib.POP3(STORE_ADDRESS, 110)
            try:
                box.user(user)
                box.pass_(software.PASSWORD.replace(" ", "_"))
                given = [b"\r\n".join(box.retr(number + 1)[1]) + b"\r\n" for number in range(box.stat()[0])]
            finally:
                box.quit()
            self.check(given, domain, delivery, len(given))

    def fetched(self, program, way, rc, *command, deliver=None):
        """What a program fetched into Maildirs, out of the mailboxes that one way leads to.

        In the texts and the ``command`` words in braces stand for what differs; a word ``{rc}`` for all the files.
        """
        boxes = [(f"srv/{program}/{user}", user, domain) for user, domain, delivery in self.mailboxes() if delivery == way]
        for place, user, _domain in boxes:
            for name in ("", "/mail", "/mail/cur", "/mail/new", "/mail/tmp"):
                self.client.folder(place + name, "vmail")
            values = {
                "store": STORE_ADDRESS, "user": user, "password": software.PASSWORD.replace(" ", "_"), "folder": f"/{place}"}
            self.client.write(f"{place}/rc", rc.format(**values), "vmail", 0o600)
            self.client.write(f"{place}/deliver", (deliver or "").format(**values), "vmail", 0o600)
        said = [self.client.run("vmail", *words) for words in command_lines(command, [f"/{place}" for place, *_more in boxes])]
        for place, _user, domain in boxes:
            given = [path.read_bytes() for path in sorted((self.client.path / place / "mail/new").iterdir())]
            self.assertEqual(len(given), len(SENDERS), "".join(f"{ran.stdout}{ran.stderr}" for ran in said))
            self.check(given, domain, way, len(given))

    def test_fetched_by_fetchmail(self):
        for protocol, way in (("imap", "tcp"), ("pop3", "unix")):
            self.fetched(
                f"fetchmail-{protocol}", way,
                f'poll {{store}} protocol {protocol} user "{{user}}" password "{{password}}" keep fetchall sslproto \'\''
                ' mda "/bin/sh {folder}/deliver"\n',
                "/usr/bin/fetchmail", "--nodetach", "--nosyslog", "--pidfile", "{folder}/pid", "-f", "{folder}/rc",
                deliver=DELIVER)

    def test_fetched_by_getmail(self):
        # Of a delivery that ends at once getmail misses the end, and gives the rest up: this one takes its time.
        for kind, way in (("POP3", "tcp"), ("IMAP", "unix")):
            self.fetched(
                f"getmail-{kind}", way,
                f"[retriever]\ntype = Simple{kind}Retriever\nserver = {{store}}\nusername = {{user}}\ntimeout = 20\n"
                "password = {password}\n[destination]\ntype = MDA_external\npath = /bin/sh\n"
                'arguments = ("{folder}/deliver",)\n[options]\nread_all = true\n',
                "/usr/bin/getmail", "--getmaildir", "/tmp", "--rcfile", "{rc}", deliver=f"{DELIVER}sleep 0.3\n")


def command_lines(command, folders):
    """One command for each folder, or one for all where it takes several files."""
    if "{rc}" not in command:
        return [[word.format(folder=folder) for word in command] for folder in folders]
    option = command[command.index("{rc}") - 1]
    return [[*command[:command.index("{rc}") - 1], *(word for folder in folders for word in (option, f"{folder}/rc"))]]


if __name__ == "__main__":
    unittest.main()
