"""Mistakes in when to speak and in the scheduled check."""

from __future__ import annotations

from _mutation import Mutation

_SPEAK, _SPEAK_TESTS = "checking/announcement.py", "/mail_domain_health:TestAnnouncement,/mail_domain_health:TestTable"
_APPLY, _APPLY_TESTS = "models/mail_domain_health.py", "/mail_domain_health:TestCheck,/mail_domain_health:TestCron"
_SCHEDULE, _SCHEDULE_TESTS = "checking/schedule.py", "/mail_domain_health:TestSchedule,/mail_domain_health:TestTurns"
_TELL, _COMPARE = "checking/announcing.py", "checking/observation.py"
_CRON, _CRON_TESTS = "checking/scheduled_run.py", "/mail_domain_health:TestCron,/mail_domain_health:TestRun"
_CLAIM, _CLAIM_TESTS = "checking/claiming.py", "/mail_domain_health:TestClaim,/mail_domain_health:TestClaimed"
_LOST = "checking/about_to_be_lost.py"
_LOST_TESTS = "/mail_domain_health:TestSightings,/mail_domain_health:TestAboutToBeLost,/mail_domain_health:TestZoneAboutToBeLost"
_RUN = "models/mail_domain_health_run.py"
_CHANGES, _NOTES_TESTS = "checking/changes.py", "/mail_domain_health:TestNotes"
_PART = "sending/parts.py"

