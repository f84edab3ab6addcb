"""Reports as receivers send them, by mail that is signed, into Odoo's gateway."""

import gzip
import json
from base64 import encodebytes
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields

from ..mailauth.reports import reporters
from ..mailauth.tests import mails
from ..receiving import queue, reading
from .common import HEALTHY, DomainHealthCase

ADDRESS = 'dmarc-reports@ours.example'
LISTED = 'google.com'  # one of the shipped list
SENDER = 'noreply-dmarc-support@google.com'


def aggregate(domain='ours.example', report_id='1', begin=None, org='google.com', records=None, email=''):
    """Return an aggregate report as XML.

    ``records`` are (address, count, dkim, spf, more XML of policy_evaluated), with a disposition where it is not ``none``.
    """
    day = (begin or fields.Datetime.now() - timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
    start = int((day - fields.Datetime.to_datetime('1970-01-01')).total_seconds())
    rows = ''.join(f'''
  <record><row><source_ip>{address}</source_ip><count>{count}</count><policy_evaluated><disposition>{"".join(fate) or "none"}</disposition>
    <dkim>{dkim}</dkim><spf>{spf}</spf>{more}</policy_evaluated></row>
    <identifiers><header_from>{domain}</header_from></identifiers>
    <auth_results><dkim><domain>{domain}</domain><selector>s1</selector><result>{dkim}</result></dkim>
    <spf><domain>{domain}</domain><result>{spf}</result></spf></auth_results></record>'''
                   for address, count, dkim, spf, more, *fate in records or [('192.0.2.10', 3, 'pass', 'pass', '')])
    return f'''<?xml version="1.0"?>
<feedback><report_metadata><org_name>{org}</org_name><email>{email}</email><report_id>{report_id}</report_id>
<date_range><begin>{start}</begin><end>{start + 86399}</end></date_range></report_metadata>
<policy_published><domain>{domain}</domain><p>none</p></policy_published>{rows}
</feedback>'''.encode()


def tls_report(domain='ours.example', report_id='1', begin=None, failures=()):
    """Return a TLS report; ``failures`` are (result type, mail server, sessions)."""
    day = (begin or fields.Datetime.now() - timedelta(days=2)).strftime('%Y-%m-%d')
    return json.dumps({
        'organization-name': "Listed", 'contact-info': 'tls@google.com', 'report-id': report_id,
        'date-range': {'start-datetime': f'{day}T00:00:00Z', 'end-datetime': f'{day}T23:59:59Z'},
        'policies': [{
            'policy': {'policy-type': 'sts', 'policy-string': ['version: STSv1'], 'policy-domain': domain, 'mx-host': ['*.x.example']},
            'summary': {'total-successful-session-count': 50, 'total-failure-session-count': 7},
            'failure-details': [
                {'result-type': result, 'receiving-mx-hostname': host, 'failed-session-count': sessions}
                for result, host, sessions in failures]}]}).encode()


def report_mail(xml, sender=SENDER, to=ADDRESS, message_id=None, signed=True, kind='application/gzip', more=''):
    """Return a mail that brings a report, signed by its sender's domain."""
    domain = sender.rpartition('@')[2]
    number = message_id or f'{hash((xml, sender)) & 0xffffffff:x}@{domain}'
    header = (
        f'From: Reports <{sender}>\r\nTo: {to}\r\nSubject: Report domain: ours.example\r\n'
        f'Date: Mon, 02 Nov 2026 12:05:00 +0000\r\nMessage-Id: <{number}>\r\nMIME-Version: 1.0\r\n{more}'
        f'Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n')
    mail = header.encode() + b'\r\n' + encodebytes(gzip.compress(xml)).replace(b'\n', b'\r\n')
    return mails.sign(mail, domain=domain) if signed else mail


def daemon_mail(report, domain='other.example', to=ADDRESS, message_id='1', report_type='', attached='application/gzip'):
    """Return a mail as core takes it for a bounce that brings a report: of several parts, from a MAILER-DAEMON, signed by its domain.

    :param str report_type: ``tlsrpt``, as RFC 8460 §5.3 asks for, or none
    """
    named = f'report-type={report_type}; ' if report_type else ''
    mail = (
        f'Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@{domain}>\r\nTo: {to}\r\n'
        f'Subject: Report domain: ours.example\r\nDate: Mon, 02 Nov 2026 12:05:00 +0000\r\nMessage-Id: <{message_id}@{domain}>\r\n'
        f'MIME-Version: 1.0\r\nContent-Type: multipart/report; {named}boundary="b"\r\n\r\n'
        f'--b\r\nContent-Type: text/plain\r\n\r\nThis is a report.\r\n--b\r\nContent-Type: {attached}\r\n'
        f'Content-Transfer-Encoding: base64\r\n\r\n').encode()
    return mails.sign(
        mail + encodebytes(gzip.compress(report)).replace(b'\n', b'\r\n') + b'--b--\r\n', domain=domain)


class ReceivedCase(DomainHealthCase):
    """``ours.example`` receives reports at ADDRESS; ``google.com`` and others publish keys that sign them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env['mail.domain.health'].search([('name', '=', 'ours.example')])
        cls.address = cls.env['mail.domain.health.address'].sudo()._get_for(cls.company.alias_domain_id, 'dmarc-reports')

    def setUp(self):
        super().setUp()
        self.assertEqual(reporters.reporter_from(SENDER).domain, LISTED)
        self.publish('ours.example', *HEALTHY)
        self.publish_reporter(LISTED)
        self.Report, self.Volume = self.env['mail.domain.health.report'], self.env['mail.domain.health.volume']
        self.Incoming = self.env['mail.domain.health.incoming']

    def publish_reporter(self, name):
        key = mails.txt(mails.key_record(mails.rsa_key()))
        self.publish(name, '_dmarc TXT "v=DMARC1; p=reject"', f's1._domainkey {key}')

    def receive(self, mail):
        """Have Odoo's gateway process a mail."""
        return self.env['mail.thread'].message_process(None, mail)

    def read_waiting(self):
        """Do what the scheduled action does; what waits for a time waits no longer."""
        self.env.cr.execute("UPDATE mail_domain_health_incoming SET next_read = now() AT TIME ZONE 'UTC' - interval '1 minute'"
            " WHERE next_read IS NOT NULL")
        while found := queue.claim(self.env(su=True)):
            reading.read_mails(self.env(su=True), found)
        self.env.invalidate_all()

    def receive_and_read(self, *mails_):
        before = self.Report.search([])
        for mail in mails_:
            self.receive(mail)
        self.read_waiting()
        return self.Report.search([]) - before

    def volumes(self, **values):
        return self.Volume.search([(name, '=', value) for name, value in values.items()])

    @contextmanager
    def nothing_else(self):
        """Within, nobody is answered, and nothing but what is ours comes into being."""
        watched = ('mail.mail', 'mail.message', 'res.partner', 'mail.followers', 'mail.notification', 'mail.blacklist')
        before = {model: self.env[model].sudo().with_context(active_test=False).search_count([]) for model in watched}
        bounced = sum(self.env['res.partner'].search([]).mapped('message_bounce'))
        yield
        after = {model: self.env[model].sudo().with_context(active_test=False).search_count([]) for model in watched}
        self.assertEqual(after, before)
        self.assertEqual(sum(self.env['res.partner'].search([]).mapped('message_bounce')), bounced)
