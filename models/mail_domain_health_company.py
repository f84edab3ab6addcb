from odoo import models

from ..mailauth.verdict import State
from ..texts import paths as path_texts
from . import texts

# What the domain's row says because of somebody who sends; of these the company's own senders may know better.
_OF_SENDERS = {
    'spf': ('spf.not_authorised', 'spf.partly_authorised', 'spf.receivers_differ', 'spf.sender_unknown'),
    'dkim': ('dkim.missing', 'dkim.missing_account_specific', 'dkim.account_specific', 'dkim.partial',
             'dkim.selector_unknown', 'dkim.sender_unknown'),
    'dmarc': ('dmarc.reject', 'dmarc.quarantine', 'dmarc.enforced_unproven', 'dmarc.enforced_fragile'),
}
_DMARC = {'pass': ('pass', 'dmarc.ok'), 'warning': ('pass', 'dmarc.enforced_fragile'),
          'unknown': ('unknown', 'dmarc.enforced_unproven')}


class MailDomainHealth(models.Model):
    """A domain that several companies share, as one of them has to do with it."""

    _inherit = 'mail.domain.health'

    def _get_own_state(self, paths):
        """Return the worst state of those of ``paths`` that are in use and leave as this domain, or ``None``."""
        states = [State(path.state) for path in paths if path.from_health_id == self and path.is_used]
        return State.worst(states).value if states else None

    def _is_worse_for_others(self, paths):
        """Whether this domain's verdict is due to mail that is none of ``paths``, those of one company."""
        state = self._get_own_state(paths)
        return state is not None and bool(self.report) and self.report['gate']['state'] != 'fail' \
            and State(self.state).is_worse_than(State(state))

    def _get_overview_of(self, paths):
        """Return the overview as far as ``paths``, those of one company, are concerned.

        Another company's mail may leave as the same domain through a service that the
        records do not permit: that is no alarm here.
        """
        overview = self.overview
        refused = paths.filtered(lambda path: path.is_used and path.refusal)[:1]
        if refused:  # whatever DNS says
            return {
                **overview, 'state': 'fail', 'label': texts.state_label(self.env, 'fail'),
                'sentence': f"{path_texts.outcome(self.env, 'fail', None, refused.reasons)} {refused._get_leaves()}"}
        if not self._is_worse_for_others(paths):
            return overview
        state = self._get_own_state(paths)
        sentence = texts.overall(self.env, {**self.report, 'state': state})
        if self.state == 'fail':
            sentence = self.env._(
                "%(sentence)s Mail of another company that leaves as this domain is being refused, though: see the "
                "full report.", sentence=sentence)
        own = paths.filtered(lambda path: path.from_health_id == self and path.is_used)
        return {
            **overview,
            'state': state,
            'label': texts.state_label(self.env, state),
            'sentence': sentence,
            'areas': [self._get_area_of(area, own, state) for area in overview['areas']],
        }

    def _get_area_of(self, area, paths, state):
        """Return the row of one protocol, as far as ``paths`` are concerned, which together come to ``state``."""
        name = area['area']
        if self.report[name]['code'] not in _OF_SENDERS[name]:
            return area
        verdicts = [path.verdict or {} for path in paths]
        found = None
        if name == 'spf':
            results = {verdict.get('spf', {}).get('result') for verdict in verdicts}
            services = paths.mail_sending_service_id.mapped('name')
            if results == {'service'}:
                found = 'not_needed', 'spf.own_envelope', {'services': services}
            elif results <= {'pass', 'service'}:
                found = 'pass', 'spf.ok', {'services': services}
        elif name == 'dkim' and all(verdict.get('dkim', {}).get('status') == 'published' for verdict in verdicts):
            selectors = sorted({selector for verdict in verdicts for selector in verdict['dkim']['selectors']})
            signs = all(path.mail_sending_service_id.signs for path in paths)
            found = 'pass', 'dkim.ok' if signs else 'dkim.ok_unproven', {'selectors': selectors}
        elif name == 'dmarc' and state in _DMARC:
            found = (*_DMARC[state], {})
        if not found:
            return area
        state, code, params = found
        return {
            **area, 'state': state, 'label': texts.state_label(self.env, state), 'known': None,
            'sentence': texts.summary(self.env, {'code': code, 'params': params}),
        }

    def _get_publication_of(self, paths):
        """Return what to publish without what only another company's mail needs."""
        if not self.report or not self._is_worse_for_others(paths):
            return self.publication
        own = paths.filtered(lambda path: path.from_health_id == self).mail_sending_service_id.mapped('name')
        return {
            **self._get_publication(set(own)),
            'complete': self._get_own_state(paths) in ('pass', 'not_needed'),
        }
