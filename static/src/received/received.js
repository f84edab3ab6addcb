import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { deserializeDate, toLocaleDateString } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Sentence } from "../sentence/sentence";

/** The colors of outcomes. What is not verified is seldom yours: none of them is red. */
const COLORS = { passed: "#28a745", delivered: "#ffac00", quarantined: "#8f6fc1", rejected: "#6c757d" };
const BADGES = { yours: "text-bg-success", through: "text-bg-warning", unknown: "text-bg-warning" };

/** What receivers report of a domain's mail: day by day, and where it came from. */
export class Received extends Component {
    static template = "mail_domain_health.Received";
    static components = { Sentence };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.state = useState({ received: null, busy: false });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            (canvas, received) => {
                if (canvas && received?.days.length) {
                    const chart = this.draw(canvas, received);
                    return () => chart.destroy();
                }
            },
            () => [this.canvas.el, this.state.received]
        );
    }

    call(method, ...values) {
        return this.orm.call("mail.domain.health", method, [[this.props.record.resId], ...values]);
    }

    async load() {
        this.state.received = await this.call("read_received");
    }

    draw(canvas, { days, outcomes }) {
        const scheme = cookie.get("color_scheme");
        const text = getCustomColor(scheme, "#111827", "#E4E4E4");
        const grid = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
        const used = outcomes.filter(({ counts }) => counts.some(Boolean));
        return new Chart(canvas, {
            type: "bar",
            data: {
                labels: days.map((day) => toLocaleDateString(deserializeDate(day))),
                datasets: used.map(({ key, label, counts }) => ({ label, data: counts, backgroundColor: COLORS[key] })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                onClick: (_ev, elements) => elements.length && this.openDay(days[elements[0].index]),
                interaction: { mode: "index", intersect: false },
                plugins: { legend: { position: "bottom", labels: { color: text } } },
                scales: {
                    x: { stacked: true, grid: { display: false }, ticks: { color: text, maxRotation: 0, autoSkipPadding: 16 } },
                    y: { stacked: true, beginAtZero: true, grid: { color: grid }, ticks: { color: text, precision: 0 } },
                },
            },
        });
    }

    number(value) {
        return formatInteger(value);
    }

    share(value, source) {
        return `${Math.floor((1000 * value) / source.messages) / 10} %`;
    }

    badge(source) {
        return BADGES[source.kind] || "text-bg-300";
    }

    /** The busiest days are told in words, too: a chart is nothing to whoever does not see it. */
    get worst() {
        const { days, outcomes } = this.state.received;
        const failed = days.map((day, index) => ({
            day,
            label: toLocaleDateString(deserializeDate(day)),
            counts: outcomes.map(({ counts }) => counts[index]),
        }));
        return failed.filter(({ counts }) => counts.some(Boolean)).reverse();
    }

    async decide(source, decision) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.call("decide_source", source.place, decision);
            await this.props.record.load();
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }

    async openSource(source) {
        return this.action.doAction(await this.call("action_open_source", source.place, source.kind));
    }

    async openDay(day) {
        return this.action.doAction(await this.call("action_open_volume", day));
    }

    async openAll() {
        return this.action.doAction(await this.call("action_open_volume", false));
    }
}

registry.category("view_widgets").add("mail_domain_health_received", { component: Received });
