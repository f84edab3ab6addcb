"""Findings about sending paths, from plain values: no database, no DNS."""

from odoo.tests import BaseCase, TransactionCase, tagged

from ..contacts import relaying_findings
from ..sending.rules import RULES, findings, reassurance
from ..sending.situation import SendingPath, Server, Situation
from ..texts import filling
from ..texts import paths as path_texts
from ..texts.filling import By
from ..texts.findings import paths as finding_texts

RELAY = Server(1, "Relay", 'ours.example')
OPEN_RELAY = Server(2, "Open Relay")
CONFIGURATION_FILE = Server(0, finding_texts.CONFIGURATION_FILE)
GMAIL = Server(3, "Gmail", '', 'gmail', 'shop@gmail.com', replaces=True, service="Gmail")
OUTLOOK = Server(4, "Outlook", '', 'outlook', 'shop@ours.example', service="Microsoft 365")
YANDEX = Server(5, "Yandex", '', 'account', 'shop@ours.example', service="Yandex 360")
NOTIFICATIONS, BOUNCE = 'notifications@ours.example', 'bounce@ours.example'


def path(kind='user', server=RELAY, from_email=NOTIFICATIONS, **values):
    defaults = {'id': 1, 'envelope_from': BOUNCE, 'author_email': from_email, 'count': 1, 'examples': ("Jane",)}
    return SendingPath(kind=kind, server=server, from_email=from_email, **{**defaults, **values})


def situation(*paths, **values):
    """A company of which nothing is wrong, but for what ``paths`` and ``values`` say."""
    defaults = {
        'company': "Ours", 'alias_domain_id': 7, 'alias_domain': 'ours.example', 'notifications_from': NOTIFICATIONS,
        'catchall': 'catchall@ours.example', 'company_domain': 'ours.example', 'servers': (RELAY,),
        'own_domains': ('ours.example', 'theirs.example'), 'foreign': frozenset({'gmail.com', 'yahoo.com'}),
        'policies': {'yahoo.com': 'reject', 'gmail.com': 'none'}, 'servers_in_use': frozenset({1}),
        'concerns_servers': True,
    }
    return Situation(paths=paths, **{**defaults, **values})


OUTSIDER = {'kind': 'outsider', 'from_email': 'customer@elsewhere.example'}
PLAIN = {'servers': ()}


