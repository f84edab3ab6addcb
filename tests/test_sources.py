from datetime import date, timedelta
from ipaddress import ip_network

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, new_test_user, tagged

from ..mailauth.dmarc import registrable_domain
from ..receiving import gathering
from ..receiving.sources import FORWARDERS, Known, Mail, Places, sort_out
from ..sending.freemail import FREEMAIL_DOMAINS
from .received_common import ReceivedCase, aggregate, report_mail

OWN, SHARED, ELSEWHERE, OTHER = '192.0.2.10', '203.0.113.20', '198.51.100.7', '198.51.100.8'
KNOWN = Known(
    egress=frozenset({OWN}), selectors=frozenset({'s1'}), services=frozenset({'used'}),
    networks=Places({'brevo': ['203.0.113.0/25'], 'used': ['203.0.113.128/25', '2001:db8::/32']}))


def mail(source, messages=10, *, dkim=False, spf=False, selector='', **more):
    return Mail(source, dkim, spf, selector=selector, messages=messages, signed_by='ours.example' if dkim else '', **more)


@tagged('post_install', '-at_install')
class TestSortOut(BaseCase):
    """Whose the mail is that receivers report, in the order of evidence."""

    def kinds(self, *mails, known=KNOWN):
        return {(source.place.partition(':')[2], source.kind, source.way) for source in sort_out(mails, known)}

    def kind(self, one, *others, known=KNOWN):
        own = {(kind, way) for place, kind, way in self.kinds(one, *others, known=known)
               if place in (one.source, known.networks.find(one.source))}
        self.assertEqual(len(own), 1, own)
        return own.pop()

    def test_each_kind_by_its_evidence(self):
        home = mail(OWN, 1000, dkim=True, spf=True, selector='s1')
        for case, one, others, expected in (
            ("a sending path's address, signed", mail(OWN, dkim=True, selector='s1'), [], ('yours', None)),
            ("a sending path's address, not even signed", mail(OWN), [], ('yours', None)),
            ("a known key at a service that is used", mail('203.0.113.200', dkim=True, selector='s1'), [], ('yours', None)),
            ("a known key where SPF permits it", mail(ELSEWHERE, dkim=True, spf=True, selector='s1'), [home], ('yours', None)),
            ("a known key that is used there alone", mail(ELSEWHERE, dkim=True, selector='s1'), [], ('yours', None)),
            ("a known key that leaves at home", mail(ELSEWHERE, dkim=True, selector='s1'), [home], ('sent_on', 'forwarder')),
            ("a known key in the networks of a service that is not used", mail(SHARED, dkim=True, selector='s1'), [home], ('sent_on', 'forwarder')),
            ("a known key, all on one day", mail(ELSEWHERE, 5000, dkim=True, selector='s1', peak=4900), [home], ('sent_on', 'replay')),
            ("an unknown key", mail(ELSEWHERE, dkim=True, selector='x9'), [home], ('sent_on', 'open')),
            ("an unknown key, with somebody's own bounce address",
             mail(ELSEWHERE, dkim=True, selector='x9', envelope='bounces.example', envelope_result='pass'), [], ('sent_on', 'service')),
            ("an unknown key whose name is not told", mail(ELSEWHERE, dkim=True), [home], ('sent_on', 'open')),
            ("an address that a service's customers share", mail(SHARED), [], ('through', None)),
            ("the same, where SPF permits the service", mail(SHARED, spf=True), [], ('through', None)),
            ("the same, of a service that is used, without a signature", mail('203.0.113.200', spf=True), [], ('through', None)),
            ("the same, with an unknown key", mail(SHARED, dkim=True, selector='x9'), [], ('through', None)),
            ("a network of a service", mail('2001:db8:5::/48'), [], ('through', None)),
            ("both failed, and the receiver says why", mail(ELSEWHERE, reason='mailing_list'), [], ('forwarded', None)),
            ("the same within a service", mail(SHARED, reason='forwarded'), [], ('forwarded', None)),
            ("both failed, from a list's own servers", mail(ELSEWHERE, envelope='googlegroups.com', envelope_result='pass'), [], ('forwarded', None)),
            ("both failed, as a list of the IETF", mail(ELSEWHERE, envelope='ietf.org', envelope_result='pass'), [], ('forwarded', None)),
            ("both failed, from a forwarder's network", mail('104.30.1.7'), [], ('forwarded', None)),
            ("the same by IPv6", mail('2405:8100:c000::5'), [], ('forwarded', None)),
            ("a forwarder's network, and the signature holds", mail('104.30.1.7', dkim=True, selector='s1'), [home], ('sent_on', 'forwarder')),
            ("beside a forwarder's network", mail('104.30.16.7'), [], ('unknown', None)),
            ("what came to Microsoft unproven", mail('40.95.1.7'), [], ('unknown', None)),
            ("who only says that they are a list's", mail(ELSEWHERE, envelope='googlegroups.com', envelope_result='fail'), [], ('unknown', None)),
            ("a reason that is none of a forwarder", mail(ELSEWHERE, reason='local_policy'), [], ('unknown', None)),
            ("SPF alone", mail(ELSEWHERE, spf=True), [], ('unknown', None)),
            ("nothing", mail(ELSEWHERE), [home], ('unknown', None)),
            ("no address", mail(''), [], ('unknown', None)),
            ("a summed up network that only touches a service", mail('203.0.112.0/23'), [], ('unknown', None)),
        ):
            with self.subTest(case):
                self.assertEqual(self.kind(one, *others), expected)

    def test_each_forwarder_is_known_by_what_can_be_seen(self):
        self.assertEqual(set(FORWARDERS), {'about', 'envelopes', 'networks'})
        for name, row in {**FORWARDERS['envelopes'], **FORWARDERS['networks']}.items():
            with self.subTest(name):
                self.assertEqual(len(row), 2)
                self.assertRegex(row[1], r'https://[\w.-]+\.\w+/')
        for domain in FORWARDERS['envelopes']:  # as identities are stored
            self.assertEqual((registrable_domain(domain), domain.lower()), (domain, domain))
            self.assertNotIn(domain, FREEMAIL_DOMAINS)
        for network in FORWARDERS['networks']:
            self.assertEqual(str(ip_network(network)), network)
            self.assertTrue(ip_network(network).is_global)

    def test_an_administrators_word_decides(self):
        def decided(decision, *places):
            return Known(KNOWN.egress, KNOWN.selectors, KNOWN.services, KNOWN.networks, dict.fromkeys(places, decision))

        mine = decided('mine', 'service:brevo', f'ip:{ELSEWHERE}')
        not_mine = decided('not_mine', 'service:brevo', f'ip:{ELSEWHERE}', f'ip:{OTHER}')
        for one in (mail(SHARED), mail(ELSEWHERE), mail(ELSEWHERE, reason='forwarded'), mail(ELSEWHERE, dkim=True, selector='x9')):
            self.assertEqual(self.kind(one, known=mine), ('yours', None))
            self.assertEqual(self.kind(one, known=not_mine), ('not_yours', None))
        self.assertEqual(self.kind(mail(OWN), known=decided('not_mine', f'ip:{OWN}')), ('yours', None), "a sending path leaves from there")

    def test_a_source_adds_up_what_was_reported_of_it(self):
        sources = sort_out([
            mail('203.0.113.1', 7, spf=True, peak=3, first=date(2026, 3, 2), last=date(2026, 3, 9), fates={'reject': 1}),
            mail('203.0.113.2', 5, dkim=True, selector='k', peak=5, first=date(2026, 3, 1), last=date(2026, 3, 4), fates={'reject': 2}),
            mail('203.0.113.2', 2, reason='local_policy'), mail(OWN, 1)], KNOWN)
        brevo = sources[0]
        self.assertEqual((brevo.service, brevo.messages, brevo.passed, brevo.failed, brevo.dkim, brevo.spf), ('brevo', 14, 12, 2, 5, 7))
        self.assertEqual((brevo.first, brevo.last, brevo.fates['reject'], brevo.peak), (date(2026, 3, 1), date(2026, 3, 9), 3, 5))
        self.assertEqual((dict(brevo.addresses), brevo.reasons), ({'203.0.113.1': 7, '203.0.113.2': 7}, {'local_policy': 2}))
        self.assertEqual([source.messages for source in sources], [14, 1])

    def test_overlapping_networks_are_the_first_ones(self):
        places = Places({'narrow': ['192.0.2.64/26'], 'wide': ['192.0.2.0/24'], 'again': ['192.0.2.0/24']})
        for address, code in (('192.0.2.70', 'narrow'), ('192.0.2.200', 'wide'), ('192.0.2.0/25', 'wide'), ('192.0.3.1', None),
                              ('192.0.1.255', None), ('::1', None), ('x', None), ('', None)):
            self.assertEqual(places.find(address), code, address)


