import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const REPORT = ".o_form_view";
const FINDINGS = ".o_mail_domain_health_findings";
const tab = (name) => [
    { trigger: `${REPORT} .nav-link[name=${name}]`, run: "click" },
    { trigger: `${REPORT} .nav-link[name=${name}].active` },
];
const done = (kind, reason) => `${REPORT} .o_field_widget[name=event_ids]:contains(${kind}):contains(${reason})`;
const closed = { trigger: "body:not(:has(.modal))" };

tours.add("mail_domain_health_mute", {
    steps: () => [
        ...tab("findings"),
        { trigger: `${FINDINGS} .o_mail_domain_health_mute:contains(Mute)`, run: "click" },
        {
            content: "Why is asked for",
            trigger: ".modal .o_field_widget[name=reason].o_required_modifier input",
            run: "edit The hosting company moves it",
        },
        { trigger: ".modal .o_field_widget[name=date]" },
        { trigger: ".modal .o_field_widget[name=ends] .o_radio_item:contains(They change or are resolved) input", run: "click" },
        { trigger: ".modal:not(:has(.o_field_widget[name=date]))" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        closed,
        {
            content: "What is muted stays visible, with who, until when and why",
            trigger: `${FINDINGS} .o_mail_domain_health_muted:contains(until it changes or is resolved):contains(The hosting company moves it)`,
        },
        ...tab("history"),
        { trigger: done("Finding muted", "The hosting company moves it") },
        ...tab("findings"),
        { trigger: `${FINDINGS} .o_mail_domain_health_mute:contains(Unmute)`, run: "click" },
        { trigger: `${FINDINGS}:not(:has(.o_mail_domain_health_muted))` },
        ...tab("history"),
        { trigger: done("Finding no longer muted", "") },
    ],
});

/** Types a day into the dialog, where one was proposed or none. */
const day = (value) => [
    { trigger: ".modal .o_field_widget[name=date] :is(button, input)", run: "click" },
    { trigger: ".modal .o_field_widget[name=date] input", run: `edit ${value} && press Tab` },
];

tours.add("mail_domain_health_mute_until_a_day", {
    steps: () => [
        ...tab("findings"),
        { trigger: `${FINDINGS} .o_mail_domain_health_mute:contains(Mute)`, run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit The old shop is switched off" },
        ...day("01/01/2020"),
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "A day that is over is none",
            trigger: ".modal:contains(Choose a day from tomorrow on) .modal-footer button:contains(Close)",
            run: "click",
        },
        { trigger: "body:not(:has(.modal:contains(Choose a day from tomorrow on)))" },
        ...day("12/31/2090"),
        { trigger: ".modal button[name=action_apply]", run: "click" },
        closed,
        {
            trigger: `${FINDINGS} .o_mail_domain_health_muted:contains(2090):contains(The old shop is switched off)`,
        },
        ...tab("history"),
        { trigger: done("Finding muted", "The old shop is switched off") },
        { trigger: `${REPORT} .o_field_widget[name=event_ids] .o_kanban_record:contains(2090)` },
    ],
});

tours.add("mail_domain_health_acknowledge", {
    steps: () => [
        { content: "It broke, and there is an activity", trigger: ".o-mail-Activity:contains(broken.example)" },
        { trigger: `${REPORT} button[name=action_acknowledge]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=ends] .o_radio_item:contains(A certain day has come) input", run: "click" },
        { trigger: ".modal .o_field_widget[name=ends] .o_radio_item:contains(All is in order again) input", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit The hosting company mends it" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        closed,
        {
            trigger: `${REPORT} .o_mail_domain_health_on_it:contains(is on it):contains(The hosting company mends it)`,
        },
        { content: "The activity is gone", trigger: "body:not(:has(.o-mail-Activity:contains(broken.example)))" },
        ...tab("history"),
        { trigger: done("Somebody is on it", "The hosting company mends it") },
        { trigger: `${REPORT} button[name=action_withdraw_acknowledgement]`, run: "click" },
        { content: "Taken back, it is there again", trigger: ".o-mail-Activity:contains(broken.example)" },
        { trigger: `${REPORT} button[name=action_acknowledge]` },
        { trigger: `${REPORT}:not(:has(.o_mail_domain_health_on_it:visible))` },
    ],
});

const row = (name) => `.o_list_view .o_data_row:contains(${name})`;
const actions = (name) => [
    { trigger: ".o_cp_action_menus .dropdown-toggle:contains(Actions)", run: "click" },
    { trigger: `.o-dropdown-item:contains(/^${name}$/)`, run: "click" },
];

tours.add("mail_domain_health_acknowledge_in_bulk", {
    steps: () => [
        { trigger: row("broken.example") },
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        ...actions("I Am on It"),
        {
            content: "Of those that are chosen, the broken ones",
            trigger: ".modal .o_field_widget[name=domain_count]:contains(/^1$/)",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        closed,
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o-dropdown-item:contains(Somebody Is on It)", run: "click" },
        { trigger: `.o_list_view:not(:has(.o_data_row:contains(fine.example))) .o_data_row:contains(broken.example)` },
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        ...actions("Nobody Is on It Any More"),
        { trigger: ".o_notification:contains(Domains that nobody is on any more: 1)" },
    ],
});

tours.add("mail_domain_health_mute_in_bulk", {
    steps: () => [
        { trigger: row("broken.example") },
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        ...actions("Mute Findings"),
        {
            content: "How many is said before",
            trigger: ".modal .o_field_widget[name=finding_count]:contains(/^[1-9]/)",
        },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit All of it is known" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        closed,
        { trigger: ".o_list_view thead .o_list_record_selector input:not(:checked)", run: "click" },
        ...actions("Unmute Findings"),
        { trigger: ".o_notification:contains(/Findings no longer muted: [1-9]/)" },
    ],
});

tours.add("mail_domain_health_acknowledge_until_a_day", {
    steps: () => [
        { trigger: `${REPORT} button[name=action_acknowledge]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=ends] .o_radio_item:contains(A certain day has come) input", run: "click" },
        ...day("12/31/2090"),
        { trigger: ".modal button[name=action_apply]", run: "click" },
        closed,
        { trigger: `${REPORT} .o_mail_domain_health_on_it:contains(2090)` },
        ...tab("history"),
        { trigger: `${REPORT} .o_field_widget[name=event_ids] .o_kanban_record:contains(2090)` },
    ],
});