@tagged('post_install', '-at_install')
class TestPathFindings(BaseCase):

    def codes(self, *paths, **values):
        return [found.code for found in findings(situation(*paths, **values))]

    def only(self, code, *paths, **values):
        """The one finding that there is."""
        found = findings(situation(*paths, **values))
        self.assertEqual([finding.code for finding in found], [code])
        return found[0]

    def test_where_nothing_is_wrong_nothing_is_said(self):
        self.assertEqual(self.codes(
            path('notifications'), path('user', from_email='jane@ours.example'),
            path('user', author_email='jim@gmail.com', is_rewritten=True),
            path('outsider', author_email='customer@yahoo.com', is_rewritten=True),
            path('template', from_email='sales@ours.example'), path('odoobot', is_rewritten=True),
        ), [])

    def test_a_domain_with_umlauts_gives_the_same_findings_as_its_a_label(self):
        foreign = {'foreign': frozenset({'xn--bcher-kva.example'}), 'policies': {'xn--bcher-kva.example': 'reject'},
                   'deaf': {'xn--bcher-kva.example': 'gate.null_mx', 'xn--mller-kva.example': 'gate.null_mx'}}

        def found(foreign_domain, own_domain):
            return [(one.code, one.severity, one.path_ids) for one in findings(situation(
                path('user', from_email=f'jane@{foreign_domain}', author_email=f'jane@{foreign_domain}'),
                path('template', id=2, from_email=f'sales@{foreign_domain}', is_exact=True),
                path('user', id=3, from_email='jane@ours.example', reply_to=f'jane@{own_domain}'),
                path('notifications', id=4, from_email=f'us@{own_domain}'),
                path('user', id=5, author_email=f'jim@{foreign_domain}', is_rewritten=True),
                notifications_from=f'us@{own_domain}', **foreign))]

        as_labels = found('xn--bcher-kva.example', 'xn--mller-kva.example')
        self.assertGreaterEqual(len(as_labels), 3)
        self.assertEqual(found('bücher.example', 'müller.example'), as_labels)
        self.assertEqual(found('BÜCHER.example', 'Müller.Example'), as_labels)
        for domain in ('bücher.example', 'xn--bcher-kva.example'):
            author = path('user', author_email=f'jim@{domain}', is_rewritten=True)
            self.assertEqual(reassurance(situation(**foreign), author), 'rewritten')

    def test_outsiders_address_without_an_alias_domain(self):
        without = {'alias_domain_id': 0, 'alias_domain': '', 'notifications_from': '', 'catchall': ''}
        found = self.only('path.no_alias_domain', path(**OUTSIDER, server=OPEN_RELAY), **without)
        self.assertEqual(found.remedy, {'kind': 'settings'})
        self.assertEqual(self.codes(path(**OUTSIDER, server=OPEN_RELAY, is_rewritten=True), **without), [], "--email-from stands in")

    def test_parameters_of_older_versions_that_do_nothing(self):
        found = self.only('path.parameters_ignored', ignored_parameters=('mail.force.smtp.from = us@ours.example',))
        self.assertEqual((found.severity, found.remedy), ('info', {'kind': 'settings'}))

    def test_settings_that_do_nothing_are_all_told(self):
        idle = (('mail.default.from', 'office', 'dead'), ('mail.bounce.alias', 'b', 'dead'),
                ('mail.default.from_filter', 'ours.example', 'servers'), ('email_from', 'x@y.example', 'alias_domains'))
        found = findings(situation(idle_settings=idle))
        self.assertEqual([(each.code, each.name) for each in found], [
            ('path.parameters_dead', 'mail.alias.domain'), ('path.setting_idle', 'mail.default.from_filter'),
            ('path.setting_idle', 'email_from')])
        self.assertEqual(found[0].params['parameters'], ['mail.default.from = office', 'mail.bounce.alias = b'])
        self.assertEqual(self.codes(idle_settings=idle, concerns_servers=False), [])

    def test_filter_with_parts_that_match_nothing(self):
        broken = Server(1, "Relay", '*.ours.example', never_matching=('*.ours.example',))
        self.assertEqual(self.only('path.filter_never', servers=(broken,)).remedy['id'], 1)
        default = Server(0, finding_texts.CONFIGURATION_FILE, '.ours.example', never_matching=('.ours.example',))
        self.only('path.filter_never', configuration_file=default)

    def test_forced_server_whose_filter_leaves_the_honored_address_out(self):
        server = Server(3, "Forced", from_filter='other.example')
        forced = path('template', from_email='us@ours.example', is_forced=True, is_rewritten=True, server=server)
        self.assertEqual(self.only('path.forced_filter', forced).remedy['id'], 3)

    def test_plain_server_keeps_every_outsiders_address(self):
        found = self.only('path.plain_server', path(**OUTSIDER, server=CONFIGURATION_FILE), **PLAIN)
        change = found.remedy['changes'][0]
        self.assertEqual((change['key'], change['value']), ('mail.default.from_filter', 'ours.example, theirs.example'))
        self.assertEqual(self.codes(path(
            **OUTSIDER, server=CONFIGURATION_FILE, is_rewritten=True), default_from_filter='ours.example', **PLAIN), [])

    def test_only_what_is_used_is_an_error(self):
        for is_used, severity in ((True, 'error'), (False, 'warning')):
            found = self.only('path.plain_server', path(
                **OUTSIDER, server=CONFIGURATION_FILE, is_used=is_used), **PLAIN)
            self.assertEqual(found.severity, severity)
        for state, severity in (('fail', 'error'), ('unknown', 'error'), ('warning', 'warning'), ('pass', 'warning')):
            found = self.only('path.plain_server', path(
                **OUTSIDER, server=CONFIGURATION_FILE, is_used=True, state=state), **PLAIN)
            self.assertEqual(found.severity, severity, "red is for what receivers do not take")

    def test_filter_never_gets_somebody_elses_domain(self):
        found = self.only('path.plain_server', path(**OUTSIDER, server=CONFIGURATION_FILE),
                          own_domains=('gmail.com', 'ours.example'), **PLAIN)
        self.assertEqual(found.remedy['changes'][0]['value'], 'ours.example')

    def test_forced_server_keeps_a_sender_that_it_may_not_use(self):
        forced = {'is_forced': True, 'kind': 'user', 'id': 5}
        for values in (
            {'from_email': 'jane@gmail.com', 'server': OPEN_RELAY},
            {'from_email': 'jane@theirs.example', 'server': RELAY},
            {'from_email': 'customer@elsewhere.example', 'server': OPEN_RELAY, 'kind': 'outsider'},
        ):
            with self.subTest(values):
                found = self.only('path.forced_server', path(**{**forced, **values}))
                self.assertEqual(found.remedy, {'kind': 'authors', 'path_id': 5})
        for values in (
            {'from_email': 'jane@ours.example', 'server': OPEN_RELAY},
            {'from_email': 'jane@ours.example', 'server': RELAY},
            {'from_email': 'jane@gmail.com', 'server': OPEN_RELAY, 'state': 'pass'},
        ):
            with self.subTest(values):
                self.assertEqual(self.codes(path(**{**forced, **values})), [])

    def test_forced_server_that_serves_the_senders_domain_needs_records_and_no_change_in_odoo(self):
        for server in (RELAY, OPEN_RELAY):
            found = self.only('path.forced_records', path(
                'template', server, 'sales@ours.example', is_forced=True, state='fail'))
            self.assertEqual(found.remedy, {'kind': 'report', 'domain': 'ours.example'})
        self.only('path.forced_server', path('template', RELAY, 'sales@theirs.example', is_forced=True, state='fail'))

    def test_what_odoo_refuses_to_send_is_told_and_nothing_else_of_it(self):
        for why, remedy in (
            ('no_server', {'kind': 'new_server'}), ('no_author', {'kind': 'settings'}),
            ('bad_author', {'kind': 'authors', 'path_id': 1}), ('archived', {'kind': 'authors', 'path_id': 1}),
            ('personal', {'kind': 'authors', 'path_id': 1}),
        ):
            with self.subTest(why):
                found = self.only('path.refused', path('company', OPEN_RELAY, '', refusal=why, state='fail'))
                self.assertEqual((found.name, found.severity, found.remedy), (why, 'error', remedy))

    def test_fixed_sender_of_a_template_or_mailing_at_another_domain(self):
        for kind in ('template', 'mailing', 'code'):
            found = self.only(f'path.{kind}_from', path(kind, OPEN_RELAY, 'boss@yahoo.com', id=8, is_exact=True, examples=("Offer",)))
            self.assertEqual(found.remedy, {'kind': 'authors', 'path_id': 8})
            self.assertEqual((found.name, found.severity, found.params['policy']), ('yahoo.com', 'error', 'reject'))
            self.assertEqual(self.codes(path(kind, OPEN_RELAY, 'boss@ours.example', is_exact=True)), [])
            self.assertEqual(self.codes(path(kind, OPEN_RELAY, NOTIFICATIONS, author_email='boss@yahoo.com',
                                            is_exact=True, is_rewritten=True)), [])

    def test_what_a_template_might_be_sent_as_says_nothing_until_it_was(self):
        leaves = {'kind': 'template', 'server': OPEN_RELAY, 'from_email': 'jane@yahoo.com'}
        self.assertEqual(self.codes(path(**leaves, is_used=False)), [])
        self.only('path.foreign_author', path(**leaves, is_used=True))
        fixed = {**leaves, 'is_exact': True}
        self.only('path.template_from', path(**fixed, is_used=False))
        self.assertEqual(self.codes(path(**fixed, is_used=False), concerns_servers=False), [], "told once, not per company")

    def test_freemail_address_that_leaves_unrewritten(self):
        for domain, severity, policy in (
            ('yahoo.com', 'error', 'reject'), ('gmail.com', 'warning', 'none'), ('aol.com', 'warning', 'unknown'),
        ):
            with self.subTest(domain):
                found = self.only(
                    'path.foreign_author', path('user', CONFIGURATION_FILE, f'jane@{domain}'),
                    foreign=frozenset({domain}), **PLAIN)
                self.assertEqual((found.name, found.severity, found.params['policy']), (domain, severity, policy))
                self.assertEqual(found.remedy['changes'][0]['key'], 'mail.default.from_filter')

    def test_freemail_address_is_in_order_where_odoo_rewrites_it_or_its_own_server_sends(self):
        rewritten = path('user', author_email='jane@gmail.com', is_rewritten=True)
        own = path('user', Server(3, "Gmail", 'jane@gmail.com', 'gmail', 'jane@gmail.com'), 'jane@gmail.com',
                  envelope_from='jane@gmail.com', is_provider_own=True)
        self.assertEqual(self.codes(rewritten, own), [])
        now = situation(rewritten, own)
        self.assertEqual([reassurance(now, each) for each in now.paths], ['rewritten', 'provider_own'])
        self.assertIsNone(reassurance(now, path('user', from_email='jane@ours.example')))

    def test_remedy_of_a_kept_author_is_where_the_cause_is(self):
        named = Server(9, "Named", 'ours.example, gmail.com')
        found = self.only('path.foreign_author', path('user', named, 'jane@gmail.com'))
        self.assertEqual([(change['id'], change['value']) for change in found.remedy['changes']], [(9, 'ours.example')])
        only = Server(9, "Only", 'gmail.com')
        found = self.only('path.foreign_author', path('user', only, 'jane@gmail.com'))
        self.assertEqual(found.remedy, {'kind': 'open', 'model': 'ir.mail_server', 'id': 9})
        found = self.only('path.foreign_author', path('company', OPEN_RELAY, 'us@gmail.com'), alias_domain_id=0,
                          alias_domain='', notifications_from='', catchall='')
        self.assertEqual(found.remedy, {'kind': 'settings'})

    def test_mail_of_one_company_as_another(self):
        others = {'notifications@other.example': "Other"}
        theirs = {'server': CONFIGURATION_FILE, 'from_email': 'notifications@other.example',
                  'author_email': 'jane@ours.example', 'is_rewritten': True, 'state': 'pass'}
        for moments, code in ((('queue',), '_queue'), (('now',), '_now'), (('any',), ''), (('now', 'queue'), '')):
            found = self.only(f'path.other_company{code}', *(
                path('user', moment=moment, **theirs) for moment in moments), others=others,
                default_from_filter='other.example', **PLAIN)
            self.assertIn('ours.example', found.remedy['changes'][0]['value'])
            self.assertTrue(found.remedy['changes'][0]['value'].startswith('other.example'), "what stands there stays")
        self.assertEqual(self.codes(path(), others=others), [])
        self.assertEqual(self.codes(path(), others={NOTIFICATIONS: "Same domain"}), [])

    def test_account_of_gmail_and_outlook_is_what_mail_leaves_as(self):
        for server, part, severity in ((GMAIL, 'from', 'warning'), (OUTLOOK, 'from', 'error'), (YANDEX, 'from', 'error')):
            found = self.only(f'path.{server.provider}_{part}', path('notifications', server), servers=(server,),
                              servers_in_use=frozenset({server.id}))
            self.assertEqual(found.severity, severity)
            self.assertEqual([(change['field'], change['value']) for change in found.remedy['changes']],
                             [('from_filter', server.account), ('default_from', server.account)])
        for server, severity in ((GMAIL, 'info'), (OUTLOOK, 'error'), (YANDEX, 'error')):
            found = self.only(f'path.{server.provider}_envelope', path(
                'notifications', server, server.account, is_provider_own=True), notifications_from=server.account)
            self.assertEqual(found.severity, severity)
        for server in (GMAIL, OUTLOOK, YANDEX):
            self.assertEqual(self.codes(path(
                'notifications', server, server.account, envelope_from=server.account, is_provider_own=True),
                notifications_from=server.account), [])

    def test_mail_that_the_server_took_ends_the_finding_but_where_the_sender_is_replaced(self):
        for server in (OUTLOOK, YANDEX):
            self.assertEqual(self.codes(path('notifications', server, is_accepted=True)), [])
            self.only(f'path.{server.provider}_from', path('notifications', server, is_accepted=True), path('user', server, 'x@y.example'))
        self.only('path.gmail_from', path('notifications', GMAIL, is_accepted=True))

    def test_account_of_another_company(self):
        theirs = Server(5, "Yandex", '', 'account', 'shop@theirs.example', service="Yandex 360")
        for values in ({'other_domains': {'theirs.example': "Theirs"}}, {'others': {'shop@theirs.example': "Theirs"}}):
            found = self.only('path.account_company', path('notifications', theirs), **values)
            self.assertEqual((found.params['other'], found.remedy['kind']), ("Theirs", 'new_server'))
            self.assertEqual(found.remedy['values']['from_filter'], 'ours.example')
        self.only('path.account_from', path('notifications', theirs))

    def test_configuration_files_server_that_takes_its_account_only(self):
        server = Server(0, finding_texts.CONFIGURATION_FILE, '', 'account', 'shop@ours.example', service="Yandex 360")
        found = self.only('path.account_from', path('notifications', server))
        self.assertEqual([(change.get('key', change['field']), change['value']) for change in found.remedy['changes']],
                         [('mail.default.from_filter', 'shop@ours.example'), ('default_from', 'shop@ours.example')])

    def test_login_that_is_no_address(self):
        self.assertEqual(self.codes(path('notifications', Server(3, "Gmail", '', 'gmail', ''))), [])
        self.only('path.account_unknown', path('notifications', Server(3, "QQ", '', 'account', login='12345')))
        ses = Server(3, "SES", verifies=True, service="Amazon SES", login='AKIA')
        self.assertEqual(self.only('path.sender_unverified', path('notifications', ses)).params['domains'], ['ours.example'])
        for values in ({'is_accepted': True}, {'state': 'pass'}, {'is_used': False}):
            self.assertEqual(self.codes(path('notifications', ses, **values)), [])

    def test_unforeseen_mail_is_told_once_for_each_server_and_domain(self):
        strange = {'kind': 'unforeseen', 'author_email': '@ours.example', 'sent_count': 2}
        found = self.only(
            'path.unforeseen', path(from_email='a@beta.example', **strange),
            path(id=2, from_email='b@beta.example', envelope_from='x@other.example', **{**strange, 'sent_count': 10}),
            path(id=3, from_email='c@beta.example', **{**strange, 'sent_count': 0}))
        self.assertEqual((found.params['count'], found.params['from'], found.path_ids), (12, 'b@beta.example', (1, 2)))
        self.assertEqual(found.remedy, {'kind': 'open', 'model': 'mail.domain.health.path', 'id': 2})
        self.assertEqual(len(findings(situation(
            path(from_email='a@beta.example', **strange), path(from_email='a@beta.example', server=GMAIL, **strange),
            path(from_email='a@gamma.example', **strange)))), 3)

    def test_unforeseen_mail_is_as_bad_as_what_became_of_it(self):
        strange = {'kind': 'unforeseen', 'from_email': 'a@beta.example', 'sent_count': 2}
        for states, severity in ((['fail', 'pass'], 'error'), (['warning'], 'warning'), (['unknown', 'pass'], 'warning'),
                                 (['pass'], 'info')):
            paths = [path(id=number, state=state, **strange) for number, state in enumerate(states, 1)]
            self.assertEqual(self.only('path.unforeseen', *paths).severity, severity)

    def test_server_that_is_used_although_its_filter_names_others(self):
        other = Server(5, "Other Relay", 'elsewhere.example')
        self.only('path.filter_ignored', path('notifications', other), servers_in_use=frozenset({1, 5}))
        self.assertEqual(self.codes(path('notifications', other, state='pass')), [], "its records permit it")

    def test_server_that_nothing_uses(self):
        idle = Server(6, "Idle", 'ourz.example')
        found = self.only('path.filter_unused', path(), servers=(RELAY, idle))
        self.assertEqual(found.severity, 'info')
        for values in (
            {'servers': (RELAY, Server(6, "Spare"))},
            {'servers': (RELAY, Server(6, "Jane's", 'jane@ours.example', owner="Jane"))},
            {'servers': (RELAY, idle), 'concerns_servers': False},
            {'servers': (RELAY, idle), 'servers_in_use': frozenset({1, 6})},
        ):
            with self.subTest(values):
                self.assertEqual(self.codes(path(), **values), [])

    def test_capitals_that_a_filter_misses(self):
        exact = Server(8, "Exact", 'notifications@ours.example')
        found = self.only('path.capitals', servers=(exact,), servers_in_use=frozenset({8}),
                          alias_domain='Ours.Example', notifications_from='notifications@Ours.Example')
        self.assertEqual([(change['field'], change['value']) for change in found.remedy['changes']],
                         [('name', 'ours.example')])
        found = self.only('path.capitals', servers=(exact,), servers_in_use=frozenset({8}),
                          notifications_from='Notifications@ours.example')
        self.assertEqual([(change['field'], change['value']) for change in found.remedy['changes']],
                         [('default_from', 'notifications')])
        self.assertEqual(self.codes(servers=(RELAY,), alias_domain='Ours.Example',
                                    notifications_from='notifications@Ours.Example'), [], "core compares domains rightly")
        self.assertEqual(self.codes(servers=(exact,), servers_in_use=frozenset({8})), [])

    def test_personal_server_outside_the_companys_domain(self):
        private = Server(9, "Jane's", 'jane@agency.example', owner="Jane")
        leaves = {'from_email': 'jane@agency.example', 'envelope_from': 'jane@agency.example'}
        found = self.only('path.personal_server', path('user', private, **leaves))
        self.assertEqual(found.severity, 'warning')
        self.assertEqual(self.only('path.personal_server', path('user', private, **leaves, state='pass')).severity, 'info')
        inside = Server(9, "Jane's", 'jane@ours.example', owner="Jane")
        for address in ('jane@ours.example', 'jane@mail.ours.example'):
            self.assertEqual(self.codes(path('user', inside, address)), [])

    def test_default_sender_at_another_domain(self):
        elsewhere = {'notifications_from': 'hello@brand.example'}
        leaves = {'kind': 'notifications', 'from_email': 'hello@brand.example', 'server': OPEN_RELAY}
        found = self.only('path.default_from', path(**leaves), **elsewhere)
        self.assertEqual(found.remedy['changes'][0]['value'], 'notifications')
        for values in ({'state': 'pass'}, {'envelope_from': 'hello@brand.example'}, {'state': 'warning', 'dmarc': 'pass'},
                       {'state': 'warning', 'dmarc': 'part'}):
            self.assertEqual(self.codes(path(**{**leaves, **values}), **elsewhere), [])
        self.assertEqual(self.codes(path('notifications', OPEN_RELAY, 'hello@mail.ours.example'),
                                    notifications_from='hello@mail.ours.example'), [], "a subdomain aligns")

    def test_domain_that_answers_go_to_takes_no_mail(self):
        found = self.only('path.no_replies', path(), deaf={'ours.example': 'gate.null_mx'})
        self.assertEqual(found.remedy, {'kind': 'report', 'domain': 'ours.example'})
        self.only('path.no_replies', path(reply_to='help@desk.example'), deaf={'desk.example': 'gate.nxdomain'})
        self.assertEqual(self.codes(path(reply_to='help@desk.example'), deaf={'third.example': 'gate.nxdomain'}), [])

    def test_one_of_two_services_is_permitted(self):
        first = path(service_id=1, service="Brevo", spf='pass')
        found = self.only('path.two_services', first, path(service_id=2, service="Mailjet", spf='fail'))
        self.assertEqual((found.params['service'], found.params['others']), ("Mailjet", ["Brevo"]))
        for spf in ('pass', 'unknown', 'service', 'part'):
            self.assertEqual(self.codes(first, path(service_id=2, service="Mailjet", spf=spf)), [])
        self.assertEqual(self.codes(path(service_id=2, service="Mailjet", spf='fail', state='pass')), [],
                         "the domain's own report says so")

    def test_the_same_finding_keeps_its_identity_when_values_change(self):
        """Code and name are what makes two findings the same one."""
        def identity(**values):
            return [(found.code, found.name) for found in findings(situation(
                path('user', CONFIGURATION_FILE, **{'from_email': 'jane@yahoo.com', **values}), **PLAIN))]

        self.assertEqual(identity(), identity(from_email='jim@yahoo.com', count=12, is_used=False))


