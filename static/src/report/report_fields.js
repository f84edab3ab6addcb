import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useOpenReport } from "../overview/report_action";
import { pathAction } from "../path/path_action";
import { RecordText } from "../record_text/record_text";
import { Sentence } from "../sentence/sentence";
import { SpfTree } from "../spf_tree/spf_tree";
import { StateBadge, StateIcon } from "../state/state";

class RowsField extends Component {
    static components = { RecordText, StateBadge, StateIcon };
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }
}

/** The records as DNS published them; where it does not answer now, as it did last, with the date. */
export class RecordsSeenField extends RowsField {
    static template = "mail_domain_health.RecordsSeenField";
    static components = { RecordText, Sentence, SpfTree };

    asOf(row) {
        return row.date ? toLocaleDateTimeString(deserializeDateTime(row.date)) : "";
    }
}

/** Who sends as the domain, and how its mail fares on each sending path. */
export class UsesField extends RowsField {
    static template = "mail_domain_health.UsesField";

    setup() {
        this.action = useService("action");
    }

    openPath(pathId) {
        return this.action.doAction(pathAction(pathId));
    }
}

/** Parameters of older versions: what they are set to and what they do in this one. */
export class ParametersField extends RowsField {
    static template = "mail_domain_health.ParametersField";

    setup() {
        this.openReport = useOpenReport();
    }
}

for (const [name, component, displayName] of [
    ["mail_domain_health_records_seen", RecordsSeenField, _t("Records Seen")],
    ["mail_domain_health_uses", UsesField, _t("Sending Paths")],
    ["mail_domain_health_parameters", ParametersField, _t("System Parameters")],
]) {
    registry.category("fields").add(name, {
        component,
        displayName,
        supportedTypes: ["json"],
        additionalClasses: ["w-100"],
    });
}
