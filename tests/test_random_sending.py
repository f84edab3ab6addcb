"""Random sending configurations: what is foretold of each, against what a real mail server receives."""

import itertools
import logging
import os
import random
import time
from collections import namedtuple

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import config
from odoo.tools.mail import email_normalize

from odoo.addons.mail.tests.common import MailCommon

from ..sending.asking_core import alias_domain_of, probe
from ..sending.counting import PENDING
from .sink import SinkCase, needs_sink

_logger = logging.getLogger(__name__)

CONFIGURATIONS = int(os.environ.get('SENDING_CONFIGURATIONS') or 150)  # ./dev/test sending 2000: each takes 0.1 s
SLOTS = 4  # outgoing mail servers that a configuration may use; the last port is the configuration file's
FILTERS = (
    False, 'ours.example', 'other.example', 'OURS.example , third.example', 'notifications@ours.example', 'pat@ours.example',
    'jim@other.example', 'office@ours.example', 'nothing.example', 'bounce@ours.example', '*.ours.example', 'notify@third.example',
)
ALIAS_DOMAINS = {
    'ours': {'name': 'ours.example'}, 'other': {'name': 'other.example'}, 'third': {'name': 'Third.Example', 'default_from': 'notify'},
    'abroad': {'name': 'here.example', 'default_from': 'mailer@other.example'}, 'silent': {'name': 'silent.example', 'default_from': False},
}
# Of modules that change the sender (mail_outbound_static).
STATIC = (False, 'static@beta.example', 'office@ours.example', 'notifications@ours.example', 'pat@ours.example')
WHITELISTS = (False, 'ours.example', 'other.example, ours.example', 'nothing.example')

PEERS = ('user', 'company')  # authors at the domain of "peer", whose address no filter names

Server = namedtuple('Server', 'slot from_filter is_cli smtp_from whitelist is_companys')
Configuration = namedtuple(
    'Configuration', 'servers company_domain queue_domain parameter email_from from_filter template_server')
Mail = namedtuple('Mail', 'author alias_domain is_templates moment')
Outcome = namedtuple('Outcome', 'port from_email envelope_from')


def draw(rng, others, filters=FILTERS):
    """Return a random :class:`Configuration` and a :class:`Mail`; ``others``: whether modules of others are installed."""
    slots = rng.sample(range(SLOTS), rng.choice((0, 1, 1, 2, 2, 3)))
    servers = tuple(Server(
        slot, rng.choice(filters), rng.random() < 0.1, others and rng.choice(STATIC), others and rng.choice(WHITELISTS),
        others and rng.random() < 0.5) for slot in slots)
    domains = (*ALIAS_DOMAINS, 'none')
    configuration = Configuration(
        servers, rng.choice(domains), rng.choice(domains), rng.choice((None, None, *filters[1:])),
        rng.choice((False, False, 'odoo@host.example')), rng.choice((False, False, *filters[1:6])),
        # With the others it would make their choice of that server one that was foretold of templates.
        None if others else rng.choice((None, *slots)))
    author, is_templates = rng.choice(('user', 'user', 'colleague', 'company', 'outsider', 'odoobot')), rng.random() < 0.3
    # Templates carry no alias domain; messages that Odoo passes on do.
    is_templates = is_templates and author not in ('outsider', 'odoobot')
    return configuration, Mail(author, not is_templates, is_templates, rng.choice(('now', 'queue')))


