from odoo import api, fields, models

from ..mailauth import heard
from . import receiver_texts
from .mail_domain_health_evidence import numbers


class MailDomainHealth(models.Model):
    """The page about what receivers said of a domain's mail, made of stored values only."""

    _inherit = 'mail.domain.health'

    receivers_said = fields.Json("What Receivers Said", compute='_compute_receivers_said')

    @api.depends('judged_path_ids.evidence', 'judged_path_ids.sent_count', 'state')
    @api.depends_context('lang', 'allowed_company_ids')
    def _compute_receivers_said(self):
        for domain in self:
            paths = domain.judged_path_ids.filtered(lambda path: path.company_id in self.env.companies)
            domain.receivers_said = paths._get_receivers_said(domain.state)


class MailDomainHealthPath(models.Model):
    _inherit = 'mail.domain.health.path'

    receivers_said = fields.Json("What Receivers Said", compute='_compute_receivers_said')

    @api.depends('evidence', 'sent_count', 'state')
    @api.depends_context('lang')
    def _compute_receivers_said(self):
        for path in self:
            path.receivers_said = path._get_receivers_said(path.state)

    def _get_story(self):
        """Where receivers overruled the prediction, the way's story ends with what they did."""
        story = super()._get_story()
        if any(reason.startswith('receivers:') for reason in self.reasons or ()):
            since = self.judge_id.records_changed_on or None
            _state, worst = heard.weigh((self.evidence or {}).get('heard', ()), fields.Date.today(), since)
            if worst:
                story['outcome'] = receiver_texts.overruled(self.env, self.state, numbers(worst, since))
        return story

    def _get_receivers_said(self, state):
        """Return what the page shows of these paths.

        :return: ``{sentence, rows: [{cause, title, count, last, names, text, ways: [{id, who, count}]}], tips}``;
            ``ways`` is empty where there is only one
        """
        rows = [self._get_cause(gathered) for gathered in heard.merge((path.evidence or {}).get('heard', ()) for path in self)]
        unexplained = sum((path.evidence or {}).get('unexplained', 0) for path in self)
        if unexplained:
            rows.append({
                'cause': 'unexplained', 'title': receiver_texts.cause(self.env, 'unexplained'), 'count': unexplained,
                'last': None, 'names': '', 'ways': [],
                'text': next(filter(None, ((path.evidence or {}).get('unexplained_text') for path in self)), ''),
            })
        believed = all(row['cause'] not in receiver_texts.ABOUT_US for row in rows)
        return {
            'sentence': receiver_texts.sentence(
                self.env, sum(self.mapped('sent_count')), sum(row['count'] for row in rows)),
            'rows': rows,
            'tips': receiver_texts.tips(self.env) if believed and state in ('pass', 'not_needed') else [],
        }

    def _get_cause(self, gathered):
        counts = {
            path: sum(known['count'] for known in (path.evidence or {}).get('heard', ()) if known['cause'] == gathered['cause'])
            for path in self
        }
        return {
            'cause': gathered['cause'],
            'title': receiver_texts.cause(self.env, gathered['cause']),
            'count': gathered['count'],
            'last': max(gathered['days']),
            'names': ', '.join(gathered['blocklists'] or gathered['receivers']),
            'text': gathered['text'],
            'ways': [
                {'id': path.id, 'who': path._who(), 'count': count} for path, count in counts.items() if count
            ] if len(self) > 1 else [],
        }
