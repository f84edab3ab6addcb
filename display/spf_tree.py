"""An SPF record as a tree, as the last check followed it. Made of the stored report only."""

from ..texts import spf_tree as texts
from ..texts.filling import say

UNFOLDED = 25  # rows that are all shown at once; of a longer tree, what is in order is folded
# What is a fault of the record, as opposed to what DNS did not say and what merely has no effect.
_FAULTS = frozenset({'syntax_error', 'void', 'too_many_mx', 'bad_name', 'no_record', 'several', 'invalid', 'loop'})
_OPEN = frozenset({'unanswered', 'not_followed'})


def get_spf_trees(env, report):
    """Return the SPF records of a report term by term, by domain name.

    :param StoredReport report: what the last check of the domain found
    :return: ``{name: {state, sentence, left_out, limit, rows}}``; a row is ``{term, count, result, state, stopped, is_open,
        rows}``, ``stopped`` the sentence in front of the first term that is one lookup too many
    """
    # A fault is red only where mail is being refused for it now: the area knows.
    fault = 'fail' if report.areas['spf'].state == 'fail' else 'warning'
    return {tree['name']: _get_tree(env, tree, fault) for tree in report.spf_trees}


def _get_tree(env, tree, fault):
    limit, flat = tree['limit'], tree['rows']
    rows, above = [], []  # `above`: the row that each deeper one belongs to
    is_stopped = False
    for row in flat:
        stops = not is_stopped and row.get('count', 0) > limit
        is_stopped = is_stopped or stops
        shown = {
            'term': row['term'],
            'count': row.get('count'),
            'result': texts.result(env, row),
            'state': fault if row['outcome'] in _FAULTS or row.get('count', 0) > limit
            else 'unknown' if row['outcome'] in _OPEN else None,
            'stopped': say(env, texts.STOPPED, limit=limit) if stops else None,
            'is_open': len(flat) <= UNFOLDED,
            'rows': [],
        }
        above = above[:row['depth']]
        (above[-1]['rows'] if above else rows).append(shown)
        if shown['state']:
            for each in above:
                each['is_open'] = True  # what is wrong is not hidden
        above.append(shown)
    is_over = tree['lookups'] > limit
    return {
        'state': fault if is_over else 'unknown' if tree['is_open'] else 'pass',
        'sentence': texts.summary(env, tree),
        'left_out': say(env, texts.LEFT_OUT, count=tree['left_out']) if tree['left_out'] else None,
        'limit': limit,
        'rows': rows,
    }
