from itertools import product

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.mail import email_domain_extract, email_normalize, email_split_tuples, encapsulate_email

from ..sending.asking_core import probe
from ..sending.legacy_parameters import PARAMETER_DYNAMIC, PARAMETER_FORCE, PARAMETER_HONOR
from .sender_common import configuration_file, smtp_outbox

OWN = 'ours.example'
AUTHORS = (
    '"Jim Insider" <jim@ours.example>',
    '"Jane Outsider" <jane@elsewhere.example>',
    'nameless@elsewhere.example',
    '"The Office" <office@ours.example>',
    False,
)
# (filter, 'cli' for the server of the configuration file as a record)
SERVERS = (
    (),
    ((False, 'login'),),
    ((OWN, 'login'),),
    (('notifications@ours.example', 'login'),),
    (('office@ours.example', 'login'), (OWN, 'login')),
    (('relay@hosted.example', 'login'), (False, 'login')),
    (('jane@elsewhere.example', 'login'), ('nothing.example', 'login')),
    (('nothing.example', 'cli'),),
)
LEGACY = (
    {PARAMETER_FORCE: 'office@ours.example'},
    {PARAMETER_FORCE: '"Relay" <Relay@Hosted.example>', PARAMETER_DYNAMIC: 'office@ours.example'},
    {PARAMETER_DYNAMIC: 'office@ours.example'},
    {PARAMETER_DYNAMIC: 'relay@hosted.example'},
    {PARAMETER_FORCE: 'not an address'},
    {PARAMETER_FORCE: 'jim@ours.example'},  # the owner of the personal server
)
NATIVE = (  # default_from of the alias domain (None: no alias domain), mail.default.from_filter, servers
    ('notifications', False, SERVERS),
    ('desk@other.example', OWN, SERVERS[:3]),
    (None, False, SERVERS[:3]),
)


