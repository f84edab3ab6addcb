"""Messages of contacts in random sending configurations: what is said to follow, against what a real mail server receives.

Nothing is patched between the message that a contact writes and the verdict: core passes it on to whoever follows the
document, the sink takes it, and the engine reads it as a receiver does, with SPF and DMARC from a DNS server.
"""

import itertools
import logging
import os
import random
import re
import time
from collections import Counter, namedtuple
from email.utils import formatdate

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools.mail import email_normalize

from .. import mailauth
from ..checking import watch_list
from ..checking.rows import Rows
from ..contacts.relaying import VERDICTS, WORST_FIRST, Contact, Relaying
from ..mailauth.dns.names import domain_of
from ..mailauth.verdict import Dkim, Enforcement, Spf, path_state
from .common import DnsServerCase
from .sink import needs_sink
from .test_random_sending import FILTERS, RandomSendingCase, draw

_logger = logging.getLogger(__name__)

CONFIGURATIONS = int(os.environ.get('SENDING_CONFIGURATIONS') or 40)  # ./dev/test sending 200: each takes about a second
CONTACTS = {
    'plain': '"Jane" <jane@Customer.example>', 'boss': 'boss@customer.example', 'subdomain': 'joe@Sub.Customer.Example',
    'stranger': 'x@elsewhere.example', 'gmail': '"Ann" <ann@gmail.com>', 'yahoo': 'bob@yahoo.com',
    'idn': '"Leser" <reader@Bücher.example>', 'branch': 'clerk@branch.ours.example',
    'umlaut': 'jörg@customer.example',
}
# Of contacts' domains and addresses, besides those of our own.
CONTACT_FILTERS = (
    'customer.example', 'customer.example, ours.example', 'boss@customer.example, other.example', 'boss@customer.example',
    'Sub.Customer.example', 'gmail.com , ours.example', 'yahoo.com', 'xn--bcher-kva.example, ours.example', 'bücher.example',
    'notifications@ours.example, customer.example', '*.customer.example, elsewhere.example', 'branch.ours.example',
    'branch.ours.example, ours.example',
)
POLICIES = {
    'none': '', 'monitor': 'v=DMARC1; p=none', 'quarantine': 'v=DMARC1; p=quarantine', 'reject': 'v=DMARC1; p=reject',
    'unknown': None,  # not answered
    'strict': 'v=DMARC1; p=reject; aspf=s',
}
# Of servers that the record does not name; ours is among them.
SPF_DEFAULTS = {
    'none': '', 'fail': 'v=spf1 mx -all', 'softfail': 'v=spf1 mx ~all', 'neutral': 'v=spf1 mx ?all',
    'permerror': 'v=spf1 nonsense:x -all', 'unknown': None,
}
PLAIN = 0.3  # of the configurations: no server in Odoo and no filter, as where one hosts it oneself
ADDRESS = '198.51.100.25'  # that our mail leaves from
ZONE = '@ SOA ns1 hostmaster 1 3600 600 86400 300\n@ NS ns1\n@ MX 10 mail\nmail A 192.0.2.10\nns1 A 192.0.2.53\n'
ENCODED_DOMAIN = re.compile(rb'(?<=^From: ).*@=\?.*(?=\r$)', re.MULTILINE)
# Our own domains: those that permit our servers, and those that do not.
PERMITTING = ('ours.example', 'third.example', 'here.example')
NOT_PERMITTING = {'other.example': '@ TXT "v=spf1 -all"\n', 'silent.example': ''}

Left = namedtuple('Left', 'is_sent is_rewritten is_own_envelope')
Row = namedtuple('Row', 'configuration company email contact moment foretold received is_known follows judged')