@tagged('post_install', '-at_install')
class TestSources(ReceivedCase):
    """What is known of a domain, and what an administrator says of a source."""

    def sources(self):
        return {(source.kind, source.place) for source in gathering.get_sources(self.domain)}

    def receive_from(self, *records, number='1'):
        self.receive_and_read(report_mail(aggregate(report_id=number, records=records)))

    def test_the_networks_of_services_are_those_that_dns_told_last(self):
        service = self.env.ref('mail_domain_health.sending_service_brevo')
        self.publish('spf.brevo.com', '@ TXT "v=spf1 ip4:198.51.100.0/28 -all"')
        gathering.read_networks(self.env)
        self.assertFalse(service.networks, "nobody reports anything yet")
        self.receive_from((ELSEWHERE, 9, 'fail', 'fail', ''))
        gathering.read_networks(self.env)
        self.assertEqual(service.networks, ['198.51.100.0/28'])
        self.assertEqual(self.sources(), {('through', 'service:brevo')})
        service.networks_due = fields.Datetime.now()
        with self.silent_dns():
            gathering.read_networks(self.env)
        self.assertEqual(service.networks, ['198.51.100.0/28'], "silence takes nothing away")
        self.assertLess(service.networks_due, fields.Datetime.now() + timedelta(days=1))

    def test_a_decision_is_kept_with_who_and_when(self):
        self.receive_from((ELSEWHERE, 9, 'fail', 'fail', ''))
        self.assertEqual(self.sources(), {('unknown', f'ip:{ELSEWHERE}')})
        user = new_test_user(self.env, 'decides', 'base.group_system', company_id=self.company.id)
        domain = self.domain.with_user(user)
        domain.decide_source(f'ip:{ELSEWHERE}', 'mine')
        self.assertEqual(self.sources(), {('yours', f'ip:{ELSEWHERE}')})
        decided = self.env['mail.domain.health.source'].search([])
        self.assertEqual((decided.decided_by_id, decided.decided_on.date()), (user, fields.Date.today()))
        domain.decide_source(f'ip:{ELSEWHERE}', 'not_mine')
        self.assertEqual(self.sources(), {('not_yours', f'ip:{ELSEWHERE}')})
        domain.decide_source(f'ip:{ELSEWHERE}', False)
        self.assertEqual(self.sources(), {('unknown', f'ip:{ELSEWHERE}')})
        for place, decision in (('ip:x', 'mine'), ('service:none', 'mine'), ('', 'mine'), (f'ip:{ELSEWHERE}', 'perhaps'), (None, 'mine')):
            with self.assertRaises(UserError):
                domain.decide_source(place, decision)
        with self.assertRaises(AccessError):
            self.domain.with_user(new_test_user(self.env, 'reads', 'base.group_user')).decide_source(f'ip:{ELSEWHERE}', 'mine')

    def test_the_key_that_an_administrator_named_is_known(self):
        self.receive_from(('192.0.2.77', 9, 'pass', 'fail', ''))
        self.domain.dkim_selectors = False
        self.assertNotIn('s1', gathering.get_known(self.domain).selectors)
        self.assertEqual(self.sources(), {('sent_on', 'ip:192.0.2.77')})
        self.domain.dkim_selectors = 'S1'
        self.assertEqual(self.sources(), {('yours', 'ip:192.0.2.77')})

    def test_reporters_that_do_not_count_move_nothing(self):
        self.publish_reporter('small.example')
        self.receive_and_read(report_mail(aggregate(), sender='a@small.example'))
        self.assertFalse(self.sources())
