import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { pathAction } from "../path/path_action";
import { RecordText } from "../record_text/record_text";
import { StateBadge } from "../state/state";

/** What receivers are asked to do with mail that fails: the steps, where the domain stands, and what the next one needs. */
export class DmarcLadderField extends Component {
    static template = "mail_domain_health.DmarcLadderField";
    static components = { RecordText, StateBadge };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get ladder() {
        return this.props.record.data[this.props.name];
    }

    get met() {
        return _t("Met");
    }

    get unmet() {
        return _t("Not met yet");
    }

    /** Whether people write from the domain, to mailing lists too. */
    async answer(writes) {
        await this.props.record.update({ writes_to_lists: writes });
        await this.props.record.save();
    }

    openPath(pathId) {
        return this.action.doAction(pathAction(pathId));
    }
}

registry.category("fields").add("mail_domain_health_dmarc_ladder", {
    component: DmarcLadderField,
    displayName: _t("Steps of DMARC"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
});
