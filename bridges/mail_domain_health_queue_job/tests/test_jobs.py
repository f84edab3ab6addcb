from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.mail_domain_health.checking.claiming import CLAIM
from odoo.addons.mail_domain_health.tests.test_cron import CronCase

from .. import jobs
from ..hooks import uninstall_hook


@tagged('post_install', '-at_install')
class TestJobs(CronCase):
    """The scheduled check makes as many jobs as there are batches due, and does their work where nobody runs them."""

    def setUp(self):
        super().setUp()
        self.env['queue.job'].search([('id', '!=', False)]).unlink()
        self.startPatcher(patch.object(jobs, 'BATCH', 2))
        self.domains = self.make_domains(3)
        others = self.env['mail.domain.health'].search([('id', 'not in', self.domains.ids)])
        others.next_check = fields.Datetime.now() + timedelta(days=9)
        self.domains.next_check = '2020-01-01'

    def our_jobs(self):
        return self.env['queue.job'].search([('model_name', '=', jobs.MODEL), ('method_name', '=', jobs.METHOD)])

    def age(self, **ages):
        """Set times of our jobs, so long ago."""
        self.env.flush_all()
        for name, ago in ages.items():
            self.env.cr.execute(f"UPDATE queue_job SET {name} = %s", [fields.Datetime.now() - ago])  # pylint: disable=sql-injection
        self.env.invalidate_all()

    def run_job(self):
        """Run a job's work as the queue does: with a connection of its own, which may commit."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            said = self.env(cr=cr)['mail.domain.health']._check_batch_as_job()
        self.env.invalidate_all()
        return said

    def looked(self):
        """The questions about our domains: whether DNS answers at all is asked about others."""
        return [name for name, _rdtype in self.dns.log if name.endswith('.example')]

    def test_that_no_dns_answers_here_is_noticed_though_jobs_do_the_looking(self):
        self.run_cron()
        self.assertFalse(self.runs().is_blind)
        with self.silent_dns():
            self.run_cron()
        self.assertTrue(self.runs().is_blind)
        self.run_cron()
        self.assertFalse(self.runs().is_blind)

    def test_as_many_jobs_as_batches_are_due_and_no_more_while_they_wait(self):
        self.run_cron()
        self.run_cron()
        self.assertEqual(self.our_jobs().mapped('state'), ['pending', 'pending'])
        self.assertEqual(set(self.our_jobs().mapped('channel')), {'root.mail_domain_health'})
        self.assertFalse(any(self.our_jobs().mapped('eta')), "one that waits for a time keeps dead jobs from being noticed")
        self.assertFalse(self.looked(), "the scheduled check leaves the looking to them")

    def test_job_may_commit_so_that_what_a_killed_one_stored_stays(self):
        function = self.env.ref('mail_domain_health_queue_job.job_function_check_batch')
        config = self.env['queue.job.function'].job_config(function.name)
        self.assertTrue(config.allow_commit)
        self.assertEqual(config.channel, 'root.mail_domain_health')

    def test_what_waits_for_jobs_neither_keeps_core_running_nor_counts_as_stuck(self):
        progress = self.run_cron()
        self.assertEqual(progress.remaining, 0)
        self.assertFalse(self.runs()._is_stuck())

    def test_job_takes_what_is_due_when_it_begins(self):
        self.domains[0].next_check = fields.Datetime.now() + CLAIM
        self.assertEqual(self.run_job(), "2 looked at, 0 failed")
        self.assertEqual(self.domains.mapped('state'), ['unknown', 'pass', 'pass'])
        self.assertEqual(self.run_job(), "0 looked at, 0 failed", "one too many finds nothing")

    def test_copy_of_a_database_runs_no_job(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', True)
        self.run_job()
        self.assertEqual(self.dns.log, [])

    def test_scheduled_check_works_where_nobody_runs_the_jobs(self):
        self.run_cron()
        self.age(date_created=jobs.PATIENCE + timedelta(seconds=1))
        self.run_cron()
        self.assertEqual(set(self.domains.mapped('state')), {'pass'})
        self.assertEqual(len(self.our_jobs()), 2, "and makes no more of them")

    def test_long_queue_that_moves_is_left_to_its_workers(self):
        self.run_cron()
        self.age(date_created=jobs.PATIENCE * 3)
        done = self.our_jobs()[0]
        done.with_context(_job_edit_sentinel=done.EDIT_SENTINEL).write({
            'state': 'done', 'date_started': fields.Datetime.now(), 'date_done': fields.Datetime.now()})
        self.run_cron()
        self.assertFalse(self.looked())

    def test_next_run_comes_in_time_to_do_what_no_job_did(self):
        self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).unlink()
        self.run_cron()
        first = min(self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).mapped('call_at'))
        self.assertLess(first, fields.Datetime.now() + 2 * jobs.PATIENCE)

    def test_uninstalling_takes_the_jobs_along_and_no_others(self):
        self.run_cron()
        other = self.env['queue.job'].with_delay()._test_job().db_record()
        uninstall_hook(self.env)
        self.assertFalse(self.our_jobs())
        self.assertTrue(other.exists())
