import json

from odoo.tests import tagged

from ..checking.stored_report import VERSION, StoredReport
from .common import HEALTHY, SPF_RECORD, DomainHealthCase

# What reports did not have that older versions stored.
ADDED_LATER = (
    'version', 'extras', 'budget', 'left_open', 'confirmed', 'overruled', 'receivers', 'zone', 'groups', 'spf_trees', 'policy')


@tagged('post_install', '-at_install')
class TestStoredReport(DomainHealthCase):
    """What is stored of a check is read by whatever version of the module comes after it."""

    def setUp(self):
        super().setUp()
        self.publish('ours.example', SPF_RECORD)
        self.domain = self.health('ours.example')

    def test_nothing_that_the_engine_says_is_lost(self):
        said = json.loads(json.dumps(next(self.domain._check())[1]))
        kept = StoredReport.from_dict(said).to_dict()
        self.assertNotIn('own', kept, "what the zone's own servers have is of use to who looks just now only")
        self.assertIsNone(said.pop('own'))
        self.assertEqual({name: kept[name] for name in said}, said)

    def test_what_is_stored_names_its_version_and_is_read_back_as_it_was(self):
        self.domain.check_now()
        report = self.domain._get_report()
        self.assertEqual(self.domain.report['version'], VERSION)
        self.assertEqual(StoredReport.from_dict(json.loads(json.dumps(report.to_dict()))), report)
        self.assertEqual((report.state, report.areas['spf'].state), (self.domain.state, self.domain.spf_state))

    def test_report_of_an_older_version_is_shown_and_followed(self):
        self.domain.check_now()
        stored = {name: value for name, value in self.domain.report.items() if name not in ADDED_LATER}
        self.domain.report = {**stored, **{
            area: {name: stored[area][name] for name in ('state', 'code', 'params')} for area in ('gate', 'spf', 'dkim', 'dmarc')}}
        self.assertEqual(self.domain.overview['areas'][0]['state'], 'pass')
        self.assertTrue(self.domain.publication['changes'])
        self.assertTrue(self.domain.records_seen)
        self.assertFalse(self.domain.propose_spf([])['changes'])
        self.assertTrue(self.domain.path_ids[:1].story['outcome'])
        self.assertEqual(self.company._get_mail_domain_health_box()['domain']['state'], self.domain.state)
        self.publish('ours.example', *HEALTHY)
        self.domain.check_now()
        self.assertEqual((self.domain.state, self.domain.report['version']), ('pass', VERSION))
