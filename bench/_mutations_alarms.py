"""Mistakes in what tells that nobody watches: no look sees a domain or DNS, the check waits for too long or has ceased."""

from __future__ import annotations

from _mutation import Mutation

_RUN = "models/mail_domain_health_run.py"
_SCHEDULED, _TELL, _APPLY = "checking/scheduled_run.py", "checking/announcing.py", "models/mail_domain_health.py"


def _tests(case: str, *names: str) -> str:
    """The tags of some tests of a case: these alone, for all of it takes minutes."""
    return ",".join(f"/mail_domain_health:{case}.test_{name}" for name in names)


_CEASED = _tests("TestRun", "check_that_no_longer_runs_is_told_by_another_scheduled_action_until_it_runs_again")
_NEGLECTED = _tests("TestRun", "domain_that_waits_for_too_long_is_an_activity_and_makes_the_run_overdue")
_BLIND = _tests("TestRun", "that_no_dns_answers_here_is_told_after_a_day_until_it_does_and_is_no_complete_run")
_OUTAGE = _tests("TestCron", "dead_dns_is_held_against_no_domain_and_the_rest_waits_for_it",
                 "resolver_that_reaches_nothing_is_dead_dns_though_it_has_the_root_at_hand")
_UNSEEN = _tests("TestCheck", "zone_that_is_silent_for_a_day_gets_one_activity", "archived_domain_leaves_nothing_to_do",
                 "resolver_that_reaches_nothing_is_no_fault_of_the_domain",
                 "that_a_zone_is_silent_is_told_once_whatever_becomes_of_the_activity")
_LATE = _tests("TestCheck", "domain_that_no_check_gets_to_the_end_of_for_a_day_is_told_as_that")
_PARTLY = _tests("TestZoneAboutToBeLost", "a_zone_that_answers_about_spf_alone_neither_fails_nor_is_unseen",
                 "a_zone_that_answers_about_a_key_alone_neither_fails_nor_is_unseen")

ROWS = [
    # The scheduled check has ceased, or domains wait
    Mutation("models/mail_partner_domain.py", "            tell_if_ceased(self.sudo().env)\n", "", _CEASED),
    Mutation(_SCHEDULED, "    if env['mail.domain.health.run']._have_ceased():\n", "    if False:\n", _CEASED),
    Mutation(_RUN, "            return self._is_neglected()\n", "            return False\n", _CEASED),
    Mutation(_RUN, "- last.started > OVERDUE_AFTER * max(interval, timedelta(days=1))", "- last.started > interval", _CEASED),
    Mutation(_RUN, "return bool(oldest) and now - oldest > OVERDUE_AFTER * schedule.longest(interval)", "return False",
             _NEGLECTED),
    Mutation(_RUN, "or bool(due) and now - due > (OVERDUE_AFTER - 1) * max(interval, timedelta(days=1))", "or False", _NEGLECTED),
    # No DNS answers here
    *(Mutation(_SCHEDULED, old, new, _BLIND) for old, new in (
        ("        if not self.run.is_blind and not", "        if not"),
        ("        elif self.run._are_blind():\n", "        elif False:\n"),
        ("            if self.run.done > looked:  # else it is as it was\n", "            if True:\n"),
    )),
    *(Mutation(_RUN, old, new, _BLIND) for old, new in (
        ("bool(first) and fields.Datetime.now() - first.started >= BLIND_AFTER", "bool(first)"),
        ("'refreshed_on': last.refreshed_on, 'is_blind': last.is_blind,", "'refreshed_on': last.refreshed_on,"),
        ("seeing.id or 0", "seeing.id"),
        (" AND is_blind IS NOT TRUE)", ")"),
    )),
    *(Mutation(_TELL, old, new, _BLIND) for old, new in (
        ("            if not _was_done_today(domain, user, xmlid):\n", "            if True:\n"),
        ("[('date_done', '>=', fields.Date.today())])", "[('active', '=', False)])"),
    )),
    Mutation(_APPLY, "return self.unanswered_since or not is_blind and now", "return self.unanswered_since or now", _OUTAGE),
    Mutation("checking/claiming.py", "self.Health._get_resolver(), CONTROLS))", "self.Health._get_resolver()))", _OUTAGE),
    # A domain does not answer, or no look gets to its end
    *(Mutation("checking/stored_report.py", old, new, _PARTLY) for old, new in (
        ("        return all((name, 'TXT') in failed for name in (self.domain, f'_dmarc.{self.domain}')) and all(\n",
         "        return all(\n"),
        (" and all(\n            self.areas[area].state == 'unknown' for area in PROTOCOLS)", ""),
    )),
    *(Mutation(_TELL, old, new, _UNSEEN) for old, new in (
        ("if domain.is_unseen_told or now - domain.unanswered_since < UNSEEN_AFTER:",
         "if now - domain.unanswered_since < UNSEEN_AFTER:"),
        ("    if not mailauth.sees_dns(domain._get_resolver(), CONTROLS):",
         "    if not mailauth.sees_dns(domain._get_resolver()):"),
    )),
    *(Mutation(_APPLY, old, new, _UNSEEN) for old, new in (
        ("'is_unseen_told': self.is_unseen_told and report.is_unseen,", ""),
        ("            'unanswered_since': False, 'is_unseen_told': False, **quieting", "            **quieting"),
    )),
    *(Mutation(_TELL, old, new, _LATE) for old, new in (
        ("if domain.is_unseen_told or now - domain.unanswered_since < UNSEEN_AFTER:", "if domain.is_unseen_told:"),
        ("    if is_late:\n", "    if False:\n"),
    )),
    *(Mutation(_APPLY, old, new, _LATE) for old, new in (
        ("        self._announce_unseen(now, is_blind, is_late=True)\n", ""),
        ("            'unanswered_since': self._get_unanswered_since(now, is_blind)})\n", "            })\n"),
    )),
]