@tagged('post_install', '-at_install')
class TestSenderParity(TransactionCase):
    """What the legacy parameters promise, what is predicted and what leaves are the same, whatever else is configured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.mail_server'].search([]).unlink()
        cls.alias_domain = cls.env['mail.alias.domain'].create({'name': 'Ours.Example'})
        cls.company = cls.env['res.company'].create({'name': 'Ours', 'alias_domain_id': cls.alias_domain.id})
        cls.author = new_test_user(cls.env, 'jim', 'base.group_user', email='jim@ours.example',
                                   company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)])
        cls.personal = cls.env['ir.mail_server'].create({
            'name': "Jim's", 'smtp_host': 'personal', 'smtp_user': 'jim@ours.example',
            'from_filter': 'jim@ours.example', 'owner_user_id': cls.author.id})
        cls.env['ir.config_parameter'].set_param('mail.server.personal.limit.minutes', 10**6)
        cls.mail = cls.env['mail.mail'].with_user(cls.author).with_company(cls.company).sudo()

    def setUp(self):
        super().setUp()
        self.differences = []
        self.compared = 0

    def set_params(self, **params):
        for key, value in params.items():
            self.env['ir.config_parameter'].set_param(key, value)

    def send(self, values_list):
        """Send one mail per dict of values; return ``{receiver: Sent}``."""
        with smtp_outbox(self.env) as outbox, mute_logger(
                'odoo.addons.mail.models.mail_mail', 'odoo.addons.base.models.ir_mail_server'):
            mails = self.mail.create([{'body_html': 'x', 'auto_delete': False, **values} for values in values_list])
            mails.send()
        return outbox

    def check(self, case, real, expected):
        self.compared += 1
        if real != expected:
            self.differences.append((case, real, expected))

    def assertNoDifference(self, at_least):
        self.assertGreaterEqual(self.compared, at_least)
        if self.differences:
            self.fail('%s of %s differ, such as:\n%s' % (
                len(self.differences), self.compared, '\n'.join(map(str, self.differences[:5]))))

    def sender_by_the_documentation(self, legacy, author, default_from, own_domain=OWN):
        """Return the address that the documentation of Odoo 12 to 14 says this mail leaves as, or ``False``."""
        force = email_normalize(legacy.get(PARAMETER_FORCE) or '')
        if force:
            return force
        dynamic = email_normalize(legacy.get(PARAMETER_DYNAMIC) or '')
        if dynamic and own_domain and email_domain_extract(author or default_from or '') != own_domain:
            return dynamic
        return False

    def configurations(self):
        """Yield every configuration, set up, and its servers that anybody may use."""
        for default_from, from_filter, filters in (
                (default_from, from_filter, filters) for default_from, from_filter, sets in NATIVE for filters in sets):
            servers = self.env['ir.mail_server'].create([
                {'name': f'S{number}', 'smtp_host': f'host{number}', 'from_filter': from_filter_of_server,
                 'smtp_authentication': authentication}
                for number, (from_filter_of_server, authentication) in enumerate(filters)
            ])
            self.company.alias_domain_id = default_from and self.alias_domain
            if default_from:
                self.alias_domain.default_from = default_from
            self.set_params(**{'mail.default.from_filter': from_filter})
            with configuration_file(smtp_server='file', from_filter=False, email_from='root@machine.example'):
                yield {'default_from': default_from, 'from_filter': from_filter, 'filters': filters}, servers
            servers.unlink()

    def each_legacy(self):
        for legacy in LEGACY:
            self.set_params(**{PARAMETER_FORCE: False, PARAMETER_DYNAMIC: False, **legacy})
            self.set_params(**{PARAMETER_HONOR: 'True'})
            yield legacy
            self.set_params(**{PARAMETER_HONOR: False})

    def default_from(self):
        return self.company.alias_domain_id.default_from_email or 'root@machine.example'

    def own_domain(self):
        return OWN if self.company.alias_domain_id else False

    def as_replaced(self, author, sender, host):
        """What leaves if ``sender`` takes the author's place: its envelope too; the name stays."""
        author = author or self.default_from()
        if email_normalize(author) != sender:
            author = encapsulate_email(author, sender)
        [(name, _address)] = email_split_tuples(author)
        return (host, sender, sender, name)

    def host_for(self, sender, mail_servers):
        """The server that core chooses for ``sender``, if that is the default address too."""
        IrMailServer = self.env['ir.mail_server'].with_company(self.company).with_context(
            domain_notifications_email=sender)
        with mute_logger('odoo.addons.base.models.ir_mail_server'):
            server = IrMailServer._find_mail_server(sender, mail_servers)[0]
        return server.smtp_host if server and server.smtp_authentication != 'cli' else 'file'

    def host_of(self, server):
        return server.smtp_host if server.smtp_authentication != 'cli' else 'file'

    def test_queued_and_immediate_mail(self):
        env = self.env(context={**self.env.context, 'allowed_company_ids': self.company.ids})
        for setup, servers in self.configurations():
            alias_domain = self.company.alias_domain_id
            cases = [
                (author, forced) for author, forced in product(AUTHORS, (False, *servers[:1], self.personal))
                if author or alias_domain  # without an author and an alias domain core has nothing to show
            ]
            values = [{
                'email_from': author, 'mail_server_id': forced and forced.id, 'email_to': f'r{number}@receiver.example',
                'record_alias_domain_id': alias_domain.id, 'reply_to': 'reply@ours.example',
            } for number, (author, forced) in enumerate(cases)]
            native = self.send(values)
            everybodys = self.mail.env['ir.mail_server'].sudo().search([], order='sequence, id')
            for legacy in self.each_legacy():
                sent = self.send(values)
                for number, (author, forced) in enumerate(cases):
                    receiver = f'r{number}@receiver.example'
                    case = {**setup, **legacy, 'author': author, 'forced': forced and forced.name}
                    sender = forced != self.personal and self.sender_by_the_documentation(
                        legacy, author, self.default_from(), self.own_domain())
                    if sender:
                        host = self.host_of(forced) if forced else None
                    self.set_params(**{PARAMETER_HONOR: False})
                    expected = native.get(receiver) if not sender else self.as_replaced(
                        author, sender, host or self.host_for(sender, everybodys))
                    self.set_params(**{PARAMETER_HONOR: 'True'})
                    self.check(case, sent.get(receiver), expected)
                    if not forced:
                        # the alias domain of this very mail: a document's would be another company's, where ours has none
                        route = probe(env, self.company, author, everybodys, alias_domain=alias_domain)
                        real = sent.get(receiver)
                        self.check(
                            {**case, 'predicted': True},
                            real and (real.host, email_normalize(real.envelope_from), real.from_email),
                            route and (self.host_of(route.server) if route.server else 'file',
                                       route.envelope_from, route.from_email))
        self.assertNoDifference(at_least=1500)

    def test_direct_callers(self):
        IrMailServer = self.env['ir.mail_server'].with_company(self.company)
        for setup, servers in self.configurations():
            everybodys = servers.sorted(lambda server: (server.sequence, server.id))
            cases = [
                (author, forced, how) for author, forced, how in product(
                    AUTHORS[:4], (False, *servers[:1], self.personal), ('send_email', 'session'))
                if forced != self.personal or author == AUTHORS[0]  # core refuses everybody else
            ]

            def send_all(cases=cases):
                with smtp_outbox(self.env) as outbox, mute_logger('odoo.addons.base.models.ir_mail_server'):
                    for number, (author, forced, how) in enumerate(cases):
                        message = IrMailServer._build_email__(
                            author, [f'r{number}@receiver.example'], 'Hello', 'body',
                            headers={'Return-Path': self.company.bounce_email} if self.company.bounce_email else {})
                        options = {'mail_server_id': forced and forced.id}
                        if how == 'session':
                            session = IrMailServer._connect__(smtp_from=author, **options)
                            IrMailServer.send_email(message, smtp_session=session)
                        else:
                            IrMailServer.send_email(message, **options)
                return outbox

            native = send_all()
            for legacy in self.each_legacy():
                sent = send_all()
                self.set_params(**{PARAMETER_HONOR: False})
                for number, (author, forced, how) in enumerate(cases):
                    receiver = f'r{number}@receiver.example'
                    case = {**setup, **legacy, 'author': author, 'forced': forced and forced.name, 'how': how}
                    sender = forced != self.personal and self.sender_by_the_documentation(
                        legacy, author, self.default_from(), self.own_domain())
                    expected = native.get(receiver) if not sender else self.as_replaced(
                        author, sender, self.host_of(forced) if forced else self.host_for(sender, everybodys))
                    self.check(case, sent.get(receiver), expected)
        self.assertNoDifference(at_least=1000)
