from odoo.tests import tagged

from ..mailauth.spf import NodeOutcome
from ..texts import spf_tree
from .common import DKIM_RECORD, HEALTHY, DomainHealthCase

HOSTS = [f'h{number} A 198.51.100.{number}' for number in range(1, 13)]
TERMS = ' '.join(f'a:h{number}.ours.example' for number in range(1, 12))


@tagged('post_install', '-at_install')
class TestSpfTree(DomainHealthCase):
    """The record of a domain term by term, as the last check followed it."""

    def setUp(self):
        super().setUp()
        self.domain = self.health('ours.example')

    def tree(self, *records):
        """Return the tree that the report shows while these records are published."""
        self.publish('ours.example', *records)
        self.domain.check_now()
        [record] = [record for record in self.domain.records_seen if record['area'] == 'spf']
        return record['tree']

    def test_an_included_record_stands_below_its_include_and_the_count_runs_on(self):
        tree = self.tree(*HEALTHY)
        self.assertEqual([row['term'] for row in tree['rows']], ['include:_spf.odoo.com', '~all'])
        self.assertEqual([row['result'] for row in tree['rows'][0]['rows']], [
            "Networks: 1.", "Mail from other servers is suspicious."])
        self.assertEqual((tree['rows'][0]['count'], tree['state']), (1, 'pass'))
        self.assertEqual(tree['sentence'], "Questions to DNS: 1 of at most 10.")

    def test_where_the_limit_is_passed_is_said_once(self):
        tree = self.tree(f'@ TXT "v=spf1 {TERMS}" " include:_spf.odoo.com -all"', *HEALTHY[1:], *HOSTS)
        stopped = [row['term'] for row in tree['rows'] if row['stopped']]
        self.assertEqual(stopped, ['a:h11.ours.example'])
        self.assertEqual(tree['sentence'], "Receivers ask DNS 10 questions at most. This record takes 12.")
        self.assertEqual((tree['state'], self.domain.state), ('warning', 'warning'), "signed mail arrives all the same")

    def test_what_is_too_much_is_red_where_mail_is_refused_for_it(self):
        tree = self.tree(f'@ TXT "v=spf1 {TERMS}" " include:_spf.odoo.com -all"', '_dmarc TXT "v=DMARC1; p=reject"', *HOSTS)
        self.assertEqual((tree['state'], self.domain.spf_state), ('fail', 'fail'))
        self.assertEqual({row['state'] for row in tree['rows'] if (row['count'] or 0) > 10}, {'fail'})

    def test_what_dns_does_not_answer_is_open_and_no_fault(self):
        self.dns.script('silent.ours.example', 'TXT', 'servfail')
        tree = self.tree('@ TXT "v=spf1 include:_spf.odoo.com include:silent.ours.example ~all"', DKIM_RECORD)
        self.assertEqual((tree['state'], tree['rows'][1]['state']), ('unknown', 'unknown'))
        self.assertEqual(tree['sentence'], "Questions to DNS: at least 2 of at most 10.")

    def test_a_fault_below_is_never_folded(self):
        self.dns.set_zone('deep.example', '\n'.join([
            '@ TXT "v=spf1 %s include:gone.deep.example ~all"' % ' '.join(f'exists:e{number}.deep.example' for number in range(4)),
            *(f'e{number} A 192.0.2.1' for number in range(4))]))
        many = '" "'.join(f'ip4:198.51.100.{number} ' for number in range(30))
        tree = self.tree(f'@ TXT "v=spf1 {many}include:_spf.odoo.com include:deep.example ~all"', DKIM_RECORD)
        self.assertEqual([row['is_open'] for row in tree['rows'] if row['rows']], [False, True])

    def test_a_record_that_is_only_remembered_has_no_tree(self):
        self.assertTrue(self.tree(*HEALTHY))
        with self.silent_dns():
            self.domain.check_now()
        [record] = [record for record in self.domain.records_seen if record['area'] == 'spf']
        self.assertTrue(record['date'])
        self.assertFalse(record['tree'])

    def test_each_outcome_has_its_words(self):
        self.assertEqual(set(spf_tree.OUTCOMES), {outcome.value for outcome in NodeOutcome} - {'ok'})
