"""What receivers said of the mail on some sending paths, as the page about it shows it. Of stored values only."""

from odoo import fields

from ..mailauth.rejections import summary
from ..sending.rejections import numbers
from ..texts import rejections as texts


def overruled(path):
    """Return what receivers did with mail of a path, in a sentence, where they overruled the prediction; else ``None``."""
    if not any(reason.startswith('receivers:') for reason in path.reasons or ()):
        return None
    since = path.judge_id.records_changed_on or None
    _state, worst = summary.weigh((path.evidence or {}).get('heard', ()), fields.Date.today(), since)
    return texts.overruled(path.env, path.state, numbers(worst, since)) if worst else None


def receivers_said(paths, state):
    """Return what the page shows of these paths.

    :return: ``{sentence, rows: [{cause, title, count, last, names, text, paths: [{id, who, count}]}], tips}``;
        ``paths`` is empty where there is only one
    """
    rows = [_cause(paths, gathered) for gathered in summary.merge((path.evidence or {}).get('heard', ()) for path in paths)]
    unexplained = sum((path.evidence or {}).get('unexplained', 0) for path in paths)
    if unexplained:
        rows.append({
            'cause': 'unexplained', 'title': texts.cause(paths.env, 'unexplained'), 'count': unexplained,
            'last': None, 'names': '', 'paths': [],
            'text': next(filter(None, ((path.evidence or {}).get('unexplained_text') for path in paths)), ''),
        })
    believed = all(row['cause'] not in texts.ABOUT_US for row in rows)
    return {
        'sentence': texts.sentence(
            paths.env, sum(paths.mapped('sent_count')), sum(row['count'] for row in rows)),
        'rows': rows,
        'tips': texts.tips(paths.env) if believed and state in ('pass', 'not_needed') else [],
    }


def _cause(paths, gathered):
    counts = {
        path: sum(known['count'] for known in (path.evidence or {}).get('heard', ()) if known['cause'] == gathered['cause'])
        for path in paths
    }
    return {
        'cause': gathered['cause'],
        'title': texts.cause(paths.env, gathered['cause']),
        'count': gathered['count'],
        'last': max(gathered['days']),
        'names': ', '.join(gathered['blocklists'] or gathered['receivers']),
        'text': gathered['text'],
        'paths': [
            {'id': path.id, 'who': path._who(), 'count': count} for path, count in counts.items() if count
        ] if len(paths) > 1 else [],
    }
