// Settings, which a report is opened from, are a form as well, and show the same cards until the report is there.
export const REPORT = ".o_form_view:not(.o-settings-form-view)";

/** The test stands in for the DNS host's panel, see fetch_proxy in test_tours.py. */
export function panel(page, form = {}) {
    return fetch(`http://dns-panel.test/${page}?${new URLSearchParams(form)}`);
}

export function text(element, selector) {
    return element.querySelector(selector)?.textContent.trim() || "";
}

/** Read one record, or all of them, from the page and enter it in the DNS panel. */
export async function enterInPanel(cards) {
    for (const change of cards) {
        const { action, type } = change.dataset;
        const host = text(change, ".o_mail_domain_health_host");
        const value = text(change, ".o_mail_domain_health_value");
        if (action === "replace") {
            await panel("delete", { host, type, value: text(change, ".o_mail_domain_health_old") });
        }
        await panel(action === "delete" ? "delete" : "add", { host, type, value });
    }
}
