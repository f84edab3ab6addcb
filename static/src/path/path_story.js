import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { reportAction } from "../overview/report_action";
import { Sentence } from "../sentence/sentence";
import { StateBadge, StateIcon } from "../state/state";

/** One sending path, told: who sends as what, what each protocol makes of it, what the receiver does. */
export class PathStoryField extends Component {
    static template = "mail_domain_health.PathStoryField";
    static components = { Sentence, StateBadge, StateIcon };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get story() {
        return this.props.record.data[this.props.name];
    }

    openReport() {
        return this.action.doAction(reportAction(this.story.publish.id));
    }
}

registry.category("fields").add("mail_domain_health_path_story", {
    component: PathStoryField,
    displayName: _t("Sending Path"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
});
