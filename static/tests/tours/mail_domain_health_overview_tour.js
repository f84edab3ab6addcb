import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const LIST = ".o_list_view";
const card = (name) => `.o_mail_domain_health_card[data-filter=state_${name}]`;
const count = (name, number) => `${card(name)} .o_mail_domain_health_count:contains(/^${number}$/)`;
const row = (name) => `${LIST} .o_data_row:contains(${name})`;

const checkAll = [
    { trigger: `${LIST} thead .o_list_record_selector input`, run: "click" },
    { trigger: ".o_mail_domain_health_check_selected:enabled", run: "click" },
];

tours.add("mail_domain_health_cards", {
    steps: () => [
        { content: "Every verdict has its count", trigger: count("fail", 1) },
        { trigger: count("warning", 1) },
        { trigger: count("unknown", 1) },
        { trigger: count("pass", 1) },
        { trigger: `${card("fail")}[aria-pressed=false]`, run: "click" },
        { content: "A card is a filter", trigger: `${LIST}:not(:has(.o_data_row:contains(fine.example)))` },
        { trigger: row("failing.example") },
        { content: "The counts stay", trigger: count("pass", 1) },
        { trigger: `${card("fail")}[aria-pressed=true]` },
        { content: "Another card takes its place", trigger: card("pass"), run: "click" },
        { trigger: row("fine.example") },
        { trigger: `${LIST}:not(:has(.o_data_row:contains(failing.example)))` },
        { content: "The same one again shows all", trigger: card("pass"), run: "click" },
        { trigger: row("failing.example") },
        { trigger: row("fine.example") },
        { content: "The counts follow the rest of the search", trigger: ".o_searchview_input", run: "edit failing" },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item:eq(0)", run: "click" },
        { trigger: count("fail", 1) },
        { trigger: count("pass", 0) },
        { trigger: count("unknown", 0) },
    ],
});

tours.add("mail_domain_health_bulk_check", {
    steps: () => [
        { trigger: row("d1.example") },
        ...checkAll,
        { content: "How far it is", trigger: ".o_mail_domain_health_bulk_check .progress-bar" },
        { trigger: ".o_mail_domain_health_bulk_check .progress[aria-valuenow='5']" },
        { trigger: ".o_notification:contains(Domains that were checked: 25)" },
        { trigger: "body:not(:has(.o_mail_domain_health_bulk_check))" },
        { trigger: count("pass", 24) },
    ],
});

tours.add("mail_domain_health_bulk_cancel", {
    steps: () => [
        { trigger: row("d1.example") },
        ...checkAll,
        { trigger: ".o_mail_domain_health_bulk_check button:contains(Cancel)", run: "click" },
        { trigger: ".o_notification:contains(You stopped the check)" },
        { trigger: "body:not(:has(.o_mail_domain_health_bulk_check))" },
    ],
});

tours.add("mail_domain_health_bulk_actions", {
    steps: () => [
        { trigger: `${row("failing.example")} .o_list_record_selector input`, run: "click" },
        { trigger: `${row("fine.example")} .o_list_record_selector input`, run: "click" },
        { trigger: ".o_cp_action_menus .dropdown-toggle:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown-item:contains(Text for the DNS Administrator)", run: "click" },
        {
            trigger: ".modal .o_mail_domain_health_letters",
            run() {
                const text = this.anchor.value;
                if (!text.includes("failing.example") || text.includes("fine.example")) {
                    throw new Error(`The text is not about what is to be changed: ${text}`);
                }
            },
        },
        { trigger: ".modal p:contains(Nothing is to be published for fine.example)" },
        { trigger: ".modal footer button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_cp_action_menus .dropdown-toggle:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown-item:contains(Tags and Messages)", run: "click" },
        { trigger: ".modal .o_field_widget[name=user_id] input", run: "edit Administrator" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Administrator)", run: "click" },
        { trigger: ".modal .o_field_widget[name=added_tag_ids] input", run: "edit Brand" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Brand)", run: "click" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: `body:not(:has(.modal)) ${row("failing.example")} [name=tag_ids]:contains(Brand)` },
        { trigger: `${row("fine.example")} [name=tag_ids]:contains(Brand)` },
        { trigger: `${row("failing.example")} .o_list_record_selector input`, run: "click" },
        { trigger: ".o_cp_action_menus .dropdown-toggle:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown-item:contains(/^Mute Findings/)", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit The shop moves" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

tours.add("mail_domain_health_import", {
    steps: () => [
        { trigger: row("failing.example") },
        { trigger: ".o_control_panel button:contains(Import Domains)", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: (helpers) => helpers.edit("parked.example\nhttps://shop.example/cart"),
        },
        { trigger: ".modal .o_field_widget[name=sends_nothing] input", run: "click" },
        { trigger: ".modal button[name=action_read]", run: "click" },
        { trigger: ".modal .o_field_widget[name=summary]:contains(Domains to import: 1)" },
        {
            content: "What is wrong names its line and the mend",
            trigger: ".modal .o_field_widget[name=problems]:contains(Line 2:):contains(Enter only shop.example.)",
        },
        { trigger: ".modal button[name=action_import]", run: "click" },
        { trigger: ".modal .o_field_widget[name=summary]:contains(Imported: 1)" },
        {
            content: "What could not be taken is still there, to be mended",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run() {
                if (this.anchor.value !== "https://shop.example/cart") {
                    throw new Error(`Not the rest: ${this.anchor.value}`);
                }
            },
        },
        { trigger: ".modal .o_field_widget[name=text] textarea", run: "edit shop.example" },
        { trigger: ".modal button[name=action_import]", run: "click" },
        { trigger: `body:not(:has(.modal)) ${row("shop.example")}` },
        { trigger: row("parked.example") },
    ],
});

tours.add("mail_domain_health_history", {
    steps: () => [
        { trigger: ".o_graph_view .o_graph_renderer canvas" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot_view .o_pivot_cell_value:contains(/^1$/)" },
        { trigger: ".o_pivot_view th:contains(Rejected or filed as spam)" },
    ],
});
