import { browser } from "@web/core/browser/browser";

// Settings, which a report is opened from, are a form as well, and show the same cards until the report is there.
export const REPORT = ".o_form_view:not(.o-settings-form-view)";

/** The test's own stand-ins for the outside world, see fetch_proxy in tests/panel_common.py. */
export async function outside(page) {
    return (await fetch(`http://dns-panel.test/${page}`)).text();
}

// From "body" on, for tours take nothing else for above a dialog.
const PANEL = "body #dns_panel";
const NEWEST = { trigger: `${PANEL} tr[data-new]` };
const ADD = `${PANEL} form:has(input[name=action][value=add])`;

/**
 * Show a page of the demo's DNS panel, as that server answers it, beside Odoo's page. Its links and forms do what they
 * would do in a window of their own: what stands in the fields is sent as the browser writes it.
 */
async function visit(address, request) {
    const response = await fetch(address, request);
    if (response.type === "opaqueredirect") {
        return visit(document.querySelector("#dns_panel").dataset.address); // done: the page where the form is, anew
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    let panel = document.querySelector("#dns_panel");
    if (!panel) {
        panel = document.createElement("div");
        panel.id = "dns_panel";
        panel.style = "position: fixed; inset: 50% 0 0 0; z-index: 9999; overflow: auto; background: white; color: black";
        panel.addEventListener("click", (ev) => {
            const link = ev.target.closest("a");
            if (link) {
                ev.preventDefault();
                visit(new URL(link.getAttribute("href"), panel.dataset.address));
            }
        });
        panel.addEventListener("submit", (ev) => {
            ev.preventDefault();
            const { target: form, submitter } = ev;
            visit(new URL(form.getAttribute("action"), panel.dataset.address), {
                method: form.method,
                body: new URLSearchParams(new FormData(form, submitter)),
                redirect: "manual", // a tour's browser forgets the origin when it follows one
            });
        });
        document.body.append(panel);
    }
    const rows = () => [...panel.querySelectorAll("tbody tr")];
    const known = rows().map((row) => row.textContent);
    panel.dataset.address = response.url;
    panel.replaceChildren(...page.body.childNodes);
    rows().forEach((row) => known.includes(row.textContent) || (row.dataset.new = true));
}

export function openPanel(zone) {
    return [
        {
            content: "Open the DNS panel",
            trigger: "body",
            run: async () => visit(await outside("panel")),
        },
        ...openZone(zone).slice(1),
    ];
}

export function openZone(zone) {
    return [
        { trigger: `${PANEL} header a`, run: "click" },
        { trigger: `${PANEL} a:contains(/^${zone}$/)`, run: "click" },
        { trigger: `${PANEL} h1:contains(/^${zone}$/)` },
    ];
}

export function switchHabitOn(habit) {
    return [
        { trigger: `${PANEL} form:has(input[value=${habit}]) button:contains(Switch on)`, run: "click" },
        { trigger: `${PANEL} form:has(input[value=${habit}]) button:contains(Switch off)` },
    ];
}

/** @param {() => {type: string, host: string, value: string}} getForm is asked when it is typed */
export function addRecord(getForm) {
    return [
        { trigger: `${ADD} select[name=type]`, run: ({ select }) => select(getForm().type) },
        { trigger: `${ADD} input[name=host]`, run: ({ edit }) => edit(getForm().host) },
        { trigger: `${ADD} textarea[name=value]`, run: ({ edit }) => edit(getForm().value) },
        { trigger: `${ADD} button`, run: "click" },
        NEWEST,
    ];
}

function replaceRecord(type, host, getValue) {
    const change = `${PANEL} details:has(summary[aria-label='Change the ${type} record at ${host}'])`;
    return [
        { trigger: `${change} summary`, run: "click" },
        { trigger: `${change}[open] textarea`, run: ({ edit }) => edit(getValue()) },
        { trigger: `${change} button`, run: "click" },
        NEWEST,
    ];
}

/** Delete the record that was entered last. */
export function deleteNewest() {
    return [
        { trigger: `${NEWEST.trigger} button[aria-label^=Delete]`, run: "click" },
        { trigger: `${PANEL}:not(:has(tr[data-new])):not(:has([role=alert]))` },
    ];
}

/** Press the button that copies a part of a record; `keep` is called with what it copied. */
export function copy(row, part, keep) {
    return {
        content: `Copy the ${part}`,
        trigger: `${row} .o_mail_domain_health_copy_${part}`,
        async run({ click }) {
            let copied = "";
            const { clipboard } = browser.navigator; // which asks a person before it is read
            clipboard.writeText = async (text) => void (copied = text);
            await click();
            delete clipboard.writeText;
            if (!copied) {
                throw new Error(`Nothing was copied as the ${part}`);
            }
            keep(copied);
        },
    };
}

/**
 * Copy what a row says to be published, and enter it in the panel, which is open.
 *
 * @param {string} root where the rows are
 * @param {[string, string, string][]} records type, action ("create" or "replace") and host of each
 */
export function publish(root, ...records) {
    return records.flatMap(([type, action, host]) => {
        const row = `${root} .o_mail_domain_health_change[data-type=${type}][data-action=${action}]`;
        const form = { type };
        const copied = (part) => copy(row, part, (text) => (form[part] = text));
        return action === "replace"
            ? [copied("value"), ...replaceRecord(type, host, () => form.value)]
            : [copied("host"), copied("value"), ...addRecord(() => form)];
    });
}
