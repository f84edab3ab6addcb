import { _t } from "@web/core/l10n/translation";

/** The action that opens one sending path. */
export function pathAction(pathId) {
    return {
        type: "ir.actions.act_window",
        name: _t("Sending Path"),
        res_model: "mail.domain.health.path",
        res_id: pathId,
        views: [[false, "form"]],
    };
}
