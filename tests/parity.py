"""What is foretold about mail against what core really sends, combination by combination.

A combination is one configuration (servers, parameters, options, companies) and one mail. All mails
of a configuration are created and sent together by core, its SMTP sessions replaced by core's
own test class; then each is foretold, and the two answers compared.
"""

import smtplib
from collections import namedtuple
from itertools import product

from odoo import SUPERUSER_ID
from odoo.tools import config, mute_logger
from odoo.tools.mail import email_normalize

from odoo.addons.mail.tests.common import MailCommon

from ..sending import asking_core

# A mail: who wrote it and when it is sent ("now" in the company, or by the "queue" in OdooBot's).
# ``alias_domain``: that of the "record", of the "queue"'s company, or "none"; ``mail_server`` by name.
Mail = namedtuple('Mail', 'author writer alias_domain mail_server moment')
Difference = namedtuple('Difference', 'configuration mail foretold sent')

SERVERS = {
    'any': (False, {}),  # from_filter, more
    'ours': ('ours.example', {}),
    'capitals': (' OURS.example , other.example', {}),
    'notifications': ('notifications@ours.example', {}),
    'third': ('notify@third.example', {}),
    'jane': ('jane@elsewhere.example', {}),
    'nothing': ('nothing.example', {}),
    'bounce': ('bounce@ours.example', {}),
    'cli': ('other.example', {'smtp_authentication': 'cli'}),
    'cli_any': (False, {'smtp_authentication': 'cli'}),
    'personal': ('pat@ours.example', {'smtp_user': 'pat@ours.example'}),
    'old': (False, {}),  # always archived
}
LAYOUTS = (
    ('any',), ('ours',), ('capitals',), ('notifications',), ('third',), ('jane',), ('nothing',), ('bounce', 'jane'),
    ('nothing', 'any'), ('cli',), ('cli_any', 'nothing'), ('nothing', 'cli_any', 'ours'),
    ('personal',), ('personal', 'any'), ('ours', 'personal'), ('nothing', 'personal', 'notifications'),
)
ALIAS_DOMAINS = {
    'ours': {'name': 'ours.example'},
    'other': {'name': 'other.example'},
    'third': {'name': 'Third.Example', 'default_from': 'notify'},
    'abroad': {'name': 'here.example', 'default_from': 'mailer@other.example'},
    'silent': {'name': 'silent.example', 'default_from': False},
}
# the alias domains of the company and of the one that the queue works in
COMPANIES = (('ours', 'other'), ('third', 'ours'), ('abroad', 'ours'), ('none', 'ours'), ('silent', 'other'), ('ours', 'none'))
AUTHORS = (
    '"Jane Doe" <jane@elsewhere.example>', 'jim@ours.example', 'JIM@Other.Example', 'notifications@ours.example',
    '"Pat" <pat@ours.example>', '"A" <a@ours.example>, b@elsewhere.example', 'odoobot@example.com', 'jürgen@ours.example', '',
)


class Configuration(namedtuple('Configuration', 'servers company parameter options no_personal legacy')):
    """``company``: a row of COMPANIES; ``options`` of the configuration file: (email_from, from_filter, smtp)."""


DEFAULT = Configuration((), COMPANIES[0], None, (False, False, 'localhost'), False, None)


def enumerate_servers():
    """Every layout of servers, every pair of alias domains, every author, writer, alias domain and moment."""
    for servers, company in product(LAYOUTS, COMPANIES[:5]):
        writers = ('odoobot', 'pat') if 'personal' in servers else ('odoobot',)
        mails = [Mail(*mail) for mail in product(AUTHORS, writers, ('record', 'none'), (None,), ('now', 'queue'))]
        yield DEFAULT._replace(servers=servers, company=company), mails
    for servers in LAYOUTS[-4:]:
        mails = [Mail(*mail) for mail in product(AUTHORS, ('pat',), ('record',), (None,), ('now', 'queue'))]
        yield DEFAULT._replace(servers=servers, no_personal=True), mails


