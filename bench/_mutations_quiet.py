"""Mistakes in what people do about what is announced, in what is told beside breaks, and in what is kept of the past."""

from __future__ import annotations

from _mutation import Mutation

_TESTS = "/mail_domain_health:"
_QUIETING, _QUIETING_TESTS = "checking/quieting.py", f"{_TESTS}TestQuieting"
_MUTES = "checking/mutes.py"
_OWN, _OWN_TESTS = "checking/own_findings.py", f"{_TESTS}TestAboutToBeLost"
_CHANGES, _CHANGES_TESTS = "checking/record_changes.py", f"{_TESTS}TestStep,{_TESTS}TestRecordChanges"
_DIGEST, _DIGEST_TESTS = "checking/digest.py", f"{_TESTS}TestDigest"
_FOLD, _FOLD_TESTS = "checking/history_fold.py", f"{_TESTS}TestFold,{_TESTS}TestFlapping,{_TESTS}TestRetention"
_ROW, _ROW_TESTS = "checking/history_row.py", f"{_TESTS}TestHistoryRows"
_COUNTING, _COUNTING_TESTS = "sending/counting.py", f"{_TESTS}TestLearnedBesideWorkers,{_TESTS}TestSent"

ROWS = [
    # What people do
    *(Mutation(_QUIETING, old, new, _QUIETING_TESTS) for old, new in (
        ("if not date or date <= fields.Date.context_today(env.user):", "if not date:"),
        ("    return start_of(env, date)\n", "    return fields.Datetime.to_datetime(date)\n"),
        (", *domain.finding_ids.mapped('muted_until')]", "]"),
        ("ends = [domain.acknowledged_until, *", "ends = [*"),
        ("return [end for end in ends if end and end > now]", "return [end for end in ends if end]"),
        ("    findings = findings.filtered(lambda finding: not finding.resolved_on)\n", ""),
        ("    mutes.note(findings, 'muted', until=until, reason=reason)\n", ""),
        ("    mutes.note(findings, 'unmuted')\n", ""),
        ("    findings.sudo().write(mutes.NOT_MUTED)\n", ""),
        ("                                   or domain.acknowledged_on)\n", "                                   )\n"),
        ("    if not told:\n", "    if False:\n"),
        ("        _look_by_then(domain)\n        _note(domain, 'acknowledged'", "        _note(domain, 'acknowledged'"),
        ("        _note(domain, 'withdrawn')\n", "        pass\n"),
        ("        _act(domain, announcement.REMIND, NOT_ACKNOWLEDGED)\n", "        domain.write(NOT_ACKNOWLEDGED)\n"),
        ("ended = domain.acknowledged_on and not announcement.has(announced, announcement.ACKNOWLEDGED)", "ended = False"),
        ("    if ends and domain.next_check and domain.next_check > min(ends):\n", "    if ends:\n"),
        ("{'announced': announced, **get_rest(domain, announced)}", "{'announced': announced}"),
    )),
    *(Mutation(_MUTES, old, new, _QUIETING_TESTS) for old, new in (
        ("finding.is_muted and not finding.muted_until and (", "finding.is_muted and ("),
        ("(values is None or any(", "(values is not None and any("),
        ("TOLD_BY = ('severity', 'params', 'record')", "TOLD_BY = ('severity', 'record')"),
        ("TOLD_BY = ('severity', 'params', 'record')", "TOLD_BY = ('severity', 'params')"),
        ("TOLD_BY = ('severity', 'params', 'record')", "TOLD_BY = ('params', 'record')"),
        ("        findings.write(NOT_MUTED)\n", ""),
        ("        note(findings, 'mute_ended', user_id=False)\n", ""),
    )),
    # What no report answers
    *(Mutation(_OWN, old, new, _OWN_TESTS) for old, new in (
        ("begun |= found.filtered(lambda found: not found.is_muted)", "begun |= found"),
        ("            changed |= mutes.get_ended(found, values)\n", "            pass\n"),
        ("        over |= found.filtered(lambda found: found.muted_on and not found.is_muted)  # their day has come\n", ""),
        ("    remind((changed | over) - begun)\n", ""),
        ("    over.write(mutes.NOT_MUTED)\n", ""),
        ("    mutes.end(changed | mutes.get_ended(ended))\n", "    mutes.end(changed)\n"),
        ("    hush(ended)\n", ""),
        ("found.area == area and not found.resolved_on and not found.is_muted", "found.area == area and not found.resolved_on"),
        ("lambda found: found.first_seen > found.muted_on)", "lambda found: False)"),
        ("            _schedule(domain, own)\n", "            pass\n"),
    )),
    # Changed records
    *(Mutation(_CHANGES, old, new, _CHANGES_TESTS) for old, new in (
        ("    if not domain.tells_record_changes:\n", "    if False:\n"),
        ("    if not report.own:\n", "    if True:\n"),
        ("if told.get(place) == record}", "if told.get(place, record) == record}"),
        ("and area not in said:", ":"),
        ("if now - datetime.fromisoformat(before['since']) < announcement.CONFIRM_AFTER:", "if False:"),
        ("            if before.get('pending') != record:\n", "            if 'pending' not in before:\n"),
        ("return () if report.deadline_passed else [place", "return [place"),
        ("if record['name'] == key]", "]"),
    )),
    # The digest
    *(Mutation(_DIGEST, old, new, _DIGEST_TESTS) for old, new in (
        ("if found.broken or found.changed or found.asked}", "}"),
        ("is_regular = not waiting or env.ref(CRON).nextcall <= now", "is_regular = True"),
        ("is_regular = not waiting or env.ref(CRON).nextcall <= now", "is_regular = not waiting"),
        ("    waiting.filtered(lambda user: user not in due).mail_health_digest_waits = False\n", ""),
        ("**({'mail_health_digest_on': now} if is_sent else {})", "'mail_health_digest_on': now"),
        ("        crons.wake(env, CRON, now + RETRY)\n", "        pass\n"),
        ("        if user.email_normalized:  # nobody", "        if True:  # nobody"),
        ("('state', '!=', 'unknown')]", "]"),
        ("is_other = before.is_complete and after[0].is_complete and ", "is_other = "),
    )),
    # History
    *(Mutation(_FOLD, old, new, _FOLD_TESTS) for old, new in (
        ("DETAILED = timedelta(days=7)", "DETAILED = timedelta(days=1)"),
        ("if ends_day or not is_complete", "if not is_complete"),
        (" or not is_complete and row['is_complete']", ""),
        (" or not index and first_stays:", ":"),
        ("reduce(_add, (first, row['folded'])", "reduce(_add, (first,)"),
        ("folded.get(last['id'], last['folded'])", "folded.get(last['id'])"),
        ("key=STATES_WORST_FIRST.index)\n    return", "key=str)\n    return"),
        ("'count': before['count'] + after['count']", "'count': before['count'] + 1"),
        ("GROUP BY domain_id HAVING count(*) > %s)", "GROUP BY domain_id HAVING %s > 0)"),
    )),
    *(Mutation(_ROW, old, new, _ROW_TESTS) for old, new in (
        ("if place.partition(' ')[0] not in answered}", "}"),
        ("    if report.deadline_passed:\n        return []\n", ""),
        ("return [area for area, asked in ASKED.items() if asked.issubset(report.answered)]", "return list(ASKED)"),
    )),
    *(Mutation(_COUNTING, old, new, _COUNTING_TESTS) for old, new in (
        ("lambda path: path not in turned or path.judge_id <= judges))", "lambda path: True))"),
        ("    judges = get_free(turned.judge_id)\n", "    judges = turned.judge_id\n"),
        ("    return records.try_lock_for_update(allow_referencing=True)\n", "    return records\n"),
        ("bool(path.sent_count) != bool(numbers[path][0])", "False"),
    )),
]