ROWS = [
    # When to speak
    *(Mutation(_SPEAK, old, new, _SPEAK_TESTS) for old, new in (
        ("if State(look.state).is_worse_than(State(was)):", "if look.state != was:"),
        ("if State(look.state).is_worse_than(State(was)):", "if State(look.state) is State.FAIL:"),
        ("_PRESUMED = 'pass'", "_PRESUMED = 'fail'"),
        ("    UNKNOWN:         (_DARK, ", "    UNKNOWN:         (_NOTHING, "),
        ("    OPEN:            (_OPEN,    _OPEN, ", "    OPEN:            (_OPEN,    _NOTHING, "),
        ("    OPEN:            (_OPEN, ", "    OPEN:            (_NOTHING, "),
        ("return REFUTED if look.state == REFUTED else UNKNOWN", "return REFUTED"),
        ("return REFUTED if look.state == REFUTED else UNKNOWN", "return UNKNOWN"),
        ("return RESTORED if _is_restored(area, known, look) else OPEN", "return OPEN"),
        ("return RESTORED if _is_restored(area, known, look) else OPEN", "return RESTORED if known else OPEN"),
        ("if known['state'] == OPEN and not _is_of_dns(area, known, look):", "if known['state'] == OPEN:"),
        ("if known['state'] == OPEN and not _is_of_dns(area, known, look):", "if False:"),
        ("if area in _ASKED_ALWAYS and bool(", "if bool("),
        ("if area in _ASKED_ALWAYS and bool(", "if False and bool("),
        ("return known.get('asked') == look.asked and (", "return ("),
        (" and (area != 'dmarc' or known['record'] != look.record)", ""),
        ("if happened in (REFUTED, OPEN, RESTORED):", "if happened in (REFUTED, RESTORED):"),
        ("or happened == OPEN and becomes != UNJUDGED:", "or happened == OPEN:"),
        ("any('pending_since' in announced.get(area, {}) for area in observed)", "False"),
        ("known.setdefault('pending_since', now.isoformat())", "known['pending_since'] = now.isoformat()"),
        ("return {'pending_since': now.isoformat(), **known}", "return {**known, 'pending_since': now.isoformat()}"),
        ("< confirm_after:", "<= confirm_after:"),
        ("CONFIRM_AFTER = timedelta(minutes=10)", "CONFIRM_AFTER = timedelta(minutes=0)"),
        ("return CONFIRMED_MUTED if look.cause in muted else CONFIRMED", "return CONFIRMED"),
        ("'broken_from': known.get('broken_from', known['state']),", "'broken_from': known['state'],"),
        ("'broken_since': known.get('broken_since', seen_first),", "'broken_since': seen_first,"),
        ("None if 'broken_from' in known else", "None if False else"),
        ("if State(was).is_worse_than(State(look.state)):", "if State(was) is State.FAIL:"),
        ("return WHOLE if broken_from and not State", "return WHOLE if broken_from and State"),
        ("        known.pop('pending_since', None)\n        known.update(", "        known.update("),
        ("known.update(state=look.state, record=look.record, ", "known.update("),
        ("cause=look.cause or known.get('cause'), ", "cause=look.cause, "),
        ("known.get('cause'), asked=look.asked)", "known.get('cause'))"),
        ("return any('broken_from' in known", "return all('broken_from' in known"),
        ("    announced, events = dict(announced), []\n    for area, seen", "    events = []\n    for area, seen"),
        ("        if look.state in KNOWN_STATES:\n", "        if True:\n"),
        ("if is_quiet == (known['cause'] in muted) or is_quiet and not is_seen:", "if is_quiet == (known['cause'] in muted):"),
        ("    if standing == UNTOLD and cell.message:", "    if False:"),
    )),
    # What is stored and told
    *(Mutation(_TELL, old, new, _APPLY_TESTS) for old, new in (
        ("muted=get_muted_codes(domain, report), ", ""),
        ("is_theirs=domain.is_foreign)", "is_theirs=False)"),
        ("lambda user: user.notification_type == 'inbox'", "lambda user: True"),
        ("told = domain.with_context(lang=user.lang)\n        spoken", "told = domain\n        spoken"),
        ("_post_note(domain.with_context(lang=lang), ", "_post_note(domain, "),
        ("if spoken and not by_user else {}", "if False else {}"),
        ("subtype_xmlid='mail.mt_note', notify_skip_followers=True)", "subtype_xmlid='mail.mt_note')"),
        ("domain.with_context(mail_activity_quick_update=True).activity_schedule(", "domain.activity_schedule("),
        ("            and not announcement.has(domain.announced or {}, announcement.BROKEN):", "            and False:"),
    )),
    *(Mutation(_COMPARE, old, new, f"{_APPLY_TESTS},{_SPEAK_TESTS}") for old, new in (
        ("if not State(state).is_worse_than(State(own)):", "if True:"),
        ("return own if is_worse else announcement.REFUTED", "return announcement.REFUTED"),
        ("return own if is_worse else announcement.REFUTED", "return own"),
        ("is_worse = known is not None and ", "is_worse = "),
    )),
    # What can be judged only by whoever knows who sends
    *(Mutation(_COMPARE, old, new, f"{_SPEAK_TESTS},/mail_domain_health:TestUnjudged") for old, new in (
        ("if _is_open(codes.get(name), codes)", "if False"),
        ("if _is_open(codes.get(name), codes)", "if True"),
        (" and not (code == _UNPROVEN and _UNANSWERED.intersection(codes.values()))", ""),
        ("code == _UNPROVEN and ", ""),
        ("report.asked or None)", "None)"),
    )),
    *(Mutation("mailauth/query.py", old, new, "mailauth/tests/test_report.py -k Fingerprint") for old, new in (
        ('service and replace(service, name="")', "service"),
        ('service and replace(service, name="")', "service is None"),
        ("(path.from_domain, path.envelope_domain, path.service)", "(path.from_domain, path.from_domain, path.service)"),
        ("sorted(self.selectors), known))", "known))"),
        ("self.is_silent, sorted", "sorted"),
    )),
    *(Mutation(_SCHEDULE, old, new, _SCHEDULE_TESTS) for old, new in (
        ("wait = min(wait, hourly)", "pass"),
        ("return seen.now + wait * (1 - own / 4)", "return seen.now + wait * (1 + own / 4)"),
        (" and seen.now - seen.pending_since < CONFIRMED_WITHIN:", ":"),
        ("min(timedelta(seconds=max(0, seen.ttl)), MAX_TTL)", "timedelta(seconds=max(0, seen.ttl))"),
        ("kept * (1 + own / 10))", "kept * (1 - own / 10))"),
        ("seen.interval if seen.is_used else _seldom(seen.interval)", "seen.interval"),
        ("if seen.is_used and seen.silences <= MANY_SILENCES", "if seen.is_used"),
        ("seen.now - seen.broken_since < BROKEN_FOR", "True"),
        ("until if until >= period / 2 else until + period / 2", "until"),
        ("return domain_id * _SPREAD % 2 ** 32 / 2 ** 32", "return 0.5"),
    )),
    Mutation(_APPLY, "checked.write({'is_outdated': True, 'next_check': fields.Datetime.now()})",
             "checked.write({'is_outdated': True})", _CRON_TESTS),
    # The scheduled check
    *(Mutation(_CRON, old, new, _CRON_TESTS) for old, new in (
        ("self._commit_progress(remaining=self._count_remaining() + 1)", "self._commit_progress()"),
        ("        if not time_left:  # core", "        if False:  # core"),
        ("for step in self.run._order_steps(tuple(STEPS)):", "for step in tuple(STEPS):"),
        ("            self.run.failed += 1\n            _logger.exception(", "            raise\n            _logger.exception("),
        ("            learning.learn_numbers(self.env)\n", ""),
        ("            learning.learn_rejections(self.env, some)\n", ""),
        ("        if self.run._are_stuck():\n", "        if self.run._get_stuck():\n"),
        ("        elif self.run._is_neglected():\n", "        elif False:\n"),
        ("if not self.run.is_blind and not self.run._is_stuck() and not self.run._is_neglected():", "if False:"),
        ("remaining=0 if self.is_blind else remaining)", "remaining=remaining)"),
    )),
    *(Mutation(_CLAIM, old, new, f"{_CRON_TESTS},{_CLAIM_TESTS}") for old, new in (
        ("LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)", "LIMIT %s)"),
        ("WHERE active AND next_check <= %s AND %s\n", "WHERE active AND next_check IS DISTINCT FROM %s AND %s\n"),
        ("limit, now + CLAIM))", "limit, now))"),
        ("ORDER BY next_check, id LIMIT", "ORDER BY id LIMIT"),
        ("silent + SILENT_LAG < others", "silent < others"),
        ("or _claim(env, limit, now, not silent_first)", ""),
        ("        elif self.is_blind:\n", "        elif False:\n"),
        ("                env['mail.domain.health']._wake_cron(now + CLAIM)  # should we be killed\n", "                pass\n"),
        ("        look.free()\n", "        pass\n"),
        ("            look.check_each()\n", "            pass\n"),
        ("            if time.monotonic() - began > MAX_LOCKED:\n                break\n", ""),
        ("sum(self._store_alone(*alone) for alone in reports)", "0"),
        ("        rows.write_to(self.env)\n", ""),
        ("    if changed:\n", "    if False:\n"),
        ("                self.Health._wake_cron(fields.Datetime.now() + SOON)\n", "                pass\n"),
    )),
    *(Mutation(_RUN, old, new, _CRON_TESTS) for old, new in (
        ("(not self.ended or self.remaining > 0 or self.failed > 0)", "(self.remaining > 0 or self.failed > 0)"),
        ("(not self.ended or self.remaining > 0 or self.failed > 0)", "(not self.ended or self.remaining > 0)"),
        ("return (*steps[turn:], *steps[:turn])", "return steps"),
    )),
    # Changes that are noted
    *(Mutation(_CHANGES, old, new, _NOTES_TESTS) for old, new in (
        ("('users', companies)\n        env['mail.domain.health']._trigger_cron()\n", "('users', companies)\n"),
        ("        note.position = rest\n", "        note._forget()\n"),
        ("    note._forget()\n    if is_last:\n", "    if is_last:\n"),
        ("AND NOT share AND id", "AND id"),
        ("or not is_small(env):", "or False:"),
    )),
    *(Mutation(_PART, old, new, _NOTES_TESTS) for old, new in (
        ("return self.others and not (kind in BY_DOMAIN and author_domain in self.all_domains)", "return self.others"),
        ("bisect_right(domains, position)", "bisect_right(domains, position) + 1"),
    )),
    # Domains about to be lost
    *(Mutation(_LOST, old, new, _LOST_TESTS) for old, new in (
        ("A_DAY = timedelta(days=1)", "A_DAY = timedelta(hours=1)"),
        ("or seen['kind'] in dead_names['left_open']", "or False"),
        ("        elif said != Registered.UNKNOWN:", "        else:"),
        ("seen.setdefault('since', now.isoformat())", "seen['since'] = now.isoformat()"),
        ("            seen.pop('confirmed', None)\n", ""),
        ("if service and any(parking_service([server]) is None for server in former):", "if service:"),
        ("    elif report.zone.nameservers:\n", "    else:\n"),
        ("_lasts(seen, now, CONFIRM_AFTER)}", "True}"),
        ("mailauth.sees_dns(domain._get_resolver(), CONTROLS)", "True"),
        ("    elif all(answer['status'] == 'servfail' for answer in report.unanswered):\n", "    else:\n"),
        ("    if domain.is_foreign:\n", "    if False:\n"),
        ("at = now + (RETRY if silent else A_DAY) if names else False", "at = now + A_DAY if names and not silent else False"),
        ("return report.without_findings('spf.include_unregistered', told)", "return report"),
    )),
]
