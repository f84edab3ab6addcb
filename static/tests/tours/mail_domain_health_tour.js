import { registry } from "@web/core/registry";
import { PANEL_STEPS, REPORT, enterInPanel, panel } from "./dns_panel";

const tours = registry.category("web_tour.tours");
const BOX = ".o_mail_domain_health_box";
const area = (name, state) => `.o_mail_domain_health_area[data-area=${name}][data-state=${state}]`;
const overall = (state) => `.o_mail_domain_health_overview[data-state=${state}]`;

const checkNow = {
    content: "Check now",
    trigger: `${BOX} .o_mail_domain_health_check_now:enabled`,
    run: "click",
};

const openReport = {
    trigger: `${BOX} .o_mail_domain_health_report`,
    run: "click",
};

function expectNoMarkup(root) {
    if (root.querySelector(".o_mail_domain_health_record img, .o_mail_domain_health_record b")) {
        throw new Error("Markup from DNS became an element");
    }
}

const DIALOG = ".modal .o_mail_domain_health_fix_it";
const LOOKED = 40000; // milliseconds within which the page has looked by itself, twice
const row = (type, state) => `${DIALOG} .o_mail_domain_health_change[data-type=${type}][data-state=${state}]`;
const fixItNow = {
    trigger: `${BOX} .o_mail_domain_health_fix_it_now`,
    run: "click",
};
const closeDialog = {
    trigger: ".modal .o_mail_domain_health_close",
    run: "click",
};

/** What a person clicks and types until all is green: at most 9 for each record, and 2 besides. */
function countedSteps() {
    const done = [];
    const counted = (step) => {
        const { run } = step;
        return { ...step, run: (helpers) => (done.push(step.content), run === "click" ? helpers.click() : run(helpers)) };
    };
    const publish = (type, action, parts) => [
        ...parts.map((part) =>
            counted({
                content: `Copy the ${part}`,
                trigger: `${DIALOG} .o_mail_domain_health_change[data-type=${type}][data-action=${action}] button[aria-label='Copy the ${part}']`,
                run: "click",
            })
        ),
        {
            content: "Enter it in the DNS panel",
            trigger: `${DIALOG} .o_mail_domain_health_change[data-type=${type}][data-action=${action}]`,
            run({ anchor }) {
                done.push(...PANEL_STEPS[action]);
                return enterInPanel([anchor]);
            },
        },
    ];
    return { done, counted, publish };
}

tours.add("mail_domain_health_publish", {
    steps: () => {
        const { done, counted, publish } = countedSteps();
        return [
            { trigger: `${BOX} ${overall("fail")}` },
            counted({ content: "Fix it now", ...fixItNow }),
            { trigger: `${DIALOG} .o_mail_domain_health_progress:contains(0 of 2 records published)` },
            { trigger: `${row("TXT", "not_seen")}:contains(Replace, do not add)` },
            ...publish("TXT", "replace", ["value"]),
            {
                content: "The row changes by itself",
                trigger: row("TXT", "published"),
                timeout: LOOKED,
            },
            { trigger: `${DIALOG} .o_mail_domain_health_progress:contains(1 of 2 records published)` },
            ...publish("CNAME", "create", ["host", "value"]),
            {
                content: "Once all are there, the domain is checked, and the end is said",
                trigger: `${DIALOG}[data-done] .o_mail_domain_health_progress:contains(Receivers can verify your mail)`,
                timeout: LOOKED,
            },
            { trigger: `${row("TXT", "published")}` },
            { trigger: `${row("CNAME", "published")}` },
            counted({ content: "Close", ...closeDialog }),
            {
                trigger: `${BOX} ${overall("pass")} .o_mail_domain_health_age:contains(just now)`,
                run() {
                    if (done.length > 9 * 2 + 2) {
                        throw new Error(`${done.length} clicks and fields for 2 records: ${done.join(", ")}`);
                    }
                },
            },
        ];
    },
});

