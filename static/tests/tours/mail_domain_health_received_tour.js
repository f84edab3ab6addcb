import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const REPORT = ".o_form_view";
const tab = (name) => [
    { trigger: `${REPORT} .nav-link[name=${name}]`, run: "click" },
    { trigger: `${REPORT} .nav-link[name=${name}].active` },
];
const UNKNOWN = '.o_mail_domain_health_source[data-place="ip:198.51.100.7"]';

tours.add("mail_domain_health_receive", {
    steps: () => [
        { trigger: `${REPORT} button[name=action_receive_reports]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=alias_name] input:value(dmarc-reports)" },
        { trigger: ".modal button[name=action_receive]", run: "click" },
        { content: "Whether mail to it arrives is not known yet", trigger: `${REPORT} button[name=action_test_report_address]` },
    ],
});

tours.add("mail_domain_health_receive_mailbox", {
    steps: () => [
        { trigger: `${REPORT} button[name=action_receive_reports]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=way] input[data-value=mailbox]", run: "click" },
        { trigger: ".modal .o_field_widget[name=fetchmail_server_id] input", run: "edit Mailbox of reports" },
        { trigger: ".modal .o-autocomplete--dropdown-item:contains(Mailbox of reports)", run: "click" },
        { trigger: ".modal .o_field_widget[name=reads] input[data-value=only]", run: "click" },
        { trigger: ".modal button[name=action_receive]:contains(Read Reports From It)", run: "click" },
        { trigger: `${REPORT} [name=report_address_text]:contains(dmarc@firm.example)` },
    ],
});

tours.add("mail_domain_health_received", {
    steps: () => [
        {
            content: "The test came back, so the address is named",
            trigger: `${REPORT} .o_field_widget[name=dmarc_report_address] input:value(dmarc-reports@reported.example)`,
        },
        { trigger: `${REPORT}:not(:has(button[name=action_test_report_address]))` },
        ...tab("uses"),
        { content: "The next step waits", trigger: ".o_mail_domain_health_evidence[data-verdict=wait]:contains(198.51.100.7)" },
        ...tab("received"),
        { content: "The days are a chart", trigger: ".o_mail_domain_health_chart canvas" },
        { trigger: '.o_mail_domain_health_source[data-kind=yours][data-place="ip:192.0.2.10"]' },
        { trigger: `${UNKNOWN}[data-kind=unknown] .o_mail_domain_health_not_mine`, run: "click" },
        { content: "Who decided is told", trigger: `${UNKNOWN}[data-kind=not_yours]:contains(Mitchell Admin)` },
        ...tab("uses"),
        { content: "The next step is proposed", trigger: ".o_mail_domain_health_evidence[data-verdict=ready]" },
        { trigger: `${REPORT}:contains(v=DMARC1; p=quarantine)` },
        ...tab("received"),
        { trigger: `${UNKNOWN} .o_mail_domain_health_open_source`, run: "click" },
        { content: "The records of that source", trigger: ".o_list_view .o_data_row:contains(198.51.100.7)" },
    ],
});

tours.add("mail_domain_health_step_taken", {
    steps: () => [
        ...tab("uses"),
        { content: "The step is confirmed", trigger: ".o_mail_domain_health_step[data-policy=quarantine][aria-current=step]" },
        { content: "And the next one waits", trigger: ".o_mail_domain_health_evidence[data-verdict=wait]" },
    ],
});
