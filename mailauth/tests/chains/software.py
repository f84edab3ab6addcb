"""Real mail software on a host: configured as its documentation shows, and started."""

from __future__ import annotations

import datetime
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from .hosts import USERS, Host

PASSWORD = "a password for tests"

_POSTFIX = """compatibility_level = 3.6
myhostname = {name}
mydestination =
inet_interfaces = {address}
inet_protocols = ipv4
smtp_bind_address = {address}
mynetworks = {networks}
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
queue_directory = /var/spool/postfix
data_directory = /var/lib/postfix
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = /var/log/mail.log
smtputf8_enable = no
alias_maps =
milter_default_action = tempfail
smtp_host_lookup = dns
smtp_tls_security_level = may
{more}
"""
_MASTER = """smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
{more}
"""


def postfix(host: Host, networks: str, main: str = "", master: str = "") -> None:
    """Postfix on port 25 of the host's address, with more lines for its two files."""
    values = {"name": host.name, "address": host.address, "networks": networks, "more": main}
    host.write("etc/postfix/main.cf", _POSTFIX.format(**values))
    host.write("etc/postfix/master.cf", _MASTER.format(more=master))
    host.folder("var/lib/postfix", "postfix")
    for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"):
        host.folder(f"var/spool/postfix/{name}", "postfix", 0o700)
    host.folder("var/spool/postfix/pid")
    for name, mode in (("maildrop", 0o730), ("public", 0o710)):
        path = host.folder(f"var/spool/postfix/{name}")
        os.chown(path, USERS["postfix"], USERS["postdrop"])
        path.chmod(mode)
    host.start("/usr/lib/postfix/sbin/master", "-c", "/etc/postfix", "-d", listens=(host.address, 25))


def postfix_tls(host: Host) -> str:
    """A certificate that the host made for itself; the lines for Postfix's main.cf that have it offer STARTTLS."""
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host.name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number(), now,
                                          now + datetime.timedelta(days=1)).sign(private, hashes.SHA256())
    host.write("etc/postfix/certificate.pem", certificate.public_bytes(serialization.Encoding.PEM).decode())
    key(host, "etc/postfix/key.pem", private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()).decode(), "postfix")
    return (
        "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /etc/postfix/certificate.pem\n"
        "smtpd_tls_key_file = /etc/postfix/key.pem\n")


def opendkim(host: Host, port: int, conf: str) -> str:
    """OpenDKIM; the milter's name for Postfix."""
    host.write("etc/opendkim.conf", f"Socket inet:{port}@127.0.0.1\nUserID opendkim\nNameservers 127.0.0.1\nSyslog no\n{conf}")
    host.start("/usr/sbin/opendkim", "-f", "-x", "/etc/opendkim.conf", listens=("127.0.0.1", port))
    return f"inet:127.0.0.1:{port}"


def opendmarc(host: Host, port: int, conf: str) -> str:
    """OpenDMARC; the milter's name for Postfix."""
    host.write("etc/opendmarc.conf", f"Socket inet:{port}@127.0.0.1\nUserID opendmarc\nSyslog false\n{conf}")
    host.start("/usr/sbin/opendmarc", "-f", "-c", "/etc/opendmarc.conf", listens=("127.0.0.1", port))
    return f"inet:127.0.0.1:{port}"


def rspamd(host: Host, port: int, **modules: str) -> str:
    """Rspamd as a milter, with ``local.d`` files for its modules; the milter's name for Postfix."""
    for name, text in modules.items():
        host.write(f"etc/rspamd/local.d/{name}.conf", text)
    host.write("etc/rspamd/local.d/options.inc", (
        'dns { nameserver = ["127.0.0.1"]; timeout = 1s; }\nfilters = "dkim,regexp";\n'
        'url_tld = "/etc/rspamd/tlds";\n'))
    host.write("etc/rspamd/tlds", "example\narpa\n")  # of the whole list it makes patterns first, for a minute
    host.write("etc/rspamd/local.d/logging.inc", 'type = "console"; level = "notice";\n')
    for name in ("normal", "controller", "fuzzy"):
        host.write(f"etc/rspamd/local.d/worker-{name}.inc", "enabled = false;\n")
    host.write("etc/rspamd/local.d/worker-proxy.inc", (
        f'bind_socket = "127.0.0.1:{port}";\nmilter = yes;\ncount = 1;\n'
        'upstream "local" { default = yes; self_scan = yes; }\n'))
    # What asks services of the world outside, which is not there.
    for name in ("rbl", "fuzzy_check", "asn", "surbl", "phishing", "mx_check", "neural", "bayes_expiry", "greylist", "ratelimit"):
        host.write(f"etc/rspamd/local.d/{name}.conf", "enabled = false;\n")
    for name in ("var/lib/rspamd", "run/rspamd", "var/log/rspamd"):
        host.folder(name, "_rspamd")
    host.start("/usr/bin/rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd", listens=("127.0.0.1", port))
    return f"inet:127.0.0.1:{port}"


def exim(host: Host, conf: str) -> None:
    """Exim on port 25 of the host's address."""
    host.write("etc/exim4/exim4.conf", (
        f"primary_hostname = {host.name}\nlocal_interfaces = {host.address}\ndns_dnssec_ok = 0\ntls_advertise_hosts =\n"
        f"disable_ipv6 = true\nlog_file_path = /var/log/exim-%s.log\nkeep_environment =\n{conf}"))
    for name in ("var/spool/exim4", "var/log"):
        host.folder(name, "Debian-exim")
    host.start("/usr/sbin/exim4", "-bdf", "-q10s", listens=(host.address, 25))


def dovecot(host: Host) -> None:
    """Dovecot with a mailbox for whoever is asked for: LMTP over TCP (24) and at /shared/lmtp, IMAP and POP3."""
    host.write("etc/dovecot/dovecot.conf", f"""protocols = imap pop3 lmtp
listen = {host.address}
ssl = no
disable_plaintext_auth = no
log_path = /var/log/dovecot.log
mail_location = maildir:/srv/mail/%u
mail_uid = vmail
mail_gid = vmail
first_valid_uid = 100
passdb {{
  driver = static
  args = password={PASSWORD.replace(" ", "_")}
}}
userdb {{
  driver = static
  args = uid=vmail gid=vmail home=/srv/mail/%u
}}
service lmtp {{
  inet_listener lmtp {{
    address = {host.address}
    port = 24
  }}
  unix_listener /shared/lmtp {{
    mode = 0666
  }}
}}
""")
    host.folder("srv/mail", "vmail")
    host.folder("run/dovecot")
    host.folder("var/lib/dovecot")
    host.start("/usr/sbin/dovecot", "-F", listens=(host.address, 24))


def key(host: Host, name: str, pem: str, owner: str) -> str:
    """A private key where only its owner reads it; the file's name."""
    host.write(name, pem, owner, 0o600)
    return f"/{name}"
