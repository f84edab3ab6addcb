import { status, useComponent, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

const POLL_EVERY = 700; // milliseconds
const POLL_FOR = 12000; // milliseconds: a check gives up on DNS after ten seconds

const wait = (delay) => new Promise((resolve) => browser.setTimeout(resolve, delay));

/**
 * Look at a saved domain at once. If somebody else is looking already, wait for what they see
 * rather than ask DNS a second time.
 *
 * @returns {{ state: { busy: boolean, message: string }, checkNow: (domainId: number) => Promise<Object|null> }}
 *  `message` is what there is to say about the check itself; `checkNow` answers with what the
 *  server knows now, or with null where there is no answer.
 */
export function useCheckNow() {
    const component = useComponent();
    const orm = useService("orm");
    const notification = useService("notification");
    const state = useState({ busy: false, message: "" });

    const call = (method, domainId) => orm.silent.call("mail.domain.health", method, [[domainId]]);

    async function resultOfOther(domainId, before) {
        let box = before;
        for (let waited = 0; waited < POLL_FOR; waited += POLL_EVERY) {
            await wait(POLL_EVERY);
            if (status(component) === "destroyed") {
                return null;
            }
            box = await call("read_box", domainId);
            if (box.last_attempt !== before.last_attempt) {
                return box;
            }
        }
        return { ...box, notice: _t("The check takes longer than usual. Look again in a moment.") };
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
                state.message = box.notice || _t("Being checked already…");
                box = await resultOfOther(domainId, box);
            }
            outcome = box?.notice || "";
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

    return { state, checkNow };
}
