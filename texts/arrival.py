"""How one received mail arrived, in words: what the wizard shows. Everything from the mail is escaped."""

from markupsafe import Markup

from odoo.tools.translate import LazyTranslate

from ..mailauth.dns.names import domain_of
from . import findings
from .filling import Colored, say

_lt = LazyTranslate(__name__)

VERDICTS = {
    'pass': Colored('success', _lt(
        "Receivers can verify this email: it passes what large providers require (DMARC).")),
    'fail': Colored('danger', _lt(
        "Receivers cannot verify this email: most large providers reject it or file it as spam (DMARC fails).")),
    'none': Colored('warning', _lt(
        "Receivers cannot verify this email, and no instructions (DMARC record) say what they should do with it.")),
    'none_verified': Colored('warning', _lt(
        "Receivers can verify this email, but no instructions (DMARC record) say what they should do with mail that only "
        "pretends to be yours. Large providers require them.")),
    'none_open': Colored('warning', _lt(
        "No instructions (DMARC record) say what receivers should do with this email, and we do not know whether they can "
        "verify it: not everything could be looked up or compared.")),
    'unknown_verified': Colored('secondary', _lt(
        "Receivers can verify this email. Its domain's instructions to them (DMARC) could not be looked up.")),
    'unknown': Colored('secondary', _lt(
        "We do not know whether receivers can verify this email: not everything could be looked up or compared.")),
}
SIGNATURES = {
    'pass': _lt("%(domain)s, with the key “%(selector)s”: we verified it"),
    'body_missing': _lt("%(domain)s, with the key “%(selector)s”: the signature of the header is valid (the text was "
                        "not compared)"),
    'body_changed': _lt("%(domain)s, with the key “%(selector)s”: the signature of the header is valid, but the text "
                        "differs from what was signed"),
    'fail': _lt("%(domain)s, with the key “%(selector)s”: it does not verify"),
    'unknown': _lt("%(domain)s, with the key “%(selector)s”: DNS did not answer about the key"),
}
REASONS = {  # mailauth.arrival.Signature.reason, and a body that differs
    'syntax': _lt("the signature cannot be read"),
    'algorithm': _lt("it was made with a method that receivers no longer accept"),
    'query': _lt("it does not say that its key is in DNS"),
    'from_not_signed': _lt("it does not cover the sender"),
    'expired': _lt("it had expired when the email arrived"),
    'no_key': _lt("the key is not published"),
    'revoked': _lt("the key was withdrawn"),
    'bad_key': _lt("the published key does not match"),
    'weak_key': _lt("the key is too short"),
    'altered': _lt("the header or the published key has changed since the email was signed"),
    'body_changed': _lt("the text of the email differs from what was signed"),
}
SPF = {
    'pass': _lt("%(domain)s permits the address to send (SPF passes)"),
    'fail': _lt("%(domain)s does not permit the address to send (SPF fails)"),
    'softfail': _lt("%(domain)s does not permit the address to send (SPF fails softly)"),
    'neutral': _lt("%(domain)s neither permits nor forbids the address (SPF is neutral)"),
    'none': _lt("%(domain)s does not say who may send (no SPF record)"),
    'permerror': _lt("the record of %(domain)s that says who may send has an error (SPF)"),
    'temperror': _lt("DNS did not answer whether %(domain)s permits the address"),
}


# What a domain asks receivers to do, by mailauth's Policy.
POLICIES = {
    'none': _lt("do nothing (p=none)"),
    'quarantine': _lt("file what fails as spam (p=quarantine)"),
    'reject': _lt("reject what fails (p=reject)"),
}


