"""What is stored of a mute, and when one without a day ends by itself."""

NOT_MUTED = {'muted_on': False, 'muted_by_id': False, 'muted_until': False, 'mute_reason': False}
# A mute that has no date ends where one of these is another.
TOLD_BY = ('severity', 'params', 'record')


def get_ended(findings, values=None):
    """Return those of the findings that were muted until they change or are resolved.

    :param dict values: what a look found of them; without it, they are resolved
    """
    return findings.filtered(lambda finding: finding.is_muted and not finding.muted_until and (values is None or any(
        (finding[name] or False) != (values[name] or False) for name in TOLD_BY if name in values)))


def end(findings):
    """End the mutes of findings that changed or are resolved; the check that saw it goes on to announce."""
    if findings:
        findings.write(NOT_MUTED)
        note(findings, 'mute_ended', user_id=False)


def note(findings, kind, **values):
    """Note in the history of their domains what became of findings."""
    findings.env['mail.domain.health.event'].sudo().create([
        {'domain_id': finding.domain_id.id, 'finding_id': finding.id, 'kind': kind, 'user_id': findings.env.uid, **values}
        for finding in findings])
