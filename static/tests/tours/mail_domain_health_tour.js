import { registry } from "@web/core/registry";
import { REPORT, enterInPanel, panel, text } from "./dns_panel";

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

tours.add("mail_domain_health_publish", {
    steps: () => [
        { trigger: `${BOX} ${overall("fail")}` },
        { trigger: `${BOX} ${area("spf", "fail")}` },
        { trigger: `${BOX} .o_mail_domain_health_change[data-action=replace]:contains(Replace, do not add)` },
        {
            content: "Read every record from the page and enter it in the DNS panel",
            trigger: `${BOX} .o_mail_domain_health_publication`,
            run() {
                return enterInPanel(this.anchor.querySelectorAll(".o_mail_domain_health_change"));
            },
        },
        checkNow,
        { trigger: `${BOX} ${overall("pass")} .o_mail_domain_health_age:contains(just now)` },
        { trigger: `${BOX} ${area("spf", "pass")}` },
        { trigger: `${BOX} ${area("dkim", "pass")}` },
        { trigger: `${BOX} ${area("dmarc", "pass")}` },
        { trigger: `${BOX}:not(:has(.o_mail_domain_health_change))` },
    ],
});

const SPF_CARD = ".o_mail_domain_health_change[data-action=replace][data-type=TXT]";

tours.add("mail_domain_health_check_record", {
    steps: () => [
        { trigger: `${BOX} ${area("spf", "fail")}` },
        {
            content: "Before it is published, the record is not there yet",
            trigger: `${BOX} ${SPF_CARD} .o_mail_domain_health_check_record:enabled`,
            run: "click",
        },
        { trigger: `${BOX} ${SPF_CARD} .o_mail_domain_health_outcome:contains(do not see it yet)` },
        {
            content: "Copy the record",
            trigger: `${BOX} ${SPF_CARD} button[aria-label='Copy the value']`,
            run: "click",
        },
        {
            content: "Enter it in the DNS panel",
            trigger: `${BOX} ${SPF_CARD}`,
            run() {
                return enterInPanel([this.anchor]);
            },
        },
        {
            content: "Check that record alone",
            trigger: `${BOX} ${SPF_CARD} .o_mail_domain_health_check_record:enabled`,
            run: "click",
        },
        { trigger: `${BOX} ${area("spf", "pass")}` },
        { trigger: `${BOX} .o_mail_domain_health_published:contains(TXT record at failing.example: Published)` },
        { trigger: `${BOX}:not(:has(${SPF_CARD}))` },
        {
            content: "The other record still waits",
            trigger: `${BOX} .o_mail_domain_health_change[data-type=CNAME]`,
        },
        openReport,
        {
            trigger: `${REPORT} .o_mail_domain_health_zone summary`,
            run: "click",
        },
        { trigger: `${REPORT} .o_mail_domain_health_zone:contains(odoo._domainkey.failing.example. 3600 IN CNAME)` },
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
            trigger: `${BOX} ${area("spf", "unknown")}:contains(did not answer) .o_mail_domain_health_known:contains(Last known)`,
            timeout: 30000,
        },
        { trigger: `${BOX} ${area("dmarc", "unknown")} .o_mail_domain_health_known` },
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
        {
            trigger: `${REPORT} .nav-link[name=uses]`,
            run: "click",
        },
        { trigger: ".o_mail_domain_health_use:contains(Odoo)" },
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
            trigger: ".o_field_widget[name=check_ids] .o_data_row td[name=date]",
            run: "click",
        },
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
        {
            trigger: `${BOX} .o_mail_domain_health_change .o_mail_domain_health_old:contains(<img)`,
            run() {
                expectNoMarkup(document);
            },
        },
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
