"""What is shown of proofs beside the prediction: the last one of each path that says something about it as it is now."""

from odoo.tools import SQL

SETTLED = ('arrived', 'internal', 'returned', 'missing')


def last_proofs(paths):
    """Return ``{path id: proof}``, in two queries; a proof that left in another way than the path's mail does now is none."""
    env = paths.env
    if not paths.ids:
        return {}
    env['mail.domain.health.proof'].flush_model(['path_id', 'kind', 'state', 'from_email', 'mail_server_id'])
    env['mail.domain.health.path'].flush_model(['from_email', 'mail_server_id'])
    found = env.execute_query(SQL(
        """
        SELECT DISTINCT ON (path.id) proof.id
          FROM mail_domain_health_path path JOIN mail_domain_health_proof proof ON proof.path_id = path.id
         WHERE path.id = ANY(%s) AND proof.kind = 'path' AND proof.state IN %s AND proof.from_email = path.from_email
               AND proof.mail_server_id IS NOT DISTINCT FROM path.mail_server_id
         ORDER BY path.id, proof.id DESC
        """, paths.ids, SETTLED))
    return {proof.path_id.id: proof for proof in env['mail.domain.health.proof'].sudo().browse([row_id for [row_id] in found])}
