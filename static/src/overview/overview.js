import { Component, onMounted, onWillDestroy } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { StateBadge, StateIcon } from "../state/state";
import { useCheckNow } from "./check_now";

const JUST_NOW = 45; // seconds
const REFRESH_AGE = 30000; // milliseconds

/** A domain at one glance: the verdict, one sentence per protocol, its age, and "Check now". */
export class DomainOverview extends Component {
    static template = "mail_domain_health.DomainOverview";
    static components = { StateBadge, StateIcon };
    static props = {
        overview: Object, // mail.domain.health: overview
        companyId: { type: [Number, { value: false }], optional: true }, // whose Settings are open
        sentence: { type: [String, { value: null }], optional: true }, // in place of the overview's own
        onChecked: Function, // takes what check_now answers
        beforeCheck: { type: Function, optional: true },
        slots: { type: Object, optional: true },
    };

    setup() {
        this.action = useService("action");
        const { state, checkNow, scheduledCheck } = useCheckNow(() => this.props.companyId);
        this.check = state;
        this.checkDomain = checkNow;
        this.scheduledCheck = scheduledCheck;
        onMounted(() => this.showScheduledCheck());
        const timer = browser.setInterval(() => this.render(), REFRESH_AGE);
        onWillDestroy(() => browser.clearInterval(timer));
    }

    get lastCheck() {
        return this.props.overview.last_check && deserializeDateTime(this.props.overview.last_check);
    }

    get age() {
        if (!this.lastCheck) {
            return _t("Not checked yet");
        }
        if (luxon.DateTime.now().diff(this.lastCheck).as("seconds") < JUST_NOW) {
            return _t("Last checked just now");
        }
        return _t("Last checked %s", this.lastCheck.toRelative());
    }

    get exactAge() {
        return this.lastCheck ? toLocaleDateTimeString(this.lastCheck) : "";
    }

    knownSince(known) {
        return toLocaleDateTimeString(deserializeDateTime(known.date), { showSeconds: false });
    }

    /** The server looks by itself at what is new or leaves on another sending path: show what it finds. */
    async showScheduledCheck() {
        const { overview } = this.props;
        if (overview.last_check && !overview.outdated) {
            return;
        }
        const message = overview.outdated
            ? _t("The way your mail is sent has changed since the last check. Checking again…")
            : _t("Checking for the first time…");
        const box = await this.scheduledCheck(overview, message);
        if (box) {
            await this.props.onChecked(box);
        }
    }

    /** Opens the wizard that learns from one mail what DNS cannot tell. */
    onCheckReceivedMail() {
        return this.action.doAction("mail_domain_health.mail_domain_health_arrival_action", {
            additionalContext: { default_domain_id: this.props.overview.id },
        });
    }

    async onCheckNow() {
        if (this.check.busy) {
            return;
        }
        if (this.props.beforeCheck && !(await this.props.beforeCheck())) {
            return;
        }
        const box = await this.checkDomain(this.props.overview.id);
        if (box) {
            await this.props.onChecked(box);
        }
    }
}
