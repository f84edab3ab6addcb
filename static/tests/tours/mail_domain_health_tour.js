import { registry } from "@web/core/registry";
import { REPORT, addRecord, copy, deleteNewest, openPanel, openZone, outside, publish, switchHabitOn } from "./dns_panel";

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

/** Count what a person clicks and types: every step of these that does something. */
function counted(done, steps) {
    return steps.map((step) => {
        const { content, trigger, run } = step;
        const act = (helpers) => (typeof run === "string" ? helpers[run]() : run(helpers));
        return run ? { ...step, run: (helpers) => (done.push(content || trigger), act(helpers)) } : step;
    });
}

tours.add("mail_domain_health_publish", {
    steps: () => {
        const done = [];
        let records = 0;
        return [
            { trigger: `${BOX} ${overall("fail")}` },
            ...counted(done, [
                { content: "Fix it now", ...fixItNow },
                { trigger: `${DIALOG} .o_mail_domain_health_progress:contains(0):contains(2)` },
                { trigger: `${row("TXT", "not_seen")}[data-action=replace]` },
                ...openPanel("failing.example"),
                ...publish(DIALOG, ["TXT", "replace", "@"]),
                {
                    content: "The row changes by itself",
                    trigger: row("TXT", "published"),
                    timeout: LOOKED,
                },
                { trigger: `${DIALOG} .o_mail_domain_health_progress:contains(1):contains(2)` },
                ...publish(DIALOG, ["CNAME", "create"]),
                {
                    content: "Once all are there, the domain is checked, and the end is said",
                    trigger: `${DIALOG}[data-done] .o_mail_domain_health_progress:not(:contains(2))`,
                    timeout: LOOKED,
                },
            ]),
            {
                trigger: `${row("TXT", "published")}`,
                run() {
                    records = document.querySelectorAll(`${DIALOG} .o_mail_domain_health_change`).length;
                },
            },
            { trigger: `${row("CNAME", "published")}` },
            ...counted(done, [{ content: "Close", ...closeDialog }]),
            {
                trigger: `${BOX} ${overall("pass")} .o_mail_domain_health_age`,
                run() {
                    console.log(`${done.length} clicks and fields for ${records} records: ${done.join(", ")}`);
                    if (!records || done.length > 9 * records + 2) {
                        throw new Error(`${done.length} clicks and fields for ${records} records: ${done.join(", ")}`);
                    }
                },
            },
        ];
    },
});

/** Check now, until it is done. */
const checked = {
    ...checkNow,
    async run({ click }) {
        await click();
        do {
            await new Promise((resolve) => setTimeout(resolve, 500));
        } while (!document.querySelector(`${BOX} .o_mail_domain_health_check_now[aria-disabled=false]`));
    },
};

/** One of the mistakes of tests/test_mistakes.py, which that puts into the page. */
tours.add("mail_domain_health_mistake", {
    steps: () => {
        const { habit, name, typed, said, zone, isSeen } = window.mistake;
        const record = `${DIALOG} .o_mail_domain_health_change[data-name='${name}']:not([data-action=delete])`;
        const state = isSeen ? "mistaken" : "not_seen";
        const right = { zone: "ours.example" };
        const keep = (part) => copy(record, part, (text) => (right[part] = text));
        const form = () => {
            const words = { ...right, target: right.value.replace(/\.$/, "") };
            const fill = (text) => text.replace(/\{(\w+)\}/g, (_, word) => words[word]);
            return { ...words, ...Object.fromEntries(Object.entries(typed).map(([part, text]) => [part, fill(text)])) };
        };
        return [
            fixItNow,
            {
                trigger: `${record}[data-state=not_seen]`,
                run({ anchor }) {
                    right.type = anchor.dataset.type;
                },
            },
            keep("host"),
            keep("value"),
            ...openPanel("ours.example"),
            ...(habit ? switchHabitOn(habit) : []),
            ...(zone === right.zone ? [] : openZone(zone)),
            ...addRecord(form),
            {
                content: "The row says it by itself",
                trigger: `${record}[data-state=${state}]${said.map((words) => `:contains(${words})`).join("")}`,
                timeout: LOOKED,
            },
            ...deleteNewest(),
            closeDialog,
            checked,
            fixItNow,
            { content: "The record has gone", trigger: `${record}[data-state=not_seen]` },
            closeDialog,
            ...addRecord(form),
            checked,
            fixItNow,
            {
                content: "The row says it since that check: nobody has looked again",
                trigger: record,
                run({ anchor }) {
                    const text = anchor.textContent.toLowerCase();
                    if (anchor.dataset.state !== state || said.some((words) => !text.includes(words.toLowerCase()))) {
                        throw new Error(`${said.join(" ")}: ${anchor.dataset.state}, ${anchor.textContent}`);
                    }
                },
            },
        ];
    },
});

tours.add("mail_domain_health_no_answer", {
    steps: () => [
        {
            trigger: `${BOX} ${overall("fail")}`,
            run: () => outside("stop"),
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
            trigger: `${REPORT} .o_mail_domain_health_letter summary`,
            run: "click",
        },
        { trigger: `${REPORT} .o_mail_domain_health_zone:contains(failing.example.):contains(IN TXT)` },
        {
            trigger: `${REPORT} .o_mail_domain_health_extras summary`,
            run: "click",
        },
        { trigger: `${REPORT} .o_mail_domain_health_extras .o_mail_domain_health_file:contains(version: STSv1)` },
        {
            trigger: `${REPORT} .nav-link[name=findings]`,
            run: "click",
        },
        {
            content: "What a record would end leads to the record",
            trigger: ".o_mail_domain_health_finding .o_mail_domain_health_remedy_button:contains(Show the Record)",
            run: "click",
        },
        { trigger: `${DIALOG} .o_mail_domain_health_change[data-action=replace]` },
        closeDialog,
        {
            trigger: "body:not(:has(.modal)) .o_mail_domain_health_finding button:contains(Mute)",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit It is known" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
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
        { trigger: ".o_mail_domain_health_spf_tree:contains(Questions to DNS: 1 of at most 10.)" },
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
        { trigger: ".o_mail_domain_health_chosen_day .o_mail_domain_health_published:contains(v=spf1)" },
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
                anchor.value = await outside("mail");
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