def enumerate_options():
    """The configuration file's server: every option and parameter that speaks about the sender."""
    for email_from, from_filter, parameter, company in product(
        (False, 'odoo@host.example'), (False, 'ours.example', 'notify@third.example', 'nothing.example'),
        (None, 'other.example,elsewhere.example', ''), COMPANIES[:4],
    ):
        mails = [Mail(*mail) for mail in product(
            (AUTHORS[0], AUTHORS[1], AUTHORS[8]), ('odoobot',), ('record', 'none'), (None,), ('now', 'queue'))]
        yield DEFAULT._replace(
            company=company, parameter=parameter, options=(email_from, from_filter, 'smtp.host.example')), mails
    for options in ((False, False, ''), ('odoo@host.example', 'ours.example', '')):
        mails = [Mail(author, 'odoobot', 'record', None, 'now') for author in AUTHORS]
        yield DEFAULT._replace(options=options), mails
        yield DEFAULT._replace(options=options, servers=('cli_any',)), mails


def enumerate_forced():
    """Mails that name their server."""
    for company, forced in product((*COMPANIES[:3], COMPANIES[5]), ('any', 'ours', 'nothing', 'jane', 'cli', 'old', 'personal')):
        mails = [Mail(*mail) for mail in product(
            AUTHORS, ('pat',) if forced == 'personal' else ('odoobot',), ('record', 'none'), (forced,), ('now', 'queue'))]
        yield DEFAULT._replace(company=company, servers=('nothing', forced) if forced != 'old' else ('ours',)), mails


def enumerate_legacy():
    """The parameters of Odoo 12 to 14, where the administrator has them obeyed."""
    for key, servers, company in product(
            ('mail.force.smtp.from', 'mail.dynamic.smtp.from'), (('any',), ('ours',), ()), (COMPANIES[0], COMPANIES[3])):
        mails = [Mail(*mail) for mail in product(
            AUTHORS[::2], ('odoobot',), ('record', 'none'), (None, servers[0]) if servers else (None,), ('now', 'queue'))]
        yield DEFAULT._replace(servers=servers, company=company, legacy=key), mails


