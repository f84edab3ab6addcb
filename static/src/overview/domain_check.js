import { onMounted, onWillDestroy, useComponent } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useCheckNow } from "./check_now";

const JUST_NOW = 60; // seconds: which nobody needs to know, and which are the longest word of all in Spanish
const REFRESH_AGE = 30000; // milliseconds

/**
 * The age of a domain's last check, "Check now", and what the server finds by itself.
 *
 * @param {() => Object|null} getOverview mail.domain.health: overview
 * @param {{
 *  getCompanyId: () => number|false, whose Settings are open
 *  onChecked: (box: Object) => any, takes what check_now answers
 *  beforeCheck?: () => any, a check is made only if it answers with something
 * }} options
 */
export function useDomainCheck(getOverview, { getCompanyId, onChecked, beforeCheck = () => true }) {
    const component = useComponent();
    const { state, checkNow, scheduledCheck } = useCheckNow(getCompanyId);

    /** The server looks by itself at what is new or leaves on another sending path: show what it finds. */
    async function showScheduledCheck() {
        const overview = getOverview();
        if (!overview || (overview.last_check && !overview.outdated)) {
            return;
        }
        const message = overview.outdated
            ? _t("The way your mail is sent has changed since the last check. Checking again…")
            : _t("Checking for the first time…");
        const box = await scheduledCheck(overview, message);
        if (box) {
            await onChecked(box);
        }
    }

    onMounted(showScheduledCheck);
    const timer = browser.setInterval(() => component.render(), REFRESH_AGE);
    onWillDestroy(() => browser.clearInterval(timer));

    const lastCheck = () => {
        const date = getOverview()?.last_check;
        return date && deserializeDateTime(date);
    };
    return {
        state,

        get age() {
            const date = lastCheck();
            if (!date) {
                return _t("Not checked yet");
            }
            if (luxon.DateTime.now().diff(date).as("seconds") < JUST_NOW) {
                return _t("Checked just now");
            }
            return _t("Checked %s", date.toRelative());
        },

        get exactAge() {
            return lastCheck() ? toLocaleDateTimeString(lastCheck()) : "";
        },

        async checkNow() {
            if (state.busy || !(await beforeCheck())) {
                return;
            }
            const box = await checkNow(getOverview().id);
            if (box) {
                await onChecked(box);
            }
        },
    };
}
