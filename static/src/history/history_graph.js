import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** The colors of the verdicts, as the badges have them: nothing that is in order may be red. */
const COLORS = {
    pass: "#28a745",
    warning: "#ffac00",
    fail: "#dc3545",
    unknown: "#adb5bd",
    not_needed: "#ced4da",
};

export class HistoryGraphRenderer extends GraphRenderer {
    getBarChartData() {
        return this.colored(super.getBarChartData());
    }

    getLineChartData() {
        return this.colored(super.getLineChartData());
    }

    /** Domains are counted, and there is no half of one. */
    getScaleOptions() {
        const scales = super.getScaleOptions();
        if (scales.y) {
            Object.assign(scales.y.ticks, { precision: 0, callback: (value) => this.formatValue(value) });
        }
        return scales;
    }

    colored(data) {
        const { selection } = this.model.metaData.fields.state;
        for (const dataset of data.datasets) {
            // The label of a part of several groups begins with one of them.
            const [state] = selection.find(([, label]) => dataset.label?.split(" / ").includes(label)) || [];
            if (state) {
                dataset.backgroundColor = dataset.borderColor = COLORS[state];
                dataset.pointBackgroundColor = dataset.hoverBackgroundColor = COLORS[state];
            }
        }
        return data;
    }
}

registry.category("views").add("mail_domain_health_history_graph", {
    ...graphView,
    Renderer: HistoryGraphRenderer,
});
