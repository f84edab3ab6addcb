// Settings, which a report is opened from, are a form as well, and show the same cards until the report is there.
export const REPORT = ".o_form_view:not(.o-settings-form-view)";

/** The test stands in for the DNS host's panel, see fetch_proxy in test_tours.py. */
export function panel(page, form = {}) {
    return fetch(`http://dns-panel.test/${page}?${new URLSearchParams(form)}`);
}

export function text(element, selector) {
    return element.querySelector(selector)?.textContent.trim() || "";
}

/** How many clicks and fields a person needs for what {@link enterInPanel} does, beside those on Odoo's page. */
export const PANEL_STEPS = {
    create: ["type", "host", "value", "save"],
    replace: ["the record that is there", "value", "save"],
    delete: ["the record that is there", "delete"],
};

/** Read one record, or all of them, from the page and enter it in the DNS panel. */
export async function enterInPanel(rows) {
    for (const row of rows) {
        const { action, type } = row.dataset;
        const host = text(row, ".o_mail_domain_health_host");
        const value = text(row, ".o_mail_domain_health_value");
        if (action === "replace") {
            await panel("delete", { host, type, value: text(row, ".o_mail_domain_health_old") });
        }
        await panel(action === "delete" ? "delete" : "add", { host, type, value });
    }
}
