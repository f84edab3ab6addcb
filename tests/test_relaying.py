from odoo.tests import BaseCase, tagged

from ..contacts.relaying import NAMED_NOWHERE, Contact, Follows, Relaying, RelayPath, follow, needs_spf
from ..mailauth.verdict import Spf
from ..sending.rules import FROM_FILTER
from .common import HEALTHY, DomainHealthCase

REJECT, QUARANTINE, MONITOR, NO_RECORD, UNKNOWN = map(Contact, ('reject', 'quarantine', 'monitor', 'none', 'unknown'))
OURS = RelayPath(envelope_spf=frozenset({Spf.OWN}))
THEIRS = RelayPath(is_own_envelope=False)


@tagged('post_install', '-at_install')
class TestFollow(BaseCase):
    """What follows for a contact from how their message leaves and what their domain asks for: the table of all verdicts."""

    def assertFollows(self, rows):
        for way, contact, expected in rows:
            with self.subTest(way=way, contact=contact):
                self.assertEqual(follow(way, 'customer.example', contact), Follows(*expected))

    def test_replaced_sender_is_safe_whatever_the_contacts_domain_asks_for(self):
        rewritten = RelayPath(is_rewritten=True)
        self.assertFollows((rewritten, contact, ('safe', 'rewritten')) for contact in (REJECT, MONITOR, UNKNOWN))

    def test_sender_that_stays_is_judged_by_the_policy_in_force(self):
        self.assertFollows([
            (OURS, REJECT, ('unsafe', 'policy')), (OURS, QUARANTINE, ('unsafe', 'policy')),
            (OURS, MONITOR, ('fragile', 'tolerated')), (OURS, NO_RECORD, ('fragile', 'tolerated'))])

    def test_policy_that_dns_did_not_tell_is_no_alarm(self):
        self.assertFollows([
            (OURS, UNKNOWN, ('unknown', '')), (OURS._replace(envelope_spf=frozenset()), MONITOR, ('unknown', ''))])

    def test_bounce_domain_of_ours_that_does_not_permit_the_server_leaves_nothing_to_believe(self):
        broken = RelayPath(envelope_spf=frozenset({Spf.NO}))
        self.assertFollows([
            (broken, MONITOR, ('unsafe', 'own_envelope')), (broken, REJECT, ('unsafe', 'policy')),
            (broken, UNKNOWN, ('unsafe', 'own_envelope'))])

    def test_bounce_domain_of_ours_may_speak_for_a_domain_below_or_beside_it_and_for_no_other(self):
        related = OURS._replace(envelope_domain='mail.ours.example')
        for domain in ('branch.ours.example', 'ours.example', 'a.mail.ours.example'):
            with self.subTest(domain=domain):
                self.assertEqual(follow(related, domain, REJECT), Follows('unknown'), "strict alignment was not asked about")
                self.assertEqual(follow(related, domain, MONITOR), Follows('fragile', 'tolerated'))
                broken = related._replace(envelope_spf=frozenset({Spf.NO}))
                self.assertEqual(follow(broken, domain, REJECT), Follows('unsafe', 'policy'))
        self.assertEqual(follow(related, 'notours.example', REJECT), Follows('unsafe', 'policy'))

    def test_contacts_own_bounce_domain_refuses_a_server_that_it_does_not_know(self):
        self.assertFollows([
            (THEIRS, Contact('none', 'fail'), ('unsafe', 'envelope')),
            (THEIRS, Contact('monitor', 'softfail'), ('unsafe', 'no_envelope')),
            (THEIRS, Contact('none', 'none'), ('unsafe', 'no_envelope')),
            (THEIRS, Contact('reject', 'fail'), ('unsafe', 'policy')),
            (THEIRS, Contact('none', 'unknown'), ('unknown', '')),
            (THEIRS, Contact('unknown', 'fail'), ('unsafe', 'envelope'))])

    def test_relay_that_knows_its_senders_refuses_a_contact_whatever_their_policy(self):
        for rule in ('account', 'verified'):
            relay = OURS._replace(rule=rule)
            self.assertFollows((relay, contact, ('unsafe', 'relay')) for contact in (REJECT, NO_RECORD, UNKNOWN))
        self.assertFollows([(OURS._replace(rule='replaced'), REJECT, ('safe', 'replaced'))])

    def test_servers_of_the_contacts_own_provider_may_send_for_them(self):
        google = OURS._replace(service='google')
        self.assertEqual(follow(google, 'gmail.com', QUARANTINE), Follows('fragile', 'provider'))
        self.assertEqual(follow(google, 'yahoo.com', REJECT), Follows('unsafe', 'policy'))

    def test_nothing_is_said_of_mail_that_odoo_refuses_to_send(self):
        self.assertFollows([(RelayPath(is_sent=False), REJECT, ('unsent', ''))])


