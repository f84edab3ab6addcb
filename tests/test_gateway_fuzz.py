import json
import os
import random
import time
import xmlrpc.client
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import replace
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.mail.models.mail_thread import MailThread as Core

from ..mailauth.tests import report_corpus as corpus
from ..mailauth.tests.fuzz_pieces import OF_MAILS, OF_REPORTS, damage
from ..receiving import counting, uploading
from .received_common import ADDRESS, ReceivedCase, aggregate, report_mail, tls_report
from .test_proof import REPORT, ProofCase

# As the engine's fuzzers (mailauth/tests/fuzz.py, whose examples need a package that Odoo does not have): the same mails each
# time; with MAILAUTH_FUZZ=60 sixty times as many, and new ones. 60 takes about ten minutes.
FACTOR = float(os.environ.get('MAILAUTH_FUZZ') or 1)
SEED = random.SystemRandom().getrandbits(32) if 'MAILAUTH_FUZZ' in os.environ else 1
BATCHES, BATCH = 12, 10  # mails that come together
UPLOADS = 3  # files beside them
SECONDS = 20  # of the processor for those, on a busy machine; they take a small part of it
OURS = 'mail_domain_health_'  # how our tables are called
OTHERS = {'ir_cron_trigger'}  # the scheduled action is woken
LIMITS = replace(counting.LIMITS, unpacked=2 * 1024 * 1024, entries=50)  # bombs of harmless sizes
RECIPIENT = f'To: {ADDRESS}\r\n'.encode()