/** What people get wrong, on both rows at once: [host, type, how a zone file has it, what the row says]. */
const SPF_VALUE = "v=spf1 include:_spf.odoo.com include:_spf.google.com ~all";
const OLD_SPF = '"v=spf1 include:_spf.google.com ~all"';
const TARGET = "odoo._domainkey.odoo.com";
const MISTAKES = [
    [
        ["@", "TXT", `"\\"${SPF_VALUE}\\""`, "with quotation marks around it"],
        ["odoo._domainkey.failing.example", "CNAME", `${TARGET}.`, "Enter only odoo._domainkey there"],
    ],
    [
        ["@", "TXT", `"\\226\\128\\156${SPF_VALUE}\\226\\128\\157"`, "typographic quotation marks"],
        ["odoo._domainkey", "TXT", `"${TARGET}"`, "Choose CNAME as the type"],
    ],
    [
        ["@", "TXT", `" ${SPF_VALUE}"`, "with a space before it"],
        ["odoo._domainkey", "CNAME", TARGET, "with a dot at the end"],
    ],
    [
        ["failing.example", "TXT", `"${SPF_VALUE}"`, "found at failing.example.failing.example"],
        ["odoo._domainkey", "A", "198.51.100.7", "the proxy"],
    ],
];

tours.add("mail_domain_health_mistake", {
    steps: () => [
        fixItNow,
        { trigger: `${DIALOG} .o_mail_domain_health_progress:contains(0 of 2 records published)` },
        ...MISTAKES.flatMap((mistakes) => [
            {
                content: `Mistaken: ${mistakes.map(([, , rdata]) => rdata).join(", ")}`,
                trigger: DIALOG,
                async run() {
                    for (const [host, type, value] of mistakes) {
                        await panel("put", { host, type, value });
                    }
                },
            },
            ...mistakes.map(([, , , mend], number) => ({
                content: mend,
                trigger: `${row(["TXT", "CNAME"][number], "mistaken")} .o_mail_domain_health_outcome:contains(/${mend}/i)`,
                timeout: LOOKED,
            })),
            {
                content: "Taken back",
                trigger: DIALOG,
                async run() {
                    for (const [host, type] of mistakes) {
                        await panel("put", { host, type, value: host === "@" ? OLD_SPF : "" });
                    }
                },
            },
        ]),
        {
            content: "The right one beside the old one",
            trigger: DIALOG,
            run: () => panel("add", { host: "@", type: "TXT", value: SPF_VALUE }),
        },
        {
            trigger: `${row("TXT", "mistaken")} .o_mail_domain_health_outcome:contains(Delete this one)`,
            timeout: LOOKED,
        },
        {
            content: "Mended",
            trigger: `${DIALOG} .o_mail_domain_health_change[data-type=CNAME]`,
            run: ({ anchor }) => enterInPanel([anchor]),
        },
        { trigger: row("CNAME", "published"), timeout: LOOKED },
        closeDialog,
        openReport,
        { trigger: `${REPORT} .o_mail_domain_health_change[data-type=CNAME][data-state=published]` },
        {
            trigger: `${REPORT} .o_mail_domain_health_letter summary`,
            run: "click",
        },
        { trigger: `${REPORT} .o_mail_domain_health_zone:contains(failing.example. 3600 IN TXT)` },
        {
            trigger: `${REPORT} .o_mail_domain_health_extras summary`,
            run: "click",
        },
        { trigger: `${REPORT} .o_mail_domain_health_extras .o_mail_domain_health_file:contains(version: STSv1)` },
    ],
});

tours.add("mail_domain_health_no_answer", {
    steps: () => [
        {
            trigger: `${BOX} ${overall("fail")}`,
            run: () => panel("stop"),
        },
        checkNow,
        {
            trigger: `${BOX} ${area("spf", "unknown")} button`,
            timeout: 30000,
            run: "click",
        },
        { trigger: `${BOX} .o_mail_domain_health_area_text[data-area=spf]:contains(did not answer)` },
        { trigger: `${BOX} .o_mail_domain_health_known:contains(/Last known: .*Rejected or filed as spam \\(/)` },
        openReport,
        {
            trigger: `${REPORT} .nav-link[name=records]`,
            run: "click",
        },
        { trigger: ".o_mail_domain_health_as_of:contains(as of)" },
    ],
});