@tagged('post_install', '-at_install')
class TestRelaying(DomainHealthCase):
    """How contacts' messages leave is asked of core, for every company and its alias domain."""

    def setUp(self):
        super().setUp()
        self.publish('ours.example', *HEALTHY)
        self.health('ours.example').check_now()

    def follows(self, email='jane@customer.example', contact=REJECT, company=None):
        self.env.flush_all()
        return Relaying(self.env).follows(company or self.company, email, contact)

    def server(self, **values):
        return self.env['ir.mail_server'].create({'name': "Relay", 'smtp_host': 'smtp.test', **values})

    def test_plain_server_keeps_the_contact_and_a_filter_replaces_them(self):
        self.assertEqual(self.follows(), ('unsafe', 'policy'))
        self.assertEqual(self.follows(contact=MONITOR), ('fragile', 'tolerated'))
        self.env['ir.config_parameter'].set_param(FROM_FILTER, 'ours.example')
        self.assertEqual(self.follows(), ('safe', 'rewritten'))

    def test_server_without_a_filter_replaces_the_contact(self):
        self.server()
        self.assertEqual(self.follows(), ('safe', 'rewritten'))

    def test_contact_whose_domain_or_address_a_filter_names_is_kept_and_no_other(self):
        self.server(from_filter='ours.example, customer.example, boss@partner.example')
        self.assertEqual(self.follows(), ('unsafe', 'policy'))
        self.assertEqual(self.follows('boss@partner.example'), ('unsafe', 'policy'))
        for email in ('jane@sub.customer.example', 'jane@other.example', 'clerk@partner.example'):
            self.assertEqual(self.follows(email), ('safe', 'rewritten'), email)

    def test_without_alias_domain_the_bounces_are_the_contacts_too(self):
        bare = self.env['res.company'].create({'name': "Bare", 'email': 'info@bare.example'})
        self.env['res.company'].search([]).alias_domain_id = False
        self.env['mail.alias.domain'].search([]).unlink()
        self.assertEqual(self.follows(contact=Contact('none', 'fail'), company=bare), ('unsafe', 'envelope'))
        self.assertEqual(self.follows(contact=Contact('none', 'unknown'), company=bare), ('unknown', ''))

    def test_account_bound_relay_refuses_the_contact_and_another_one_puts_its_account(self):
        named = {'from_filter': 'customer.example, ours.example', 'smtp_user': 'desk@ours.example'}
        server = self.server(**{**named, 'smtp_host': 'smtp.office365.com'})
        self.assertEqual(self.follows(contact=NO_RECORD), ('unsafe', 'relay'))
        server.smtp_host = 'smtp.gmail.com'
        self.assertEqual(self.follows(), ('safe', 'replaced'))

    def test_relay_that_took_such_mail_since_it_was_changed_takes_it(self):
        server = self.server(
            from_filter='customer.example, ours.example', smtp_user='desk@ours.example', smtp_host='smtp.office365.com')
        self.env['mail.domain.health']._refresh()
        path = self.env['mail.domain.health.path'].create({
            'company_id': self.company.id, 'kind': 'outsider', 'mail_server_id': server.id,
            'author_email': 'jane@customer.example', 'from_email': 'jane@customer.example', 'sent_count': 3,
            'last_sent': '2001-01-01'})
        self.assertEqual(self.follows(), ('unsafe', 'relay'))
        path.last_sent = '2999-01-01'
        self.assertEqual(self.follows(), ('unsafe', 'policy'))

    def test_each_company_and_its_alias_domain_is_asked_for_itself(self):
        other = self.make_company("Other", 'other.example')
        self.server()
        self.assertEqual(self.follows(company=other), ('safe', 'rewritten'))
        other.alias_domain_id.default_from = False  # nothing that could take the author's place
        self.assertEqual([self.follows().verdict, self.follows(company=other).verdict], ['safe', 'unsafe'])

    def test_exact_filter_that_names_the_contacts_domain_makes_their_domain_the_bounce_domain(self):
        """What our bounce address is not let through for, the contact's own takes its place: so core does."""
        self.server(from_filter='notifications@ours.example, customer.example')
        self.assertEqual(self.follows(), ('unknown', ''), "whether their SPF record permits the server was not asked")
        self.assertEqual(self.follows(contact=Contact('reject', 'softfail')), ('unsafe', 'policy'))
        self.assertEqual(self.follows(contact=Contact('monitor', 'fail')), ('unsafe', 'envelope'))

    def test_spf_of_contacts_is_asked_for_wherever_their_own_domain_may_be_the_bounce_domain(self):
        """Also in a company that has an alias domain: where the filter does not let its bounce address through."""
        self.env['res.company'].search([('alias_domain_id', '=', False)]).alias_domain_id = self.company.alias_domain_id
        self.env['mail.partner.domain'].search([('name', '=', 'customer.example')]).unlink()
        self.env['mail.partner.domain'].create({'name': 'customer.example', 'contact_count': 1})
        for name, filters, default_from, expected in (
            ("no server of Odoo's", [], 'notifications', False),
            ("a filter of ours", ['ours.example'], 'notifications', False),
            ("no filter", [False], 'notifications', False),
            ("a contact's domain", ['notifications@ours.example, customer.example'], 'notifications', True),
            ("a contact's address", ['notifications@ours.example, Jane@Customer.example'], 'notifications', True),
            ("nobody's domain", ['notifications@ours.example, nobody.example'], 'notifications', False),
            ("nothing of ours, and nothing to take the author's place", ['elsewhere.example'], False, True),
        ):
            with self.subTest(name), self.env.cr.savepoint():
                self.env['ir.mail_server'].search([]).active = False
                for text in filters:
                    self.server(from_filter=text)
                self.company.alias_domain_id.default_from = default_from
                self.env['mail.domain.health']._refresh()
                self.env.flush_all()
                relaying = Relaying(self.env)
                ways = [way for email in ('jane@customer.example', NAMED_NOWHERE) for way in relaying.paths(self.company, email)]
                is_own = any(not way.is_own_envelope and way.is_sent and not way.is_rewritten for way in ways)
                self.assertEqual(is_own, expected, "as core has it")
                self.assertEqual(needs_spf(self.env), expected)
                self.env['ir.mail_server'].search([]).unlink()
        self.company.alias_domain_id = False
        self.assertTrue(needs_spf(self.env))

    def test_domain_of_ours_is_no_contacts_domain(self):
        self.assertIsNone(self.follows('portal@ours.example'))

    def test_branch_below_our_bounce_domain_is_no_alarm(self):
        self.assertEqual(self.follows('clerk@branch.ours.example'), ('unknown', ''))
        self.assertEqual(self.follows('clerk@branch.ours.example', MONITOR), ('fragile', 'tolerated'))

    def test_core_is_asked_as_often_for_eighty_domains_as_for_one(self):
        self.server(from_filter='ours.example')

        def ask(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            relaying = Relaying(self.env)
            for number in range(count):
                relaying.follows(self.company, f'jane@c{number}.example', REJECT)
            return self.env.cr.sql_log_count - before

        ask(1)  # fills the caches of the process
        self.assertEqual(ask(80), ask(1))