def summary(env, arrived, path):
    """Return the table and the notes about a mail as markup.

    :param dict arrived: what the wizard stored of it (``mailauth.arrival.to_dict`` and ``known``)
    :param path: the path that it belongs to, or an empty recordset
    """
    kind, sentence = VERDICTS[_verdict(arrived)]
    rows = [
        (env._("Sender"), [arrived['from']]),
        (env._("Sent from IP address"), [_egress(env, arrived)]),
        (env._("Received by"), [arrived['receiver'] or env._("unknown")]),
        (env._("Bounces to"), [_envelope(env, arrived, path)]),
        (env._("Signed by"), [
            say(env, SIGNATURES[one['status']], domain=one['domain'], selector=one['selector'])
            for one in arrived['signatures']
        ] or [env._("nobody")]),
        (env._("The receiver said"), _said(env, arrived)),
        (env._("We found"), _found(env, arrived)),
        (env._("Sending path"), [_sending_path(env, path)]),
    ]
    table = Markup().join(
        Markup('<tr><th class="text-nowrap pe-3 align-top" scope="row">%s</th><td class="text-break">%s</td></tr>') % (
            title, Markup('<br/>').join(values))
        for title, values in rows)
    return Markup(
        '<div class="alert alert-%s o_mail_domain_health_arrival_verdict" role="status">%s</div>%s'
        '<table class="table table-sm o_mail_domain_health_arrival"><tbody>%s</tbody></table>%s'
    ) % (kind, env._(sentence), _unknown_mail(env, arrived), table, notes(env, arrived))


def notes(env, arrived):
    """Return what there is to say about a mail besides its facts, as markup."""
    return Markup().join(_note(env, finding) for finding in arrived['findings'])


def _verdict(arrived):
    """Return the key of what to say first: without a DMARC record mail is still verified, or not."""
    result = arrived['dmarc']['result']
    if result in ('none', 'unknown') and arrived['verified']:
        return f'{result}_verified'
    return 'none_open' if result == 'none' and arrived['verified'] is None else result



def _unknown_mail(env, arrived):
    if arrived['known']:
        return Markup()
    return Markup('<div class="alert alert-warning">%s</div>') % env._(
        "We cannot find this email among those that this Odoo sent. Some mail services give emails a new ID, but it "
        "may also have been sent by another program, or by somebody who pretends to be you. Keep only what you know to "
        "be yours.")


def _egress(env, arrived):
    if not arrived['egress']:
        return env._("unknown")
    name = arrived['egress_name']
    return f"{arrived['egress']} ({name})" if name else arrived['egress']


def _envelope(env, arrived, path):
    envelope = arrived['envelope']
    if envelope is None:
        return env._("not shown in this copy")
    if not envelope:
        return env._("nobody (an automatic message)")
    shown = envelope.removeprefix('@')
    if not path or not arrived['egress']:
        return shown
    if domain_of(envelope) == path._envelope_domain():
        return env._("%s, as Odoo set it", shown)
    return env._("%(seen)s; Odoo had set %(given)s, so the service replaces it", seen=shown, given=path.envelope_from)


def _said(env, arrived):
    if not arrived['receiver_said']:
        return [env._("nothing trustworthy")]
    shown = [said for said in arrived['receiver_said'] if said['method'] in ('spf', 'dkim', 'dmarc')]
    return [', '.join(f"{said['method'].upper()}: {said['result']}" for said in shown[:8])] if shown else [env._("nothing")]


def _found(env, arrived):
    spf, policy = arrived['spf'], arrived['dmarc']['policy']
    found = []
    if spf['result'] and arrived['egress']:
        found.append(say(env, SPF[spf['result']], domain=spf['domain']))
        if spf['result'] == 'pass' and spf['aligned'] is False:
            found.append(env._("%s is not the sender's domain, so that does not count for the sender", spf['domain']))
    if policy:
        found.append(env._("the sender's domain asks receivers to: %s", say(env, POLICIES[policy])))
    return found or [env._("nothing")]


def _sending_path(env, path):
    if not path:
        return env._("no known path: Odoo's current configuration sends nothing from this sender")
    server = path.mail_server_id.name or env._("the server of Odoo's configuration file")
    return env._("%(who)s, through %(server)s", who=path._who(), server=server)


def _note(env, finding):
    params = {'name': finding['name'], **finding['params']}
    if params.get('reason') in REASONS:
        params['reason'] = say(env, REASONS[params['reason']])
    if params.get('policy') in POLICIES:
        params['policy'] = say(env, POLICIES[params['policy']])
    title, explanation, remedy = findings.finding(env, finding['code'], params)
    kind = {'error': 'danger', 'warning': 'warning', 'info': 'info'}[finding['severity']]
    return Markup(
        '<div class="o_mail_domain_health_arrival_note border-start border-3 border-%s ps-2 mb-2">'
        '<strong>%s</strong><br/>%s<br/><em>%s</em></div>') % (kind, title, explanation, remedy)
