import { Component, onMounted, onWillDestroy, onWillStart, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ContactsRelaying } from "./contacts_relaying";

const POLL_EVERY = 5000; // milliseconds, while there is something left to ask about

/** How far the look at domains of contacts is, what to agree to before it begins, and marks that wait for a decision. */
export class ContactsProgress extends Component {
    static template = "mail_domain_health.ContactsProgress";
    static components = { ContactsRelaying };
    static props = {
        onDecided: { type: Function, optional: true },
        isBanner: { type: Boolean, optional: true },
        isReadWhenSeen: { type: Boolean, optional: true },
        relaying: { type: [Object, { value: null }], optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ progress: null, busy: false });
        if (this.props.isReadWhenSeen) {
            this.readWhenSeen(useRef("waiting"));
        } else {
            onWillStart(() => this.read());
        }
        onWillDestroy(() => browser.clearTimeout(this.timer));
    }

    /** On a long page nobody waits for what stands far below. */
    readWhenSeen(waiting) {
        const observer = new IntersectionObserver((entries) => {
            if (entries.some((entry) => entry.isIntersecting)) {
                observer.disconnect();
                return this.read();
            }
        });
        onMounted(() => observer.observe(waiting.el));
        onWillDestroy(() => observer.disconnect());
    }

    get progress() {
        return this.state.progress;
    }

    get share() {
        return Math.floor((100 * this.progress.done) / this.progress.domains);
    }

    get isRunning() {
        const { request, is_neutralized, done, domains } = this.progress;
        return !request && !is_neutralized && done < domains;
    }

    /** In a list only what there is to do, or goes on, is worth a line. */
    get isShown() {
        const { request, held } = this.progress;
        return !this.props.isBanner || this.isRunning || held || (request && !request.declined);
    }

    async read() {
        this.show(await this.orm.silent.call("mail.partner.domain", "read_progress"));
    }

    show(progress) {
        this.state.progress = progress;
        browser.clearTimeout(this.timer);
        if (this.isRunning) {
            this.timer = browser.setTimeout(() => this.read(), POLL_EVERY);
        }
    }

    async decide(method, answer) {
        this.state.busy = true;
        try {
            this.show(await this.orm.call("mail.partner.domain", method, [answer]));
        } finally {
            this.state.busy = false;
        }
        this.props.onDecided?.();
    }

    openHeld() {
        return this.action.doAction("mail_domain_health.mail_partner_domain_action", {
            additionalContext: { search_default_held: 1 },
        });
    }

    openDomains() {
        return this.action.doAction("mail_domain_health.mail_partner_domain_action");
    }
}

class ContactsProgressWidget extends Component {
    static template = "mail_domain_health.ContactsProgressWidget";
    static components = { ContactsProgress };
    static props = { ...standardWidgetProps };

    get relaying() {
        return this.props.record.data.mail_domain_health?.relaying || null;
    }
}

registry.category("view_widgets").add("mail_domain_health_contacts", { component: ContactsProgressWidget });
