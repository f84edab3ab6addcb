import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import InterfaceError, OperationalError

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..checking import claiming, crons, query
from ..checking.claiming import CLAIM, Checked, check_claimed, claim_batch
from ..models.mail_domain_health import CRON
from ..sending.counting import update_paths
from ..sending.rejections import read_rejections
from .test_cron import CLAIM_LOGGER, CronCase

LONG_AGO = '2000-01-01 00:00:00'  # before anything else in the database is due


@tagged('post_install', '-at_install')
class TestClaim(TransactionCase):
    """No domain is taken twice, and none is lost, whoever works beside whom: transactions of real connections."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)
        with self.connection() as env:
            env.cr.execute("""
                INSERT INTO mail_domain_health (name, active, state, next_check)
                SELECT 'd' || n || '.claimed.example', TRUE, 'unknown', %s FROM generate_series(1, 120) n RETURNING id
            """, [LONG_AGO])
            self.ids = {domain_id for [domain_id] in env.cr.fetchall()}
            env.cr.commit()  # pylint: disable=invalid-commit

    def _remove(self):
        with self.connection() as env:
            env.cr.execute("DELETE FROM mail_domain_health WHERE name LIKE '%.claimed.example'")
            env.cr.execute("DELETE FROM ir_cron_trigger WHERE cron_id = %s", [env['mail.domain.health']._get_cron().id])
            env.cr.commit()  # pylint: disable=invalid-commit

    @contextmanager
    def connection(self):
        """Within, an environment with a connection of its own, whose commits are real."""
        with closing(self.registry.cursor()) as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def claim(self, limit=1000):
        with self.connection() as env:
            return set(claim_batch(env, limit)) & self.ids

    def make_due(self, ids):
        with self.connection() as env:
            env.cr.execute("UPDATE mail_domain_health SET next_check = next_check - %s WHERE id = ANY(%s)", [CLAIM, list(ids)])
            env.cr.commit()  # pylint: disable=invalid-commit

    def test_workers_that_claim_at_once_never_get_the_same_domain_and_miss_none(self):
        start = threading.Barrier(4, timeout=60)

        def work(env):
            claimed = []
            start.wait()
            while len(claimed) < len(self.ids) and (ids := set(claim_batch(env, 3)) & self.ids):
                claimed += ids
            return claimed

        with mute_logger('odoo.sql_db'), ExitStack() as connections, ThreadPoolExecutor(4) as pool:
            # Made here: while tests run, no other thread gets at the registry.
            workers = [connections.enter_context(self.connection()) for _worker in range(4)]
            claimed = [domain_id for ids in pool.map(work, workers, timeout=60) for domain_id in ids]
        self.assertEqual(len(claimed), len(set(claimed)), "twice")
        self.assertEqual(set(claimed) | self.claim(), self.ids, "lost")

    def test_what_has_been_due_longest_comes_first(self):
        late = sorted(self.ids)[5:10]
        with self.connection() as env:
            env.cr.execute("UPDATE mail_domain_health SET next_check = '1999-01-01' WHERE id = ANY(%s)", [late])
            env.cr.commit()  # pylint: disable=invalid-commit
            self.assertEqual(claim_batch(env, 5), late)

    def test_silent_domains_take_their_turn_an_hour_later_and_among_themselves(self):
        silent = set(sorted(self.ids)[:30])
        with self.connection() as env:
            for hours, first in ((0, self.ids - silent), (2, silent)):
                env.cr.execute("""
                    UPDATE mail_domain_health SET silences = CASE WHEN id = ANY(%s) THEN 3 ELSE 0 END,
                           next_check = %s::timestamp - CASE WHEN id = ANY(%s) THEN %s * interval '1 hour' ELSE interval '0' END
                     WHERE id = ANY(%s)
                """, [list(silent), LONG_AGO, list(silent), hours, list(self.ids)])
                env.cr.commit()  # pylint: disable=invalid-commit
                claimed = set(claim_batch(env, 1000))
                self.assertEqual(claimed & self.ids, first, "of one kind at a time")
                self.assertEqual(set(claim_batch(env, 1000)) & self.ids, self.ids - first)

    def test_claim_ends_and_wakes_the_scheduled_check_for_what_its_worker_lost(self):
        claimed = self.claim(50)
        self.assertEqual(len(claimed), 50)
        others = self.claim()
        self.assertFalse(claimed & others)
        with self.connection() as env:
            wake = env['ir.cron.trigger'].search([
                ('cron_id', '=', env['mail.domain.health']._get_cron().id),
                ('call_at', '<=', fields.Datetime.now() + CLAIM)])
            self.assertTrue(wake)
        self.make_due(claimed)
        self.assertEqual(self.claim(), claimed)

    def test_worker_that_dies_while_it_claims_has_claimed_nothing(self):
        with self.connection() as env, self.connection() as other:
            with patch.object(env.registry['mail.domain.health'], '_wake_cron'), \
                    patch.object(type(env.cr), 'commit', autospec=True, side_effect=lambda cr: None):
                self.assertTrue(claim_batch(env, 50))
            with suppress(OperationalError, InterfaceError), mute_logger('odoo.sql_db'):
                other.cr.execute("SELECT pg_terminate_backend(%s)", [env.cr._cnx.info.backend_pid])
                env.cr.execute("SELECT 1")
        self.assertEqual(self.claim(), self.ids)

    def test_domain_that_a_person_looks_at_is_passed_over(self):
        locked = min(self.ids)
        with self.connection() as env:
            self.assertTrue(env['mail.domain.health'].browse(locked).try_lock_for_update(allow_referencing=True))
            self.assertEqual(self.claim(), self.ids - {locked})
        self.assertEqual(self.claim(), {locked})

    def test_claim_of_what_another_worker_took_since_our_transaction_began_is_tried_again(self):
        with self.connection() as env:
            env.cr.execute("SELECT count(*) FROM mail_domain_health")
            claimed = self.claim(100)
            self.assertEqual(set(claim_batch(env, 1000)) & self.ids, self.ids - claimed)


@tagged('post_install', '-at_install')
class TestLearnedBesideWorkers(TransactionCase):
    """What real mail teaches is written beside those who check, on connections of their own: nobody waits for anybody."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)
        with self.connection() as env:
            env.cr.execute("""
                INSERT INTO mail_domain_health (name, active, state, last_check, next_check)
                SELECT 'd' || n || '.learned.example', TRUE, 'pass', now(), '2099-01-01' FROM generate_series(1, 2) n RETURNING id
            """)
            self.domains = [domain_id for [domain_id] in env.cr.fetchall()]
            # The first domain judges a path that comes into use, and one that is used more often; so does the second.
            env.cr.execute("""
                INSERT INTO mail_domain_health_path (company_id, kind, author_email, judge_id, is_used, sent_count)
                SELECT %s, 'template', count || '@learned.example', judge_id, count > 0, count
                  FROM unnest(%s) judge_id, unnest(ARRAY[0, 7]) count ORDER BY judge_id, count RETURNING id
            """, [env.company.id, self.domains])
            self.paths = [path_id for [path_id] in env.cr.fetchall()]
            env.cr.execute("""
                INSERT INTO mail_domain_health_sent (path_id, mail_server_id, messages, sent_on)
                SELECT id, 0, 9, now() AT TIME ZONE 'UTC' FROM unnest(%s) id
            """, [self.paths])
            env.cr.commit()  # pylint: disable=invalid-commit

    def _remove(self):
        with self.connection() as env:
            env.cr.execute("DELETE FROM mail_domain_health_sent WHERE path_id = ANY(%s)", [self.paths])
            env.cr.execute("DELETE FROM mail_domain_health_path WHERE id = ANY(%s)", [self.paths])
            env.cr.execute("DELETE FROM mail_domain_health WHERE id = ANY(%s)", [self.domains])
            env.cr.execute("DELETE FROM ir_cron_trigger WHERE cron_id = %s", [env['mail.domain.health']._get_cron().id])
            env.cr.commit()  # pylint: disable=invalid-commit

    @contextmanager
    def connection(self):
        """Within, an environment with a connection of its own, that waits for no lock."""
        with closing(self.registry.cursor()) as cr:
            cr.execute("SET lock_timeout = '2s'")
            yield api.Environment(cr, SUPERUSER_ID, {})

    def learn(self, learn):
        """Have a worker write the first domain and a path of it, and learn meanwhile."""
        with self.connection() as worker, self.connection() as learner:
            worker.cr.execute("SELECT FROM mail_domain_health WHERE id = %s FOR NO KEY UPDATE", [self.domains[0]])
            worker.cr.execute("UPDATE mail_domain_health_path SET state = 'fail' WHERE id = %s", [self.paths[1]])
            learn(learner)
            learner.flush_all()
            learner.cr.commit()  # pylint: disable=invalid-commit
            worker.cr.commit()  # pylint: disable=invalid-commit

    def test_how_much_paths_are_used_is_written_as_far_as_nobody_writes_them_and_the_rest_the_next_time(self):
        def get():
            with self.connection() as env:
                paths, domains = (env[model].browse(ids) for model, ids in (
                    ('mail.domain.health.path', self.paths), ('mail.domain.health', self.domains)))
                return paths.mapped('sent_count'), paths.mapped('is_used'), domains.mapped('is_outdated')

        self.learn(update_paths)
        self.assertEqual(get(), ([0, 7, 9, 9], [False, True, True, True], [False, True]))
        with self.connection() as env:
            update_paths(env)
            env.flush_all()
            env.cr.commit()  # pylint: disable=invalid-commit
        self.assertEqual(get(), ([9, 9, 9, 9], [True] * 4, [True, True]))

    def test_rejections_are_written_as_far_as_nobody_writes_their_paths(self):
        with self.connection() as env:
            env.cr.execute("UPDATE mail_domain_health_path SET evidence = '{\"heard\": 1}' WHERE id = ANY(%s)", [self.paths])
            env.cr.commit()  # pylint: disable=invalid-commit
        self.learn(lambda env: read_rejections(env, env.company))
        with self.connection() as env:
            heard = [path.evidence['heard'] for path in env['mail.domain.health.path'].browse(self.paths)]
        self.assertEqual(heard, [[], 1, [], []])


