import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const DOUBLE_CLICK = 500; // milliseconds

/** The action that opens the full report of a domain. */
export function reportAction(domainId) {
    return {
        type: "ir.actions.act_window",
        name: _t("Email Domain"),
        res_model: "mail.domain.health",
        res_id: domainId,
        views: [[false, "form"]],
    };
}

/** A function that opens the full report of a domain; a double click opens it once. */
export function useOpenReport() {
    const action = useService("action");
    let opened = null;
    return (domainId) => {
        if (opened === domainId) {
            return null;
        }
        opened = domainId;
        browser.setTimeout(() => {
            opened = null;
        }, DOUBLE_CLICK);
        return action.doAction(reportAction(domainId));
    };
}
