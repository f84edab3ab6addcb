import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A sentence of what Settings shows of the company's email domain, where it stands apart from the box. */
class BoxText extends Component {
    static template = "mail_domain_health.BoxText";
    static props = { ...standardFieldProps };

    get box() {
        return this.props.record.data[this.props.name];
    }
}

/** Who delivers the company's mail. */
export class DeliveredBy extends BoxText {
    get text() {
        return this.box?.sender?.service || _t("Not known yet");
    }
}

/** From which address it leaves, and through which server. */
export class SentThrough extends BoxText {
    get text() {
        const { service, server, from_email } = this.box?.sender || {};
        if (!service) {
            return _t("The records to publish depend on who delivers your mail.");
        }
        return _t("Your mail is sent from %(from_email)s, through %(service)s (%(server)s).", {
            from_email,
            service,
            server: server || _t("the server of Odoo's configuration file"),
        });
    }
}

/** How the scheduled check fares: when it last left nothing undone, what has waited longest, whether it gets anywhere. */
export class LastRun extends BoxText {
    get text() {
        const { last_run, oldest_check, stuck_runs } = this.box || {};
        const told = [
            last_run
                ? _t("Last complete run of the scheduled check: %s.", formatDateTime(deserializeDateTime(last_run)))
                : _t("The scheduled check has not covered all domains yet."),
        ];
        if (oldest_check) {
            told.push(_t("Oldest check of a domain: %s.", formatDateTime(deserializeDateTime(oldest_check))));
        }
        if (stuck_runs) {
            told.push(_t("Runs without progress: %s.", stuck_runs));
        }
        return told.join(" ");
    }
}

for (const [name, component] of Object.entries({
    mail_domain_health_delivered_by: DeliveredBy,
    mail_domain_health_sent_through: SentThrough,
    mail_domain_health_last_run: LastRun,
})) {
    registry.category("fields").add(name, { component, supportedTypes: ["json"] });
}