@tagged('post_install', '-at_install')
class TestGatewayFuzz(ReceivedCase, ProofCase):
    """Whatever comes to Odoo's gateway for us, or is uploaded: nothing is raised or logged as an error, it is read within bounds,
    what is somebody else's reaches core as it came, and nothing but our own tables is written."""

    def setUp(self):
        super().setUp()
        self.publish_ours()
        self.given = []

        def message_process(_self, _model, message, **_kwargs):
            self.given.append(message)
            return 42

        self.startPatcher(patch.object(Core, 'message_process', message_process))
        self.startPatcher(patch.object(counting, 'LIMITS', LIMITS))
        servers = self.env['fetchmail.server'].create([
            {'name': reads, 'server_type': 'imap', 'user': f'{reads}@firm.example', 'mail_health_reports': reads}
            for reads in ('also', 'only')])
        self.servers = [False, False, *servers.ids]  # by which a mail is fetched; mostly by none that reports are read from
        self.proof = self.send()
        sent = self.octets(self.proof)
        self.reports = [case.octets.replace(b'firm.example', b'ours.example') for case in corpus.CASES] + [
            aggregate(), tls_report(failures=[('certificate-expired', 'mx.ours.example', 7)])]
        self.mails = [
            self.arrived(self.proof), REPORT % sent, REPORT.replace(b'bounce@ours.example', ADDRESS.encode()) % sent,
            report_mail(aggregate()), report_mail(aggregate(), kind='multipart/report; report-type=tlsrpt; boundary=b'),
            *(RECIPIENT + corpus.attached(octets) for octets in self.reports[:20])]

    @contextmanager
    def only_ours_are_written(self):
        before = self.count_written()
        yield
        self.env.flush_all()
        written = {table for table, number in self.count_written().items() if number > before[table]}
        self.assertFalse({table for table in written if not table.startswith(OURS)} - OTHERS)

    def count_written(self):
        """Return ``{table: rows that this transaction wrote so far}``, of all tables of the database."""
        return Counter(dict(self.env.execute_query(SQL(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"))))

    # What comes

    def make_mail(self, draw):
        """Return a mail, and whether it is certainly for an address of ours."""
        kind = draw.randrange(6)
        if kind < 3:  # a report that is not as it should be, in a mail that its reporter signed
            report = self.damaged(draw, draw.choice(self.reports), OF_REPORTS)
            if kind == 1:
                report = b''.join(draw.choices(OF_REPORTS, k=draw.randrange(80)))
            if kind == 2:
                report = draw.choice((corpus.zipped(('a', report)), corpus.packed(report) * 2, corpus.packed(b' ' * 3_000_000)))
                report = self.damaged(draw, report, OF_REPORTS)
            return report_mail(report, message_id=str(draw.random())), True
        if kind < 5:
            return self.damaged(draw, draw.choice(self.mails), OF_MAILS + OF_REPORTS), False
        return RECIPIENT + b'From: a@b.example\r\n' + b''.join(draw.choices(OF_MAILS + OF_REPORTS, k=draw.randrange(120))), True

    @staticmethod
    def damaged(draw, octets, pieces):
        changes = [
            (draw.randrange(min(len(octets), 8000) + 1), draw.choice((*pieces, octets[:draw.randrange(200)])), draw.randrange(40))
            for _change in range(draw.randrange(6))]
        octets = damage(octets, changes)
        return octets[:draw.randrange(len(octets) + 1)] if draw.random() < 0.1 else octets

    @staticmethod
    def handed_over(draw, octets):
        """Return a mail in one of the forms that fetching and pipes hand it over in."""
        form = draw.randrange(8)
        if form == 0:
            return octets.replace(b'\r\n', b'\n')
        if form == 1:
            return octets.decode('utf-8', 'surrogateescape')
        return xmlrpc.client.Binary(octets) if form == 2 else octets

    # What becomes of it

    def test_whatever_comes(self):
        for number in range(max(1, int(BATCHES * FACTOR))):
            with self.subTest(seed=SEED, batch=number), closing(self.env.cr.savepoint()):
                self.take_batch(random.Random(f'{SEED} {number}'))
            self.env.invalidate_all()

    def test_each_known_file(self):
        for start in range(0, len(self.reports), BATCH):
            files = self.reports[start:start + BATCH]
            with self.subTest(start=start), closing(self.env.cr.savepoint()):
                self.take_all([(report_mail(octets, message_id=str(number)), True) for number, octets in enumerate(files)], files)
            self.env.invalidate_all()

    def take_batch(self, draw):
        sent = [self.make_mail(draw) for _mail in range(BATCH)]
        files = [self.damaged(draw, draw.choice(self.reports), OF_REPORTS) for _file in range(UPLOADS)]
        self.take_all([(self.handed_over(draw, octets), is_ours) for octets, is_ours in sent], files, draw)

    def take_all(self, sent, files, draw=None):
        """Have mails received and files uploaded, and see what becomes of them."""
        env = self.env
        began = time.process_time()
        self.env.flush_all()
        with self.nothing_else(), self.only_ours_are_written(), self.assertNoLogs('odoo.addons.mail_domain_health', 'ERROR'):
            for octets in files:
                uploading.take(self.env(user=self.ann), octets, lambda: False)
            for message, is_ours in sent:
                self.given.clear()
                self.env = env(context={**env.context, 'default_fetchmail_server_id': draw.choice(self.servers)}) if draw else env
                taken = self.receive(message) is False
                self.env = env
                self.assertTrue(taken or not is_ours, message)
                self.assertEqual([id(one) for one in self.given], [] if taken else [id(message)], message)
            # DNS that did not answer about a domain is asked again for a day.
            self.env.cr.execute("UPDATE mail_domain_health_incoming SET received_on = received_on - interval '2 days'")
            self.read_waiting()
            self.env.cr.execute("SELECT count(*) FROM mail_domain_health_incoming WHERE next_read IS NOT NULL")
            self.assertEqual(self.env.cr.fetchone(), (0,), "all of it was read")
        self.look()
        self.assertLess(time.process_time() - began, SECONDS)

    def look(self):
        """Show what was stored; it can be sent to a browser."""
        fields = ['state', 'explanation', 'skipped_text', 'policy_domain', 'org_name', 'report_number', 'claimed_by', 'domain_id']
        shown = [
            self.domain.read_received(), self.Report.search([]).read(fields), self.proof.outcome, self.proof.table or '',
            self.Volume.search([]).read(['source', 'reporters_text', 'header_from', 'spf_domain', 'dkim_domain'])]
        self.assertFalse(set(json.dumps(shown, ensure_ascii=False)) & set('\0\x1b\u202e'))

    def test_what_the_fuzzer_looks_for_it_finds(self):
        """Without this it would be content with a gateway that takes nothing, and with one that writes anywhere."""
        with self.assertRaises(AssertionError), self.only_ours_are_written():
            self.env['res.partner'].create({'name': "Somebody"})
        draw, states = random.Random('1'), Counter()
        for _mail in range(60):
            self.receive(self.make_mail(draw)[0])
        taken = self.Incoming.sudo().search_count([])
        self.assertTrue(taken > 40 and self.given, "some are core's")
        self.read_waiting()
        states.update(self.Report.search([]).mapped('state'))
        self.assertGreaterEqual(set(states), {'counted', 'unverified', 'refused'}, states)