@tagged('post_install', '-at_install')
class TestPathTexts(TransactionCase):

    def test_every_rule_has_words_and_every_word_a_rule(self):
        written = {
            constant for rule in RULES for constant in rule.__code__.co_consts
            if isinstance(constant, str) and constant.startswith('path.') and not constant.endswith(('.', '_'))
        } | {'path.other_company_queue', 'path.other_company_now', 'path.template_from', 'path.mailing_from', 'path.code_from',
             'path.gmail_from', 'path.gmail_envelope', 'path.outlook_from', 'path.outlook_envelope', 'path.refused',
             'path.account_from', 'path.account_envelope', 'path.unforeseen', 'path.organizer_from',
             relaying_findings.CODE}
        self.assertEqual(written, set(finding_texts.FINDINGS))

    def test_texts_show_every_parameter_and_titles_are_short(self):
        for code, (title, *others) in finding_texts.FINDINGS.items():
            variants = [(text.parameter, value) for text in others if isinstance(text, By) for value in text.texts]
            for name, variant in variants or [('none', None)]:
                with self.subTest(code, variant=variant):
                    shown = finding_texts.finding(self.env, code, {name: variant})
                    self.assertTrue(all(shown))
                    self.assertNotRegex(' '.join(shown), r'%[(%]')
                    for text in filling.variants(title):
                        self.assertLessEqual(len(text._source), 60)
                        self.assertIn(code, ('path.unforeseen',) if '%' in text._source else finding_texts.FINDINGS)

    def test_the_configuration_files_server_has_a_name_in_words(self):
        explanation = finding_texts.finding(self.env, 'path.filter_ignored', {'server': finding_texts.CONFIGURATION_FILE})[1]
        self.assertIn("the server of Odoo's configuration file", explanation)

    def test_every_step_of_the_story_says_whether_it_aligns(self):
        params = {'from_domain': 'ours.example', 'envelope_domain': 'ours.example', 'service': "Odoo"}
        for spf in ('pass', 'part', 'fail', 'none', 'permerror', 'service', 'unknown'):
            for dkim in ('published', 'partial', 'missing', 'unknown', 'not_known'):
                for dmarc in ('pass', 'part', 'fail', 'unknown'):
                    for policy in ('none', 'quarantine', 'reject', None):
                        verdict = {'spf': {'result': spf, 'domain': 'ours.example', 'aligned': True},
                                   'dkim': {'status': dkim, 'domain': 'ours.example', 'selectors': ['s1']},
                                   'dmarc': {'result': dmarc, 'policy': policy}}
                        told = path_texts.steps(self.env, verdict, params)
                        self.assertEqual([step['area'] for step in told], ['spf', 'dkim', 'dmarc'])
                        self.assertTrue(all(step['sentence'] for step in told))

    def test_outcome_speaks_of_what_the_receiver_does(self):
        verdict = {'dmarc': {'policy': 'reject'}}
        self.assertIn("reject", path_texts.outcome(self.env, 'fail', verdict, []))
        self.assertIn("accept", path_texts.outcome(self.env, 'pass', verdict, []))
        self.assertIn("spam", path_texts.outcome(self.env, 'fail', {'dmarc': {'policy': 'quarantine'}}, []))
        self.assertIn("does not exist", path_texts.outcome(self.env, 'fail', verdict, ['gate:null_mx']))
        self.assertIn("Not checked", path_texts.outcome(self.env, 'unknown', None, None))
