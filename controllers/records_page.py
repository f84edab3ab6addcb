from odoo import SUPERUSER_ID
from odoo.http import Controller, request, route
from odoo.tools.misc import get_lang

from ..display.records_page import get_page
from ..models.mail_domain_health_guess import PERIOD
from ..models.mail_domain_health_link import ROUTE, WAITING

HEADERS = {
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
    'X-Content-Type-Options': 'nosniff',
    # Nothing but the page's own style and script: what a record contains runs nowhere.
    'Content-Security-Policy': (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"),
}
MAX_ID = 2 ** 31 - 1  # beyond, PostgreSQL has no such number


class RecordsPage(Controller):
    """The records to publish, for whoever runs the DNS and has no login here.

    Opening it asks no DNS and writes nothing, for programs that scan mail open every link. Only a wrong guess is
    counted (``mail.domain.health.guess``). It is the same for everybody, logged in or not.
    """

    @route(f'{ROUTE}/<int(max={MAX_ID}):link_id>/<string:token>', type='http', auth='public', methods=['GET'],
           readonly=True, save_session=False)
    def show(self, link_id, token, **_ignored):
        env = request.env(user=SUPERUSER_ID, context={'lang': get_lang(request.env).code})
        address, guesses = request.httprequest.remote_addr, env['mail.domain.health.guess']
        if guesses._is_limited(address):
            return self._refuse(env, 'limited')
        if token == WAITING:
            return self._refuse(env, 'waiting')
        link = env['mail.domain.health.link']._find(link_id, token)
        if not link:
            request.env.cr.rollback()  # the guess is counted by another transaction, and nothing was written in this one
            return self._refuse(env, 'gone' if guesses._count(address) else 'limited')
        env = env(context={'lang': link._get_lang()})
        page = get_page(link.with_env(env))
        return self._answer(env, 200, page) if page else self._refuse(env, 'gone')

    def _refuse(self, env, why):
        """Say that there is nothing to see, in words that do not tell a wrong address from one that has ended."""
        response = self._answer(env, 429 if why == 'limited' else 404, {'why': why, 'title': env._("DNS records")})
        if why == 'limited':
            response.headers['Retry-After'] = str(PERIOD)
        return response

    @staticmethod
    def _answer(env, status, values):
        # Of no layout: those of the portal and the website add a company's name, logo and menus, and scripts of others.
        # Without the request's values: a page for everybody depends on nobody's cookies.
        lang = get_lang(env)
        html = env['ir.qweb']._render('mail_domain_health.records_page', {
            **values, 'html_lang': lang.code.replace('_', '-'), 'html_dir': lang.direction}, minimal_qcontext=True)
        return request.make_response(html, headers=list(HEADERS.items()), status=status)
