import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const BOX = "#mail_domain_health_setting";
const SWITCH = `${BOX} .o_field_widget[name=mail_health_sends_digest]`;
const open = { trigger: `${BOX} [data-fold=advanced]:not([open]) summary`, run: "click" };
const toggle = (isOn) => [
    open,
    { trigger: `${SWITCH} input${isOn ? ":not(:checked)" : ":checked"}`, run: "click" },
    { trigger: `${SWITCH} input${isOn ? ":checked" : ":not(:checked)"}` },
    { trigger: ".o_form_button_save", run: "click" },
    { trigger: ".o_form_button_save:not(:visible), body:not(:has(.o_form_dirty))" },
];

tours.add("mail_domain_health_digest_off", { steps: () => toggle(false) });
tours.add("mail_domain_health_digest_on", { steps: () => toggle(true) });

const MAIL = ".o_field_widget[name=body_content]";
/** In a frame, or in the page: as the widget shows it. */
const inMail = (what) => `${MAIL} :iframe ${what}, ${MAIL} ${what}`;

tours.add("mail_domain_health_digest_mail", {
    steps: () => [
        {
            content: "What it mails: the domain that needs attention, leading to its report",
            trigger: inMail("a[href*='://']:contains(broken.example)"),
        },
        {
            content: "Nothing of it is wider than a phone",
            trigger: inMail("a:contains(broken.example)"),
            run({ anchor }) {
                const page = anchor.ownerDocument.documentElement;
                if (page.scrollWidth > page.clientWidth + 1) {
                    throw new Error(`it scrolls sideways: ${page.scrollWidth} of ${page.clientWidth}`);
                }
            },
        },
    ],
});