class RandomSendingCase(SinkCase, MailCommon):
    """A company, OdooBot's company in which the queue works, and servers that lead to ports of the sink."""

    ports = SLOTS + 1
    others = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.queue_company = cls.env.ref('base.user_root').company_id
        cls.company = cls.env['res.company'].create({'name': "Random", 'email': 'office@ours.example'})
        cls.alias_domains = {'none': cls.env['mail.alias.domain']}
        for name, values in ALIAS_DOMAINS.items():
            cls.alias_domains[name] = cls.env['mail.alias.domain'].create(values)
        cls.env['res.users'].create([
            {'name': login, 'login': f'random_{login}', 'email': email, 'company_id': cls.company.id,
             'company_ids': [(6, 0, cls.company.ids)]}
            for login, email in (('pat', 'pat@ours.example'), ('jim', 'Jim@Other.Example'), ('ann', 'ann@ours.example'))])
        cls.servers = [cls.make_server(f'server {slot}', slot, active=False) for slot in range(SLOTS)]
        cls.env['mail.template'].search([('id', '!=', False)]).active = False  # each is two dozen ways more to find
        cls.template = cls.env['mail.template'].create({
            'name': "Random", 'model_id': cls.env['ir.model']._get('res.partner').id, 'email_from': False})
        cls.parameters = cls.env['ir.config_parameter'].sudo()
        cls.options = {name: config[name] for name in ('email_from', 'from_filter')}
        cls.addClassCleanup(lambda: [config.__setitem__(name, value) for name, value in cls.options.items()])
        cls.authors = {
            'user': '"Pat" <pat@ours.example>', 'colleague': 'Jim@Other.Example', 'company': 'office@ours.example',
            'peer': 'ann@ours.example', 'outsider': '"Jane" <jane@gmail.com>', 'odoobot': cls.env.ref('base.partner_root').email_formatted}

    def configure(self, configuration):
        """Make database and configuration file what ``configuration`` says, and have it followed."""
        self.template.mail_server_id = False  # a server in use cannot be archived
        chosen = {server.slot: (order, server) for order, server in enumerate(configuration.servers)}
        for slot, server in enumerate(self.servers):
            values = {'active': slot in chosen}
            if slot in chosen:
                order, wanted = chosen[slot]
                values.update(sequence=order, from_filter=wanted.from_filter,
                              smtp_authentication='cli' if wanted.is_cli else 'login')
                if self.others:
                    values.update(smtp_from=wanted.smtp_from, domain_whitelist=wanted.whitelist,
                                  company_id=self.company.id if wanted.is_companys else False)
            server.write(values)
        self.company.alias_domain_id = self.alias_domains[configuration.company_domain]
        self.queue_company.alias_domain_id = self.alias_domains[configuration.queue_domain]
        self.parameters.set_param('mail.default.from_filter', configuration.parameter or False)
        config['email_from'], config['from_filter'] = configuration.email_from, configuration.from_filter
        slot = configuration.template_server
        self.template.mail_server_id = self.servers[slot] if slot is not None else False
        self.env.flush_all()
        self.env.cr.precommit.clear()  # what follows is the whole of it
        self.env['mail.domain.health.path']._refresh(self.company)

    def foretell(self, mail, configuration):
        """Return the :class:`Outcome` that is foretold, or ``None`` if core is foretold to refuse."""
        forced = mail.is_templates and configuration.template_server is not None
        route = probe(
            self.env, self.company, self.authors[mail.author],
            alias_domain=alias_domain_of(self.company) if mail.alias_domain else self.alias_domains['none'],
            acting_company=self.company if mail.moment == 'now' else self.queue_company,
            mail_server=self.servers[configuration.template_server] if forced else None)
        return route and Outcome(self.port_of(route.server), route.from_email, route.envelope_from)

    def port_of(self, server):
        is_own = server and server.smtp_authentication != 'cli'
        return server.smtp_port if is_own else config['smtp_port']

    def send(self, mail, configuration):
        """Have core send the mail; return the :class:`Outcome` as the sink saw it, or ``None``."""
        values = {
            'email_from': self.authors[mail.author], 'email_to': 'receiver@receiver.example', 'subject': "Random",
            'body_html': "<p>Random</p>", 'reply_to': 'answers@ours.example', 'record_company_id': self.company.id,
            'record_alias_domain_id': mail.alias_domain and alias_domain_of(
                self.company).id,
            'mail_server_id': self.template.mail_server_id.id if mail.is_templates else False,
        }
        created = self.env(user=SUPERUSER_ID, context={'allowed_company_ids': self.company.ids})['mail.mail'].create(values)
        with self.sending():
            if mail.moment == 'now':
                created.send()
            else:
                self.env(user=SUPERUSER_ID, context={})['mail.mail'].process_email_queue(email_ids=created.ids)
        received = self.sink.take()
        self.assertLessEqual(len(received), 1)
        return Outcome(
            received[0].port, email_normalize(received[0].message['From']) or '',
            email_normalize(received[0].envelope_from) or '') if received else None

    def unforeseen(self):
        """Return what this transaction sent and no path foretold: ``[Departure]``."""
        noted = self.env.cr.postcommit.data.pop(PENDING, None)
        self.env.cr.postcommit.clear()
        self.env.cr.postrollback.clear()
        return noted and [
            departure for departure in noted.counts
            if not self.env['mail.domain.health.path']._match_id(
                departure.company_id, departure.mail_server_id, departure.author_email, departure.from_email,
                departure.envelope_from, departure.is_mailing)]

    def ways_of(self, mail, configuration):
        """Return every :class:`Outcome` that is foretold of the author, whatever is sent and when.

        People of one domain share their ways: another one's mail is theirs, with their own address.
        """
        kinds = ((True, False), (False, True)) if mail.author in ('user', 'colleague', 'company') else ((True, False),)
        own, ways = email_normalize(self.authors[mail.author]), set()
        for author in (mail.author, *(('peer',) if mail.author in PEERS else ())):
            other = email_normalize(self.authors[author])
            for (alias_domain, is_templates), moment in itertools.product(kinds, ('now', 'queue')):
                outcome = self.foretell(Mail(author, alias_domain, is_templates, moment), configuration)
                ways.add(outcome and outcome._replace(**{
                    name: own for name in ('from_email', 'envelope_from') if getattr(outcome, name) == other}))
        return ways

    def compare(self, seed, count):
        """Yield ``(configuration, mail, foretold, received, unforeseen)`` of ``count`` random configurations."""
        rng, start = random.Random(seed), time.process_time()
        for _number in range(count):
            configuration, mail = draw(rng, self.others)
            self.configure(configuration)
            foretold = self.foretell(mail, configuration)
            received = self.send(mail, configuration)
            yield configuration, mail, foretold, received, self.unforeseen()
        _logger.info("%s configurations took %.0f s of CPU time", count, time.process_time() - start)

    def show(self, rows):
        return '\n'.join(f'{row[0]}\n  {row[1]}\n  foretold {row[2]}\n  received {row[3]}\n  unforeseen {row[4]}' for row in rows[:5])


