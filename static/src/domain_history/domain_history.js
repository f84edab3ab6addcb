import { Component, useRef, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, toLocaleDateString, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { RecordText } from "../record_text/record_text";
import { StateBadge } from "../state/state";

/** What one look found other than the look before: verdicts and records, old and new. */
export class DomainChange extends Component {
    static template = "mail_domain_health.DomainChange";
    static components = { RecordText, StateBadge };
    static props = { change: Object }; // display/history.py: get_change

    get when() {
        return toLocaleDateTimeString(deserializeDateTime(this.props.change.date), { showSeconds: false });
    }
}

/** The last months of a domain: a day each in its verdict's color, what changed on it, and the periods as a table. */
export class DomainHistoryField extends Component {
    static template = "mail_domain_health.DomainHistoryField";
    static components = { DomainChange, StateBadge };
    static props = { ...standardFieldProps };

    setup() {
        this.strip = useRef("strip");
        this.state = useState({ chosen: null }); // the date of a day
    }

    get history() {
        return this.props.record.data[this.props.name];
    }

    get changes() {
        return Object.fromEntries(this.history.changes.map((change) => [change.id, change]));
    }

    get chosen() {
        return this.history.days.find((day) => day.date === this.state.chosen);
    }

    /** One day can be reached by Tab, the others from there by arrows. */
    isReached(day) {
        return day.date === (this.chosen || this.history.days.at(-1)).date;
    }

    changesOf(day) {
        return day.changes.map((id) => this.changes[id]).reverse();
    }

    dayOf(day) {
        return toLocaleDateString(deserializeDate(day.date));
    }

    /** What the day comes to in words, for hovering and for whoever does not see it. */
    titleOf(day) {
        const title = _t("%(day)s: %(verdict)s", { day: this.dayOf(day), verdict: day.label });
        const lines = this.changesOf(day).flatMap((change) => [
            ...change.verdicts.map(({ title, old, new: now }) =>
                old
                    ? _t("%(what)s: %(new)s (was: %(old)s)", { what: title, new: now, old })
                    : _t("%(what)s: %(new)s", { what: title, new: now })
            ),
            ...change.records.map(({ name, type, old, new: now }) =>
                !old
                    ? _t("Added: %(name)s %(type)s", { name, type })
                    : now
                      ? _t("Changed: %(name)s %(type)s", { name, type })
                      : _t("Removed: %(name)s %(type)s", { name, type })
            ),
        ]);
        return [title, ...lines].join("\n");
    }

    when(datetime) {
        return datetime ? toLocaleDateTimeString(deserializeDateTime(datetime), { showSeconds: false }) : _t("Now");
    }

    choose(day) {
        this.state.chosen = day.date;
    }

    onKeydown(ev) {
        const { days } = this.history;
        const at = days.findIndex((day) => this.isReached(day));
        const ahead = localization.direction === "rtl" ? -1 : 1;
        const to = { ArrowRight: at + ahead, ArrowLeft: at - ahead, Home: 0, End: days.length - 1 }[ev.key];
        if (days[to]) {
            ev.preventDefault();
            this.choose(days[to]);
            this.strip.el.children[to].focus();
        }
    }
}

/** In the form of one look: what it found other than the look before. */
export class DomainChangeField extends Component {
    static template = "mail_domain_health.DomainChangeField";
    static components = { DomainChange };
    static props = { ...standardFieldProps };

    get change() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("mail_domain_health_domain_history", {
    component: DomainHistoryField,
    displayName: _t("Email Domain History"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
});
registry.category("fields").add("mail_domain_health_change", {
    component: DomainChangeField,
    displayName: _t("Email Domain Change"),
    supportedTypes: ["json"],
    additionalClasses: ["w-100"],
});
