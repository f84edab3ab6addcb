import { _t } from "@web/core/l10n/translation";

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
