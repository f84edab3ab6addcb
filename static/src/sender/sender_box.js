import { Component, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useUnfolded } from "../settings_box/folds";

const WIZARD = "mail.sender.address";

/** What can be done about system parameters of older versions that Odoo does not read. */
export class LegacySender extends Component {
    static template = "mail_domain_health.LegacySender";
    static props = { isConvertible: Boolean, isHonored: Boolean };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ busy: false });
    }

    async convert() {
        return this.action.doAction(await this.orm.call(WIZARD, "action_convert_parameters", []));
    }

    honor() {
        return this.confirm(
            _t(
                "From now on, the parameters decide which address every company's mail is sent from. Bounces then go to " +
                    "that address instead of to Odoo, which no longer learns of addresses that do not exist."
            ),
            _t("Honor them"),
            "honor_parameters"
        );
    }

    remove() {
        return this.confirm(
            this.props.isHonored
                ? _t("From now on, Odoo's own settings decide which address mail is sent from. The values stay in the chatter of the email domain.")
                : _t("Mail is sent as before. The values stay in the chatter of the email domain."),
            _t("Remove them"),
            "remove_parameters"
        );
    }

    confirm(body, confirmLabel, method) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("System Parameters"),
            body,
            confirmLabel,
            cancel: () => {},
            confirm: async () => {
                this.state.busy = true;
                try {
                    await this.orm.call(WIZARD, method, []);
                    await this.action.doAction({ type: "ir.actions.client", tag: "reload" });
                } finally {
                    this.state.busy = false;
                }
            },
        });
    }
}

/** As which address the company's mail leaves, with examples. About what is saved, like the box above it. */
export class SenderBox extends Component {
    static template = "mail_domain_health.SenderBox";
    static components = { LegacySender };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ box: null });
        useUnfolded(useRef("root"), async () => {
            this.state.box = await this.orm.call(WIZARD, "read_box", []);
        });
    }

    /** display/sender_box.py: sender_box, of the company that Settings are open for; null until it is unfolded */
    get box() {
        return this.state.box;
    }

    async change() {
        return this.action.doAction(await this.orm.call(WIZARD, "action_open", []));
    }
}

registry.category("view_widgets").add("mail_domain_health_sender_box", { component: SenderBox });