@needs_sink
@tagged('post_install', '-at_install')
class TestRandomSending(RandomSendingCase):

    def test_every_mail_leaves_as_foretold_and_none_is_unforeseen(self):
        rows = list(self.compare(20261128, CONFIGURATIONS))
        different = [row for row in rows if row[2] != row[3]]
        surprising = [row for row in rows if row[4]]
        delivered = sum(row[3] is not None for row in rows)
        self.assertFalse(different, f"{len(different)} of {len(rows)} left otherwise, such as\n{self.show(different)}")
        self.assertFalse(surprising, f"{len(surprising)} of {len(rows)} were not foreseen, such as\n{self.show(surprising)}")
        self.assertGreater(delivered, 0.7 * len(rows))  # or nothing is compared but refusals
        _logger.info("%s random configurations, %s mails received, no difference", len(rows), delivered)


@needs_sink
@tagged('post_install', '-at_install')
class TestRandomSendingOthers(RandomSendingCase):
    """With modules of OCA that change the sender: what they make of it is received otherwise, and told."""

    others = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'smtp_from' not in cls.env['ir.mail_server']._fields or 'company_id' not in cls.env['ir.mail_server']._fields:
            raise cls.skipTest(cls, "mail_outbound_static and mail_multicompany are not installed")

    def test_every_difference_is_told_as_unforeseen(self):
        """What leaves as other mail of the author's domain does is foreseen, and judged there."""
        mails, different, silent, invented = 0, 0, [], []
        for configuration, mail, foretold, received, unforeseen in self.compare(20261129, CONFIGURATIONS):
            row = configuration, mail, foretold, received, unforeseen
            mails += received is not None
            if received and received not in self.ways_of(mail, configuration):
                different += 1
                silent += [row] * (not unforeseen)
            elif unforeseen:
                invented.append(row)
        self.assertFalse(silent, f"{len(silent)} of {different} differences were not told, such as\n{self.show(silent)}")
        self.assertFalse(invented, f"{len(invented)} were told and none, such as\n{self.show(invented)}")
        self.assertGreater(different, 0.1 * mails)  # or these modules changed nothing
        _logger.info("%s random configurations, %s mails, %s of them left otherwise and were told", CONFIGURATIONS, mails, different)
