import { Component, onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

const MAX_AT_ONCE = 10; // domains that one call to the server looks at and stores
const CALLS = 5; // at least, so that the bar moves

/**
 * Look at many domains, some at a time: what is looked at is stored, whatever becomes of the rest.
 *
 * @param {() => Promise} reload called when the check has ended
 * @returns {{ progress: Object, start: (ids: number[]) => Promise, cancel: () => void }}
 */
export function useBulkCheck(reload) {
    const orm = useService("orm");
    const notification = useService("notification");
    const progress = useState({ running: false, cancelled: false, done: 0, total: 0 });
    let left = false; // the page
    onWillDestroy(() => {
        left = true;
    });

    async function start(ids) {
        if (progress.running || !ids.length) {
            return;
        }
        Object.assign(progress, { running: true, cancelled: false, done: 0, total: ids.length });
        const sum = { checked: 0, busy: 0, late: 0, failed: 0 };
        const atOnce = Math.max(1, Math.min(MAX_AT_ONCE, Math.ceil(ids.length / CALLS)));
        let problem = null;
        try {
            for (let first = 0; first < ids.length && !progress.cancelled && !left; first += atOnce) {
                const some = ids.slice(first, first + atOnce);
                const seen = await orm.silent.call("mail.domain.health", "check_several", [some]);
                if (seen.notice) {
                    problem = seen.notice;
                    break;
                }
                for (const name in sum) {
                    sum[name] += seen[name];
                }
                progress.done += some.length;
            }
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            problem = error.data?.message || error.message;
        } finally {
            progress.running = false;
        }
        if (left) {
            return;
        }
        tell(sum, problem);
        await reload();
    }

    function tell(sum, problem) {
        const lines = [_t("Domains that were checked: %s.", sum.checked)];
        if (sum.late) {
            lines.push(_t("Of them, DNS took too long to answer about: %s.", sum.late));
        }
        if (sum.busy) {
            lines.push(_t("Just being checked by somebody else: %s.", sum.busy));
        }
        if (sum.failed) {
            lines.push(_t("Could not be stored (see Odoo's log): %s.", sum.failed));
        }
        if (problem) {
            lines.push(problem);
        } else if (progress.cancelled) {
            lines.push(_t("You stopped the check. Left out: %s.", progress.total - progress.done));
        }
        notification.add(lines.join(" "), {
            type: problem || sum.failed ? "danger" : progress.cancelled ? "warning" : "success",
        });
    }

    return {
        progress,
        start,
        cancel: () => {
            progress.cancelled = true;
        },
    };
}

/** How far the check of many domains is, and the button that stops it. */
export class BulkCheckProgress extends Component {
    static template = "mail_domain_health.BulkCheckProgress";
    static props = {};

    setup() {
        this.progress = useState(this.env.bulkCheck.progress);
    }

    get share() {
        return Math.floor((100 * this.progress.done) / this.progress.total);
    }

    get sentence() {
        const { done, total, cancelled } = this.progress;
        return cancelled
            ? _t("Stopping: the domains being checked now are finished first…")
            : _t("Domains checked: %(done)s of %(total)s…", { done, total });
    }
}