@needs_sink
@tagged('post_install', '-at_install')
class TestRandomRelaying(DnsServerCase, RandomSendingCase):

    follows_at_once = False
    zones = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.env['mail.sending.service'].create({'name': "Sink", 'spf_term': f'ip4:{ADDRESS}'})
        cls.companies = cls.company | cls.queue_company
        cls.companies.mail_sending_service_id = cls.service
        for server in cls.servers:
            server.mail_sending_service_id = cls.service
        follower = cls.env['res.users'].search([('login', '=', 'random_ann')])
        follower.notification_type = 'email'
        cls.documents = {}
        for company in cls.companies:
            cls.documents[company] = cls.env['res.partner'].create({'name': "An order", 'company_id': company.id})
            cls.documents[company].message_subscribe(partner_ids=follower.partner_id.ids)
        cls.contacts = {
            name: cls.env['res.partner'].create({'name': name, 'email': email}) for name, email in CONTACTS.items()}

    def setUp(self):
        super().setUp()
        for name in PERMITTING:
            self.dns.set_zone(name, f'{ZONE}@ TXT "v=spf1 ip4:{ADDRESS} -all"\n_dmarc TXT "v=DMARC1; p=reject"\n')
        for name, record in NOT_PERMITTING.items():
            self.dns.set_zone(name, ZONE + record)

    def publish_contact(self, email, policy, spf):
        """Have the domain of this address publish what is named."""
        name, text = domain_of(email), ZONE
        for at, rdata in ((name, SPF_DEFAULTS[spf]), (f'_dmarc.{name}', POLICIES[policy])):
            self.dns.script(at, 'TXT', 'servfail' if rdata is None else None)
            if rdata:
                text += f'{at}. TXT "{rdata}"\n'
        self.dns.set_zone(name, text)

    def look_at_contacts(self, emails):
        """Return ``{address: Contact}``, of what the light look finds."""
        names = {domain_of(email) for email in emails}
        found = {look.name: look for look in mailauth.iter_contact_domains(self.resolver(), names, spf=True)}
        return {email: Contact(found[domain_of(email)].policy.value, found[domain_of(email)].spf.value) for email in emails}

    def resolver(self):
        """Return one that remembers nothing of the last configuration."""
        return mailauth.Resolver(nameservers=[self.dns.address], timeout=1)

    def configure(self, configuration):
        result = super().configure(configuration)
        self.env['mail.domain.health.path']._refresh(self.queue_company)
        watch_list.follow_paths(self.env)
        rows = Rows()  # stored without the findings that follow, which take longer than all the rest
        for health, report in self.env['mail.domain.health'].search([('is_foreign', '=', False)])._check():
            health._apply_report(report, rows)
        rows.write_to(self.env)
        return result

    def post(self, company, partner, moment):
        """Have the contact write on the company's document; return what the sink received, or ``None``."""
        document = self.documents[company].with_env(
            self.env(user=SUPERUSER_ID, context={'allowed_company_ids': company.ids, 'mail_notify_force_send': moment == 'now'}))
        with self.sending():
            message = document.message_post(
                body="Hello", author_id=partner.id, email_from=partner.email_formatted, message_type='email',
                subtype_xmlid='mail.mt_comment')
            if moment == 'queue':
                self.assertFalse(self.sink.take())
                waiting = self.env['mail.mail'].search([('mail_message_id', '=', message.id)])
                self.assertEqual(len(waiting), 1)
                self.env(user=SUPERUSER_ID, context={})['mail.mail'].process_email_queue(email_ids=waiting.ids)
        received = self.sink.take()
        self.assertLessEqual(len(received), 1)
        return received[0] if received else None

    def left(self, received, email):
        """Return how a mail of the contact left, of what was received."""
        if not received:
            return Left(False, None, None)
        from_email = self.address(received.message['From'])
        is_rewritten = from_email != self.address(email)
        return Left(True, is_rewritten, None if is_rewritten else domain_of(received.envelope_from) != domain_of(email_normalize(email)))

    def is_known(self, path, email):
        """Whether all is known that decides, besides what the light look found.

        Not what a check of our own bounce domain did not tell, and not how strict an alignment with it is asked for.
        """
        return not path.is_own_envelope or bool(path.envelope_spf) and not email.endswith('.' + path.envelope_domain)

    def address(self, text):
        local, _at, domain = (email_normalize(text) or '').rpartition('@')
        return f'{local}@{domain_of(domain)}'

    def judge(self, received, left):
        """Return the verdict on a mail by the table of all verdicts, from what a receiver sees of it."""
        if not left.is_sent:
            return 'unsent'
        if left.is_rewritten:
            return 'safe'
        hop = f'from relay.example (relay.example [{ADDRESS}]) by mx.receiver.example with ESMTP; {formatdate()}'
        arrival, _services = mailauth.read_arrival(
            self.resolver(),
            f'Return-Path: <{received.envelope_from}>\r\nReceived: {hop}\r\n'.encode() + self.with_readable_sender(received), (), {})
        self.assertTrue(arrival.readable, arrival.findings)
        self.assertEqual(arrival.signatures, ())
        passes = None if arrival.spf.result is mailauth.spf.Result.TEMPERROR else arrival.spf.result is mailauth.spf.Result.PASS
        spf = {Spf.NO} if passes is False else {Spf.ALIGNED} if passes and arrival.spf_aligned else {Spf.OWN} if passes else set()
        if arrival.dmarc == 'none':
            policies = {Enforcement.NO_RECORD}
        elif arrival.policy is None:
            policies = set()
        else:
            policies = {Enforcement.of(arrival.policy)}
        return VERDICTS[path_state(spf, {Dkim.NO}, policies).state]

    def with_readable_sender(self, received):
        """Return the mail with A-labels where core put an encoded word into the domain of From, which RFC 2047 §5 forbids.

        A receiver that reads it all the same reads the domain that is meant.
        """
        return ENCODED_DOMAIN.sub(self.address(received.message['From']).encode(), received.content, count=1)

    def rows(self, seed, count):
        """Yield a :class:`Row` of every contact, company and moment of ``count`` random configurations."""
        rng, start = random.Random(seed), time.process_time()
        for _number in range(count):
            configuration, _mail = draw(rng, False, FILTERS + CONTACT_FILTERS + CONTACT_FILTERS)
            if rng.random() < PLAIN:
                configuration = configuration._replace(servers=(), parameter=None, from_filter=False, template_server=None)
            self.configure(configuration)
            chosen = [self.contacts[name] for name in rng.sample([*CONTACTS], 2)]
            for partner in self.contacts.values():
                self.publish_contact(partner.email_normalized, rng.choice([*POLICIES]), rng.choice([*SPF_DEFAULTS]))
            known = self.look_at_contacts([partner.email_normalized for partner in chosen])
            relaying = Relaying(self.env)
            for company, partner in itertools.product(self.companies, chosen):
                email = partner.email_normalized
                paths = relaying.paths(company, email)
                follows = relaying.follows(company, email, known[email])
                for moment, path in (('now', paths[0]), ('queue', paths[-1])):
                    foretold = Left(
                        path.is_sent, path.is_rewritten if path.is_sent else None,
                        path.is_own_envelope if path.is_sent and not path.is_rewritten else None)
                    mail = self.post(company, partner, moment)
                    received = self.left(mail, partner.email)
                    yield Row(
                        configuration, company.name, email, known[email], moment, foretold, received, self.is_known(path, email), follows,
                        self.judge(mail, received))
        _logger.info("%s configurations took %.0f s of CPU time", count, time.process_time() - start)

    def show(self, rows):
        return '\n'.join(str(row) for row in rows[:5])

    def test_messages_of_contacts_leave_as_foretold_and_are_as_safe_as_is_said(self):
        rows = list(self.rows(20261130, CONFIGURATIONS))
        otherwise = [row for row in rows if row.foretold != row.received]
        self.assertEqual(len(otherwise), 0, f"{len(otherwise)} of {len(rows)} left otherwise, such as\n{self.show(otherwise)}")
        wrong, verdicts = [], Counter()
        for now, queue in zip(rows[::2], rows[1::2], strict=True):
            verdicts[now.follows.verdict, now.follows.reason] += 1
            judged = min(now.judged, queue.judged, key=WORST_FIRST.index)
            is_open = now.follows.verdict == 'unknown' and not (now.is_known and queue.is_known)
            if now.follows.verdict != judged and not is_open:
                wrong.append(now._replace(moment='now, queue', judged=f'{now.judged}, {queue.judged}'))
        self.assertEqual(len(wrong), 0, f"{len(wrong)} of {len(rows)} are judged otherwise, such as\n{self.show(wrong)}")
        self.assertLessEqual({('safe', 'rewritten'), ('unsafe', 'policy')}, {*verdicts})  # or nothing is proved
        _logger.info("%s messages of contacts in %s random configurations, no difference: %s", len(rows), CONFIGURATIONS, dict(verdicts))
