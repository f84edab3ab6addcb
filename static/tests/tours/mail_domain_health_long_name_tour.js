import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const PAGE = ".o_form_view:not(.o-settings-form-view)";

function claim(is, what) {
    if (!is) {
        throw new Error(`${window.innerWidth} pixels: ${what}`);
    }
}

/** Within the width of the screen, and nothing in front of it. */
function expectSeen(element) {
    element.scrollIntoView({ block: "center" });
    const { left, right, top, bottom, width } = element.getBoundingClientRect();
    claim(width > 5 && left >= 0 && right <= window.innerWidth + 1, `out of sight: ${element.outerHTML.slice(0, 200)}`);
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    claim(element.contains(document.elementFromPoint(x, y)), `hidden: ${element.outerHTML.slice(0, 200)}`);
}

function expectNoSidewaysScroll(selector) {
    const page = document.querySelector(selector);
    claim(page.scrollWidth <= page.clientWidth + 1, `${selector} scrolls sideways`);
}

tours.add("mail_domain_health_long_name", {
    steps: () => [
        {
            content: "In the list, or on a card",
            trigger: "[name=state] .badge",
            run: ({ anchor }) => expectSeen(anchor),
        },
        { trigger: "td[name=display_name]:contains(zzz.example), .o_kanban_record .fw-bold:contains(zzz.example)", run: "click" },
        {
            content: "On the domain's page",
            trigger: `${PAGE} .o_mail_domain_health_overview .o_mail_domain_health_badge`,
            run: ({ anchor }) => {
                expectSeen(anchor);
                expectNoSidewaysScroll(`${PAGE} .o_form_sheet_bg`);
            },
        },
        {
            content: "What there is to press begins with the primary button",
            trigger: `${PAGE} .o_form_sheet`,
            run: ({ anchor }) => {
                const buttons = [...anchor.querySelectorAll("button")].filter(
                    (button) => button.checkVisibility() && !button.closest(".oe_button_box")
                );
                claim(buttons[0].matches(".btn-primary"), `first is ${buttons[0].outerHTML.slice(0, 200)}`);
            },
        },
    ],
});

tours.add("mail_domain_health_long_name_settings", {
    steps: () => [
        {
            content: "In Settings",
            trigger: "#mail_domain_health_setting .o_mail_domain_health_overview .fa-times-circle",
            run: ({ anchor }) => expectSeen(anchor),
        },
        {
            content: "With what to do",
            trigger: "#mail_domain_health_setting .o_mail_domain_health_next:contains(Fix it now)",
            run: ({ anchor }) => {
                expectSeen(anchor);
                anchor.click();
            },
        },
        {
            content: "And where the records stand",
            trigger: ".modal .o_mail_domain_health_fix_it .o_mail_domain_health_copy_value",
            run: ({ anchor }) => {
                expectSeen(anchor);
                expectNoSidewaysScroll(".modal .modal-body");
            },
        },
    ],
});