tours.add("mail_domain_health_report", {
    steps: () => [
        openReport,
        { trigger: `${REPORT} ${overall("fail")} .o_mail_domain_health_name:contains(failing.example)` },
        { trigger: `${REPORT} .o_mail_domain_health_change[data-action=replace]` },
        {
            trigger: `${REPORT} .nav-link[name=findings]`,
            run: "click",
        },
        {
            trigger: ".o_mail_domain_health_finding button:contains(Mute)",
            run: "click",
        },
        {
            trigger: ".o_mail_domain_health_finding .o_mail_domain_health_muted",
        },
        {
            trigger: ".o_mail_domain_health_finding button:contains(Unmute)",
            run: "click",
        },
        { trigger: ".o_mail_domain_health_findings:not(:has(.o_mail_domain_health_muted))" },
        {
            trigger: `${REPORT} .nav-link[name=records]`,
            run: "click",
        },
        { trigger: ".o_mail_domain_health_seen:contains(include:_spf.google.com)" },
        { trigger: ".o_mail_domain_health_spf_tree:contains(Receivers look up 1 of at most 10.)" },
        {
            content: "What is included can be folded",
            trigger: ".o_mail_domain_health_spf_tree details[open] summary:contains(include:_spf.google.com):contains(1/10)",
            run: "click",
        },
        { trigger: ".o_mail_domain_health_spf_tree details:not([open])" },
        {
            trigger: `${REPORT} .nav-link[name=uses]`,
            run: "click",
        },
        { trigger: ".o_mail_domain_health_use:contains(Odoo)" },
        { trigger: ".o_mail_domain_health_step[data-policy=reject]:contains(You are here)" },
        {
            trigger: `${REPORT} .nav-link[name=parameters]`,
            run: "click",
        },
        { trigger: ".o_mail_domain_health_parameter:contains(mail.catchall.domain):contains(no effect)" },
        {
            trigger: `${REPORT} .nav-link[name=history]`,
            run: "click",
        },
        {
            content: "A day of the strip shows what changed on it",
            trigger: ".o_mail_domain_health_day.o_changed[data-state=fail]",
            run: "click",
        },
        { trigger: ".o_mail_domain_health_chosen_day .o_mail_domain_health_domain_change:contains(Rejected or filed as spam)" },
        {
            trigger: ".o_field_widget[name=check_ids] .o_data_row td[name=date]",
            run: "click",
        },
        { trigger: ".modal .o_mail_domain_health_domain_change" },
        { trigger: ".modal .o_field_widget[name=records_text]:contains(v=spf1)" },
        {
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "A check from the report shows its result there",
            trigger: `${REPORT} .o_mail_domain_health_check_now:enabled`,
            run: "click",
        },
        { trigger: `${REPORT} ${overall("fail")} .o_mail_domain_health_check_now:enabled` },
        { trigger: ".o-mail-Chatter" },
    ],
});

tours.add("mail_domain_health_company", {
    steps: () => [
        { trigger: `${BOX} ${overall("fail")} .o_mail_domain_health_name:contains(failing.example)` },
        {
            trigger: ".o_switch_company_menu button",
            run: "click",
        },
        {
            trigger: ".o_switch_company_item:contains(Healthy Company) .log_into",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: `${BOX} ${overall("pass")} .o_mail_domain_health_name:contains(healthy.example)` },
    ],
});

tours.add("mail_domain_health_look", {
    steps: () => [{ trigger: `${BOX} ${overall("fail")}` }],
});

tours.add("mail_domain_health_markup", {
    steps: () => [
        fixItNow,
        {
            trigger: `${DIALOG} .o_mail_domain_health_change .o_mail_domain_health_old:contains(<img)`,
            run() {
                expectNoMarkup(document);
            },
        },
        closeDialog,
        openReport,
        {
            trigger: `${REPORT} .nav-link[name=findings]`,
            run: "click",
        },
        {
            trigger: ".o_mail_domain_health_findings:contains(<img)",
            run() {
                expectNoMarkup(document);
            },
        },
        {
            trigger: `${REPORT} .nav-link[name=records]`,
            run: "click",
        },
        {
            trigger: ".o_mail_domain_health_seen:contains(<img)",
            run() {
                expectNoMarkup(document);
            },
        },
        {
            trigger: `${REPORT} .nav-link[name=history]`,
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=check_ids] .o_data_row td[name=date]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=records_text]:contains(<img)",
            run() {
                if (document.querySelector(".o_field_widget[name=records_text] img")) {
                    throw new Error("Markup from DNS became an element");
                }
            },
        },
    ],
});