@tagged('post_install', '-at_install')
class TestClaimed(CronCase):
    """What was claimed is looked at by whoever claimed it, in the scheduled run or outside of it."""

    def run_outside(self, work):
        """Do this outside the scheduled run, as the job of a queue does."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            try:
                return work(api.Environment(cr, SUPERUSER_ID, {}))
            finally:
                self.env.invalidate_all()

    def test_what_was_claimed_outside_the_scheduled_run_is_stored_and_its_findings_follow(self):
        domains = self.make_domains(3)
        self.env.cr.flush()
        self.env['ir.cron.trigger'].search([]).unlink()
        checked = self.run_outside(lambda env: check_claimed(env, claim_batch(env, claiming.BATCH)))
        self.assertEqual(set(domains.mapped('state')), {'pass'})
        self.assertGreaterEqual(checked.done, 3)
        self.assertEqual(checked.failed, 0)
        self.assertTrue(self.env['mail.domain.health.note'].search([('scope', '=', 'findings')]))
        self.assertLessEqual(
            min(self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).mapped('call_at')),
            fields.Datetime.now() + timedelta(minutes=2), "the scheduled run follows them")

    def test_domain_that_nothing_can_be_asked_about_stops_no_other(self):
        domains = self.make_domains(3)
        self.env.cr.flush()
        ask = query.domain_query

        def fail_for_one(domain, fragile):
            if domain.name == 'd1.example':
                raise ValueError("no question")
            return ask(domain, fragile)

        with patch.object(query, 'domain_query', fail_for_one), self.assertLogs(CLAIM_LOGGER, 'ERROR'):
            checked = self.run_outside(lambda env: check_claimed(env, claim_batch(env, claiming.BATCH)))
        self.assertEqual(domains.mapped('state'), ['pass', 'unknown', 'pass'])
        self.assertEqual(checked.failed, 1)
        self.assertGreater(domains[1].next_check, fields.Datetime.now(), "not again and again")
        self.assertLessEqual(domains[1].next_check, fields.Datetime.now() + CLAIM)

    def test_change_while_dns_is_asked_is_looked_at_again(self):
        """The question was about what was so before."""
        [domain] = self.make_domains(1)
        self.env.cr.flush()
        store = claiming._Look._store_together

        def change(look, reports):
            look.Health.browse(domain.id)._mark_outdated()
            return store(look, reports)

        domain.last_check = '2020-01-01'
        with patch.object(claiming._Look, '_store_together', change):
            self.run_outside(lambda env: check_claimed(env, claim_batch(env, claiming.BATCH)))
        self.assertEqual(domain.state, 'pass')
        self.assertTrue(domain.is_outdated)
        self.assertLessEqual(domain.next_check, fields.Datetime.now())

    def test_additional_worker_takes_a_share_of_the_check_and_does_nothing_else(self):
        domains = self.make_domains(5)
        self.env.cr.flush()
        crons.set_additional(self.env, CRON, 2)
        additional = crons.get_additional(self.env, CRON)
        self.env['mail.domain.health.note']._add('users', self.company.ids)
        self.env.cr.flush()
        runs = self.env['mail.domain.health.run'].search_count([])
        notes = self.env['mail.domain.health.note'].search([('scope', '=', 'users')])
        first = self.cron
        self.cron = additional[0]
        progress = self.run_cron()
        self.assertEqual(set(domains.mapped('state')), {'pass'})
        self.assertGreaterEqual(progress.done, 5)
        self.assertEqual(progress.remaining, 0)
        self.assertEqual(self.env['mail.domain.health.run'].search_count([]), runs)
        self.assertEqual(notes.exists(), notes)
        self.assertTrue(self.env['ir.cron.trigger'].search([('cron_id', '=', first.id)]), "ours follows what it stored")

    def test_many_domains_wake_the_additional_workers_and_few_do_not(self):
        domains = self.make_domains(5)
        crons.set_additional(self.env, CRON, 1)
        [additional] = crons.get_additional(self.env, CRON)
        for size, is_woken in ((4, True), (50, False)):
            domains.next_check = fields.Datetime.now()
            self.env['ir.cron.trigger'].search([('cron_id', '=', additional.id)]).unlink()
            with patch.object(claiming, 'BATCH', size):
                self.run_cron()
            self.assertEqual(bool(self.env['ir.cron.trigger'].search([('cron_id', '=', additional.id)])), is_woken)

    def test_domain_that_is_removed_meanwhile_stops_no_other(self):
        domains = self.make_domains(2)
        self.env.cr.flush()

        def work(env):
            ids = claim_batch(env, claiming.BATCH)
            env['mail.domain.health'].browse(domains[0].id).unlink()
            return check_claimed(env, ids)

        self.run_outside(work)
        self.assertEqual(domains[1].state, 'pass')
        self.assertEqual(self.run_outside(lambda env: check_claimed(env, [])), Checked(0, 0))
