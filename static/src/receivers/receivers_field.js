import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { pathAction } from "../path/path_action";
import { RecordText } from "../record_text/record_text";
import { Sentence } from "../sentence/sentence";

/** What receivers said of real mail: why they refused it, how often, and the newest text of each. */
export class ReceiversField extends Component {
    static template = "mail_domain_health.ReceiversField";
    static components = { RecordText, Sentence };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get said() {
        return this.props.record.data[this.props.name];
    }

    day(date) {
        return formatDate(deserializeDate(date));
    }

    openPath(pathId) {
        return this.action.doAction(pathAction(pathId));
    }
}

registry.category("fields").add("mail_domain_health_receivers", {
    component: ReceiversField,
    displayName: _t("Rejections"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
});