tours.add("mail_domain_health_menu", {
    steps: () => [
        { trigger: BOX },
        {
            trigger: ".o_menu_sections [data-menu-xmlid='mail_domain_health.mail_domain_health_menu_root']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='mail_domain_health.mail_domain_health_menu']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(failing.example) td[name=display_name]",
            run: "click",
        },
        { trigger: `${REPORT} ${overall("fail")}` },
    ],
});

tours.add("mail_domain_health_unsaved", {
    steps: () => [
        { trigger: `${BOX} ${overall("fail")}` },
        {
            trigger: ".o_field_widget[name=alias_domain_id] input",
            run: "edit another",
        },
        {
            trigger: ".o_field_widget[name=alias_domain_id] .dropdown-item:contains(another.example)",
            run: "click",
        },
        { trigger: `${BOX} .o_mail_domain_health_unsaved:contains(another.example)` },
        checkNow,
        { trigger: `${BOX} ${overall("fail")} .o_mail_domain_health_age:contains(just now)` },
        { trigger: `${BOX} .o_mail_domain_health_name:contains(failing.example)` },
        {
            trigger: ".o_form_button_cancel, .o_control_panel button:contains(Discard)",
            run: "click",
        },
        { trigger: `${BOX}:not(:has(.o_mail_domain_health_unsaved))` },
    ],
});

/** Answers with what the mail program of the person who received the mail shows as its source. */
async function receivedMail() {
    return (await fetch("http://dns-panel.test/mail")).text();
}

tours.add("mail_domain_health_arrival", {
    steps: () => [
        { trigger: `${BOX} ${area("spf", "unknown")}` },
        openReport,
        {
            trigger: `${REPORT} ${area("dkim", "unknown")} .o_mail_domain_health_prove`,
            run: "click",
        },
        {
            content: "What is no mail gets a sentence that names the field, and nothing is lost",
            trigger: ".modal .o_field_widget[name=mail_text] textarea",
            run: "edit Dear customer, here is your quotation.",
        },
        { trigger: ".modal button[name=action_read]", run: "click" },
        { trigger: ".o_error_dialog:contains(Email: Only the text of the email is here)" },
        { trigger: ".o_error_dialog .modal-footer button.btn-primary", run: "click" },
        { trigger: "body:not(:has(.o_error_dialog))" },
        {
            content: "Paste the whole mail",
            trigger: ".modal .o_field_widget[name=mail_text] textarea",
            async run({ anchor }) {
                if (!anchor.value.includes("your quotation")) {
                    throw new Error("What was typed is lost");
                }
                anchor.value = await receivedMail();
                anchor.dispatchEvent(new Event("input", { bubbles: true }));
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: ".modal button[name=action_read]", run: "click" },
        { trigger: ".modal .o_mail_domain_health_arrival:contains(192.0.2.10)" },
        { trigger: ".modal .o_field_widget[name=keep_egress] input:checked" },
        { trigger: ".modal button[name=action_keep]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "Check now",
            trigger: `${REPORT} .o_mail_domain_health_check_now:enabled`,
            run: "click",
        },
        { trigger: `${REPORT} ${overall("pass")}` },
        { trigger: `${REPORT} ${area("spf", "pass")}` },
        { trigger: `${REPORT} .nav-link[name=learned]`, run: "click" },
        { trigger: `${REPORT} .o_field_widget[name=observation_ids] .o_data_row:contains(192.0.2.10)` },
        { trigger: `${REPORT} .o_field_widget[name=observation_ids] button[name=action_forget]`, run: "click" },
        { trigger: ".modal .modal-footer button.btn-primary", run: "click" },
        { trigger: "body:not(:has(.nav-link[name=learned]:visible))" },
    ],
});
