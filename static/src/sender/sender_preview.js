import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Sentence } from "../sentence/sentence";

/** What a change of the default sender address does, before it is done (display/sender_preview.py). */
export class SenderPreview extends Component {
    static template = "mail_domain_health.SenderPreview";
    static components = { Sentence };
    static props = { ...standardFieldProps };

    get preview() {
        return this.props.record.data[this.props.name];
    }

    shared(change) {
        return _t("This is also used by %s.", change.shared.join(", "));
    }
}

registry.category("fields").add("mail_domain_health_sender_preview", {
    component: SenderPreview,
    displayName: _t("Preview of the Default Sender Address"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
});
