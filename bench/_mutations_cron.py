"""Mistakes in when to speak and in the scheduled check."""

from __future__ import annotations

from _mutation import Mutation

_SPEAK, _SPEAK_TESTS = "checking/announcement.py", "/mail_domain_health:TestAnnouncement"
_APPLY, _APPLY_TESTS = "models/mail_domain_health.py", "/mail_domain_health:TestCheck,/mail_domain_health:TestCron"
_TELL, _COMPARE = "checking/announcing.py", "checking/observation.py"
_CRON, _CRON_TESTS = "checking/scheduled_run.py", "/mail_domain_health:TestCron,/mail_domain_health:TestRun"
_RUN = "models/mail_domain_health_run.py"
_CHANGES, _NOTES_TESTS = "checking/changes.py", "/mail_domain_health:TestNotes"
_PART = "sending/parts.py"

ROWS = [
    # When to speak
    *(Mutation(_SPEAK, old, new, _SPEAK_TESTS) for old, new in (
        ("if State(state).is_worse_than(State(was)):", "if state != was:"),
        ("_PRESUMED = 'pass'", "_PRESUMED = 'fail'"),
        ("elif state == UNKNOWN and known is None:", "elif False:"),
        ("if state == OPEN and known and known['state'] == UNKNOWN:", "if False:"),
        ("if state == OPEN and known and known['state'] == UNKNOWN:", "if state == OPEN and known:"),
        ("confirm = confirm or bool(announced.get(area, {}).get('pending_since'))", "confirm = confirm or False"),
        ("        if known is None:  # the first", "        if known is None and state == 'pass':  # the first"),
        ("known.setdefault('pending_since', now.isoformat())", "known['pending_since'] = now.isoformat()"),
        ("< confirm_after:", "<= confirm_after:"),
        ("CONFIRM_AFTER = timedelta(minutes=10)", "CONFIRM_AFTER = timedelta(minutes=0)"),
        ("if State(state).is_worse_than(State(was)):", "if State(state) is State.FAIL:"),
        ("'broken_from': known.get('broken_from', was)}", "'broken_from': was}"),
        ("elif State(was).is_worse_than(State(state)):", "elif State(was) is State.FAIL:"),
        ("if broken_from and State(state).is_worse_than(State(broken_from)):",
         "if broken_from and not State(state).is_worse_than(State(broken_from)):"),
        ("            known.pop('pending_since', None)\n", ""),
        ("            known.update(state=state, record=record)\n", ""),
        ("return any('broken_from' in known", "return all('broken_from' in known"),
        ("announced = {area: dict(known) for area, known in announced.items()}", "announced = dict(announced)"),
    )),
    # What is stored and told
    *(Mutation(_TELL, old, new, _APPLY_TESTS) for old, new in (
        ("if event.kind == 'broken' and report.areas[event.area].code in muted_codes:", "if False:"),
        ("elif event.kind == 'broken' or event.area not in before_muted:", "elif True:"),
        ("domain.with_context(mail_activity_quick_update=True).activity_schedule(", "domain.activity_schedule("),
        ("    if was_broken and not announcement.is_broken(domain.announced):", "    if False:"),
    )),
    Mutation(_COMPARE, "return state if is_borne_out else announcement.UNKNOWN", "return state", _APPLY_TESTS),
    Mutation(_APPLY, "return timedelta(seconds=0.9 *", "return timedelta(seconds=1.1 *", _APPLY_TESTS),
    Mutation(_APPLY, "checked.write({'is_outdated': True, 'next_check': fields.Datetime.now()})",
             "checked.write({'is_outdated': True})", _CRON_TESTS),
    # The scheduled check
    *(Mutation(_CRON, old, new, _CRON_TESTS) for old, new in (
        ("self._commit_progress(remaining=self._count_remaining() + 1)", "self._commit_progress()"),
        ("        if not time_left:  # core", "        if False:  # core"),
        ("for step in self.run._order_steps(tuple(STEPS)):", "for step in tuple(STEPS):"),
        ("            self.run.failed += 1\n            _logger.exception(", "            raise\n            _logger.exception("),
        ("            batch.with_context(tracking_disable=True).next_check = fields.Datetime.now() + CRON_CLAIM\n", ""),
        ("        self.Health._trigger_cron(fields.Datetime.now() + CRON_CLAIM)\n", ""),
        ("self.Health.browse(waiting).exists().with_context(tracking_disable=True).next_check = fields.Datetime.now()", "pass"),
        ("            if time.monotonic() - began > MAX_LOCKED:\n                break\n", ""),
        ("order='next_check, id').ids", "order='next_check, id').ids[:1]"),
        ("self.Health.search(self._due(), order=", "self.Health.search([], order="),
        ("sum(self._store_alone(*alone) for alone in reports)", "0"),
        ("            learning.learn_numbers(self.env)\n", ""),
        ("            learning.learn_rejections(self.env, some)\n", ""),
        ("        rows.write_to(self.env)\n", ""),
        ("        if len(before) < 2 or not all(", "        if len(before) < 2 or not any("),
        ("        if not self.run._is_stuck():\n", "        if False:\n"),
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
]
