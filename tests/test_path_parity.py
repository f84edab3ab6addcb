import itertools
import logging
from unittest.mock import patch

from odoo.tests import tagged

from ..sending import asking_core
from . import parity

_logger = logging.getLogger(__name__)


@tagged('post_install', '-at_install')
class TestPathParity(parity.ParityCase):
    """Mail leaves as foretold: server, From and envelope sender, in every combination."""

    def test_mail_leaves_as_foretold(self):
        combinations = [
            *parity.enumerate_servers(), *parity.enumerate_options(), *parity.enumerate_forced(), *parity.enumerate_legacy()]
        delivered, differences = self.compare(combinations)
        self.assertNoDifference(differences)
        count = sum(len(mails) for _configuration, mails in combinations)
        self.assertGreaterEqual(count, 5000)
        self.assertGreater(delivered, 0.7 * count)  # or nothing is compared but refusals
        _logger.info("%s combinations, %s of them delivered, no difference", count, delivered)

    def test_a_wrong_foretelling_is_seen(self):
        combinations = list(itertools.islice(parity.enumerate_servers(), 3))
        with patch.object(asking_core, 'sending_context', lambda alias_domain: {}):
            _delivered, differences = self.compare(combinations)
        self.assertTrue(differences)
        probe = asking_core.probe
        with patch.object(asking_core, 'probe', lambda env, *args, **options: probe(env, *args, **{
                **options, 'acting_company': None})):
            _delivered, differences = self.compare(itertools.islice(parity.enumerate_options(), 24))
        self.assertTrue(differences)