class ParityCase(MailCommon):
    """A company, OdooBot's company in which the queue works, and servers that are switched on and off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([('id', '!=', False)]).unlink()
        cls.queue_company = cls.env.ref('base.user_root').company_id
        cls.company = cls.env['res.company'].create({'name': "Parity"})
        cls.alias_domains = {'none': cls.env['mail.alias.domain']}
        for name, values in ALIAS_DOMAINS.items():
            cls.alias_domains[name] = cls.env['mail.alias.domain'].create(values)
        cls.pat = cls.env['res.users'].create({
            'name': "Pat", 'login': 'pat_parity', 'email': 'pat@ours.example',
            'company_id': cls.company.id, 'company_ids': [(6, 0, cls.company.ids)],
        })
        cls.servers = {}
        for name, (from_filter, more) in SERVERS.items():
            cls.servers[name] = cls.env['ir.mail_server'].create({
                'name': name, 'smtp_host': f'{name}.smtp.example', 'smtp_encryption': 'none', 'from_filter': from_filter,
                'active': False, **({'owner_user_id': cls.pat.id} if name == 'personal' else {}), **more,
            })
        cls.servers_by_id = {server.id: name for name, server in cls.servers.items()}
        cls.message = asking_core.build_message(cls.env)
        cls.parameters = cls.env['ir.config_parameter'].sudo()
        cls.parameters.set_param('mail.server.personal.limit.minutes', 1_000_000)
        cls.options = {name: config[name] for name in ('email_from', 'from_filter', 'smtp_server')}

    def tearDown(self):
        for name, value in self.options.items():
            config[name] = value
        super().tearDown()

    def configure(self, configuration):
        """Make the database and the configuration file what ``configuration`` says."""
        for name, server in self.servers.items():
            active = name in configuration.servers
            values = {'active': active}
            if active:
                values['sequence'] = configuration.servers.index(name)
            if server.active != active or active and server.sequence != values['sequence']:
                server.write(values)
        for company, name in zip((self.company, self.queue_company), configuration.company):
            if company.alias_domain_id != self.alias_domains[name]:
                company.alias_domain_id = self.alias_domains[name]
        self.parameters.set_param('mail.default.from_filter', False)
        if configuration.parameter is not None:
            self.parameters.search([('key', '=', 'mail.default.from_filter')]).unlink()
            self.parameters.create({'key': 'mail.default.from_filter', 'value': configuration.parameter})
        self.parameters.set_param('mail.disable_personal_mail_servers', configuration.no_personal)
        self.parameters.set_param('mail_domain_health.honour_legacy_sender', bool(configuration.legacy))
        for key in ('mail.force.smtp.from', 'mail.dynamic.smtp.from'):
            self.parameters.set_param(key, 'legacy@ours.example' if key == configuration.legacy else False)
        config['email_from'], config['from_filter'], config['smtp_server'] = configuration.options
        # Nobody waits here for the configuration to be followed.
        self.env.cr.precommit.clear()

    def get_alias_domain(self, mail):
        if mail.alias_domain == 'none':
            return self.alias_domains['none']
        company = self.company if mail.alias_domain == 'record' else self.queue_company
        return asking_core.alias_domain_of(company)

    def foretell(self, mail):
        """Return (server name, From, envelope sender), or ``None`` if core is foretold to refuse."""
        route = asking_core.probe(
            self.env, self.company, mail.author, alias_domain=self.get_alias_domain(mail),
            acting_company=self.company if mail.moment == 'now' else self.queue_company,
            mail_server=self.servers[mail.mail_server] if mail.mail_server else None,
            user=self.pat if mail.writer == 'pat' else None, message=self.message)
        return route and (route.server.name or None, route.from_email, route.envelope_from)

    def send(self, mails):
        """Have core send ``mails``; return what :meth:`foretell` returns, of each."""
        ids = {'now': [], 'queue': []}
        for number, mail in enumerate(mails):
            writer = self.pat.id if mail.writer == 'pat' else SUPERUSER_ID
            ids[mail.moment].append((writer, {
                'email_from': mail.author, 'email_to': f'r{number}@receiver.example', 'subject': "Parity",
                'body_html': "<p>Parity</p>", 'reply_to': 'answers@ours.example', 'auto_delete': False,
                'record_alias_domain_id': self.get_alias_domain(mail).id,
                'mail_server_id': self.servers[mail.mail_server].id if mail.mail_server else False,
            }))
        sent = {}
        with self.recording(sent):
            for moment, company in (('now', self.company), ('queue', None)):
                mail_ids = []
                for writer in {writer for writer, _values in ids[moment]}:
                    Mail = self.env(user=writer, su=True, context={})['mail.mail']
                    mail_ids += Mail.create([values for author, values in ids[moment] if author == writer]).ids
                if company:
                    context = {'allowed_company_ids': company.ids}
                    self.env(user=SUPERUSER_ID, context=context)['mail.mail'].browse(mail_ids).send()
                else:
                    self.env(user=SUPERUSER_ID, context={})['mail.mail'].process_email_queue(email_ids=mail_ids)
        self.env.cr.precommit.clear()
        return [sent.get(f'r{number}@receiver.example') for number in range(len(mails))]

    def recording(self, sent):
        """Core's stand-in for SMTP, noting in ``sent`` how each mail left, by its recipient."""
        return _Recording(self, sent)

    def compare(self, combinations):
        """Return ``(combinations, [Difference])``: how many of them core sent, and what was foretold otherwise."""
        delivered, differences = 0, []
        for configuration, mails in combinations:
            self.configure(configuration)
            for mail, foretold, sent in zip(mails, list(map(self.foretell, mails)), self.send(mails)):
                delivered += sent is not None
                if foretold != sent:
                    differences.append(Difference(configuration, mail, foretold, sent))
        return delivered, differences

    def assertNoDifference(self, differences):
        if differences:
            self.fail('\n'.join([f"{len(differences)} differences, such as", *map(str, differences[:5])]))


class _Recording:
    def __init__(self, case, sent):
        self.case = case
        self.sent = sent
        self.servers = {f'{name}.smtp.example': name for name in SERVERS}

    def __enter__(self):
        self.smtp = self.case.mock_smtplib_connection()
        self.smtp.__enter__()
        self.case.testing_smtp_session.send_message = self.send_message
        # core logs every refusal with its traceback
        self.log = mute_logger('odoo.addons.mail.models.mail_mail', 'odoo.addons.base.models.ir_mail_server')
        self.log.__enter__()

    def __exit__(self, *exc_info):
        self.log.__exit__(*exc_info)
        return self.smtp.__exit__(*exc_info)

    def send_message(self, message, smtp_from, smtp_to_list):
        # The host does not tell a server that stands for the configuration file from that file itself.
        mail_server_id = self.case.connect_mocked.call_args.kwargs.get('mail_server_id')
        name = self.case.servers_by_id.get(mail_server_id) if mail_server_id \
            else self.servers.get(smtplib.SMTP.call_args.args[0])
        for recipient in smtp_to_list:
            self.sent[recipient] = (name, email_normalize(message['From']) or '', email_normalize(smtp_from) or '')
