import { status, useComponent, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

const POLL_EVERY = 700; // milliseconds
const POLL_FOR = 12000; // milliseconds: a check gives up on DNS after ten seconds
const SCHEDULED_EVERY = 2000; // milliseconds
const SCHEDULED_FOR = 60000; // milliseconds: Odoo's scheduler starts a triggered job well within that

const wait = (delay) => new Promise((resolve) => browser.setTimeout(resolve, delay));

/**
 * Look at a saved domain at once. If somebody else is looking already, wait for what they see
 * rather than ask DNS a second time.
 *
 * @param {() => number|false} getCompanyId the company whose Settings are open, if they are
 * @returns {{
 *  state: { busy: boolean, message: string },
 *  checkNow: (domainId: number) => Promise<Object|null>,
 *  scheduledCheck: (overview: Object, message: string) => Promise<Object|null>,
 * }} `message` is what there is to say about the check itself; `checkNow` answers with what the
 *  server knows now, or with null where there is no answer; `scheduledCheck` waits for a check
 *  that the server has planned by itself, and asks for none.
 */
export function useCheckNow(getCompanyId) {
    const component = useComponent();
    const orm = useService("orm");
    const notification = useService("notification");
    const state = useState({ busy: false, message: "" });

    const call = (method, domainId) =>
        orm.silent.call("mail.domain.health", method, [[domainId], getCompanyId() || false]);

    /** What the server knows once a check after `attempt` has ended; null if none does in time. */
    async function resultAfter(attempt, domainId, every, limit, isWanted = () => true) {
        for (let waited = 0; waited < limit; waited += every) {
            await wait(every);
            if (status(component) === "destroyed" || !isWanted()) {
                return null;
            }
            const box = await call("read_box", domainId);
            if (box.overview.attempt !== attempt) {
                return box;
            }
        }
        return null;
    }

    async function scheduledCheck(overview, message) {
        state.message = message;
        const isWanted = () => !state.busy;
        try {
            return await resultAfter(
                overview.attempt,
                overview.id,
                SCHEDULED_EVERY,
                SCHEDULED_FOR,
                isWanted
            );
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            return null; // nobody asked for it: the page stays as it is
        } finally {
            if (isWanted()) {
                state.message = "";
            }
        }
    }

    async function checkNow(domainId) {
        if (state.busy) {
            return null;
        }
        state.busy = true;
        state.message = _t("Checking…");
        let outcome = "";
        try {
            let box = await call("check_now", domainId);
            if (box.busy) {
                state.message = box.notice || _t("A check is already running…");
                const { attempt } = box.overview;
                box = await resultAfter(attempt, domainId, POLL_EVERY, POLL_FOR);
                outcome = _t("The check takes longer than usual. Look again in a moment.");
            }
            outcome = box ? box.notice || "" : outcome;
            return box;
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            notification.add(error.data?.message || error.message, {
                title: _t("The check did not run"),
                type: "danger",
            });
            return null;
        } finally {
            state.busy = false;
            state.message = outcome;
        }
    }

    return { state, checkNow, scheduledCheck };
}
