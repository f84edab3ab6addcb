import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, toLocaleDateString, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
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

/** What was published on one day, and what came of it. */
export class DomainDay extends Component {
    static template = "mail_domain_health.DomainDay";
    static components = { DomainChange, RecordText, StateBadge };
    static props = { day: Object }; // display/history.py: get_day

    get title() {
        return toLocaleDateString(deserializeDate(this.props.day.date));
    }

    get period() {
        const { since, until, lasted } = this.props.day;
        return until
            ? _t("From %(since)s to %(until)s (%(lasted)s)", { since: this.when(since), until: this.when(until), lasted })
            : _t("Since %(since)s (%(lasted)s)", { since: this.when(since), lasted });
    }

    get checks() {
        return _t("Checks that found it so: %(count)s", { count: this.props.day.looks });
    }

    seenOn(record) {
        return _t("DNS did not answer. Seen last as it was on %(date)s.", { date: this.when(record.seen_on) });
    }

    when(datetime) {
        return toLocaleDateTimeString(deserializeDateTime(datetime), { showSeconds: false });
    }
}

/** The last months of a domain: a day each in its verdict's color, what was published on any day, and the periods as a table. */
export class DomainHistoryField extends Component {
    static template = "mail_domain_health.DomainHistoryField";
    static components = { DomainDay, StateBadge };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.strip = useRef("strip");
        this.lastAsked = new KeepLast();
        this.state = useState({ chosen: this.today, day: null }); // a date, and what was so on it
        useEffect(
            (history, date) => {
                if (history) {
                    this.ask(date);
                }
            },
            () => [this.history, this.state.chosen] // a check may have changed what was so today
        );
    }

    async ask(date) {
        const { resId, resModel } = this.props.record;
        this.state.day = await this.lastAsked.add(this.orm.silent.call(resModel, "read_day", [[resId], date]));
    }

    get today() {
        return this.history?.days.at(-1).date;
    }

    get history() {
        return this.props.record.data[this.props.name];
    }

    get changes() {
        return Object.fromEntries(this.history.changes.map((change) => [change.id, change]));
    }

    /** One day can be reached by Tab, the others from there by arrows. */
    isReached(day) {
        const chosen = this.history.days.find(({ date }) => date === this.state.chosen);
        return day.date === (chosen || this.history.days.at(-1)).date;
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

    /** While somebody types, a date is none yet, or one of long ago. */
    onDate(ev) {
        if (ev.target.value && ev.target.validity.valid) {
            this.state.chosen = ev.target.value;
        }
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
