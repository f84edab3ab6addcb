import { cookie } from "@web/core/browser/cookie";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

const tours = registry.category("web_tour.tours");
const SETTING = "#mail_domain_health_setting";
const BOX = `${SETTING} .o_mail_domain_health_box`;
const fold = (name) => `${SETTING} details[data-fold=${name}]`;
const PHONE = 600; // pixels
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1;

/** What a person reads: without what only a screen reader says. */
function words(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, {
        acceptNode: ({ parentElement }) =>
            parentElement.checkVisibility() && !parentElement.closest(".visually-hidden")
                ? NodeFilter.FILTER_ACCEPT
                : NodeFilter.FILTER_REJECT,
    });
    let text = "";
    while (walker.nextNode()) {
        text += ` ${walker.currentNode.data}`;
    }
    return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function claim(is, what) {
    if (!is) {
        throw new Error(`${window.innerWidth} pixels: ${what}`);
    }
}

/** The setting as it is before anything is unfolded. */
function measure() {
    const setting = document.querySelector(SETTING);
    const isPhone = window.innerWidth < PHONE;
    const { height, right } = setting.getBoundingClientRect();
    const limit = isPhone ? 360 : 220;
    const name = setting.querySelector(".o_mail_domain_health_name")?.textContent;
    console.log(`${window.innerWidth} pixels, ${name}: ${words(setting)} words, ${Math.round(height)} pixels high`);
    claim(words(setting) <= 60, `${words(setting)} words of ${name}`);
    claim(height <= limit, `${height} pixels high with ${name}`);
    const page = document.querySelector(".settings");
    // A long button of Odoo's own may scroll the page of a language, ours do not.
    const isBeyond = (element) => isShown(element) && element.getBoundingClientRect().right > page.clientWidth + 1;
    const beyond = [...page.querySelectorAll("[id^=mail_domain_health] *")].find(isBeyond);
    claim(!beyond, `it scrolls sideways: ${beyond?.outerHTML.slice(0, 200)}`);
    for (const element of setting.querySelectorAll("*")) {
        if (element.checkVisibility() && !element.closest(".visually-hidden")) {
            claim(element.getBoundingClientRect().right <= right + 1, `cut: ${element.outerHTML.slice(0, 200)}`);
        }
    }
    // Every mark says its state to whoever does not see it.
    for (const icon of setting.querySelectorAll(".o_mail_domain_health_overview .fa-fw")) {
        claim(icon.parentElement.querySelector(".visually-hidden")?.textContent, "a mark without words");
    }
}

/** How many times Tab is pressed from the start of the setting to a button, which shows that it has the focus. */
function expectTabs(button, limit) {
    const stops = [...document.querySelectorAll(`${SETTING} :is(${FOCUSABLE})`)].filter(
        (element) => isShown(element) && element.tabIndex >= 0
    );
    const tabs = stops.indexOf(button) + 1;
    claim(tabs >= 1 && tabs <= limit, `${tabs} tabs`);
    button.focus({ focusVisible: true });
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(button);
    claim((outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none", "no ring around what has the focus");
}

const NEXT = `${BOX} .o_mail_domain_health_next`;
// By the name of the company: what it looks like, and what is offered to do.
const LOOKS = {
    Red: [`${BOX} [data-state=fail]:has(.o_mail_domain_health_problems):has(.o_mail_domain_health_danger) .o_mail_domain_health_name:contains(other.example)`, "fix"],
    Lost: [`${BOX} [data-state=warning]:has(.o_mail_domain_health_danger) .o_mail_domain_health_name:contains(lost.example)`, "fix"],
    Amber: [`${BOX} [data-state=warning] .o_mail_domain_health_name:contains(amber.example)`, "fix"],
    Shut: [`${BOX} [data-state=fail] .o_mail_domain_health_name:contains(shut.example)`, "fix"],
    Green: [`${BOX} [data-state=pass] .o_mail_domain_health_name:contains(green.example)`, null],
    New: [`${BOX} [data-state=unknown] .o_mail_domain_health_name:contains(new.example)`, "check"],
    Unseen: [`${BOX} [data-state=unknown] .o_mail_domain_health_name:contains(unseen.example)`, "dns"],
    Sender: [`${BOX} .o_mail_domain_health_name:contains(sender.example)`, "delivery"],
    Nothing: [`${BOX} .o_mail_domain_health_no_domain`, null],
};

tours.add("mail_domain_health_box_looks", {
    steps: () =>
        Object.entries(LOOKS).flatMap(([name, [trigger, next]]) => [
            {
                content: `Switch to the company ${name}`,
                trigger: BOX,
                run() {
                    const company = user.allowedCompanies.find((other) => other.name === `${name} Company`);
                    cookie.set("cids", String(company.id));
                    window.location.reload();
                },
                expectUnloadPage: true,
            },
            { trigger, run: measure },
            {
                trigger: next ? `${NEXT}[data-next=${next}]` : `${BOX}:not(:has(.o_mail_domain_health_next))`,
                run() {
                    const button = document.querySelector(NEXT);
                    if (button) {
                        expectTabs(button, 8);
                    }
                    const line = document.querySelector(`${BOX} .o_quiet`);
                    claim(!line || window.innerWidth < PHONE || line.clientHeight <= 40, "green is more than one line");
                },
            },
        ]),
});

tours.add("mail_domain_health_box_folds", {
    steps: () => [
        { trigger: `${fold("advanced")}:not([open])` },
        {
            content: "A search unfolds what it finds",
            trigger: ".o_searchview_input",
            run: "edit name servers",
        },
        { trigger: `${fold("advanced")}[open] .highlighter:contains(/name servers/i)` },
        { trigger: `${fold("sender")}:not([open])` },
        { trigger: `${fold("advanced")} .o_field_widget[name=mail_domain_health_nameservers] input:visible` },
        { trigger: ".o_searchview_input", run: "clear" },
        { trigger: `${fold("advanced")}:not([open])` },
        {
            content: "What it finds is read where it is unfolded only then",
            trigger: `body:has(details[data-fold=sender] [aria-busy=true])`,
        },
        { trigger: ".o_searchview_input", run: "edit default sender" },
        { trigger: `${fold("sender")}[open] .o_mail_domain_health_sender_mode` },
        { trigger: ".o_searchview_input", run: "clear" },
        { trigger: `${fold("sender")}:not([open])` },
        {
            content: "By a word that only the box knows, the setting is found",
            trigger: ".o_searchview_input",
            run: "edit dkim",
        },
        { trigger: `${BOX} .o_mail_domain_health_name` },
        { trigger: ".o_searchview_input", run: "clear" },
        { content: "What is folded again keeps its value", trigger: `${fold("advanced")} > summary`, run: "click" },
        { trigger: `${fold("advanced")} .o_field_widget[name=mail_domain_health_interval_number] input`, run: "edit 7" },
        { trigger: `${fold("advanced")} > summary`, run: "click" },
        { trigger: `${fold("advanced")}:not([open])` },
        { trigger: ".o_form_button_save", run: "click", expectUnloadPage: true },
        { trigger: `${BOX} .o_mail_domain_health_name` },
        {
            content: "What cannot be saved is unfolded",
            trigger: `${fold("advanced")} > summary`,
            run: "click",
        },
        { trigger: `${fold("advanced")} .o_field_widget[name=mail_domain_health_interval_number] input`, run: "edit seven" },
        { trigger: `${fold("advanced")} > summary`, run: "click" },
        { trigger: `${fold("advanced")}[open] .o_field_invalid[name=mail_domain_health_interval_number]` },
        { trigger: `${fold("advanced")} .o_field_widget[name=mail_domain_health_interval_number] input`, run: "edit 7" },
        { trigger: ".o_form_button_cancel, .o_control_panel button:contains(Discard)", run: "click" },
        { trigger: "body:not(:has(.o_dirty_warning)):not(:has(.o_field_invalid))" },
    ],
});

tours.add("mail_domain_health_box_dns", {
    steps: () => [
        { trigger: `${NEXT}[data-next=dns]:contains(How to set name servers)`, run: "click" },
        { trigger: `${fold("advanced")}[open] .o_mail_domain_health_test_nameservers button`, run: "click" },
        { trigger: `${fold("advanced")} li[data-works=no]:contains(did not answer)`, timeout: 20000 },
        { trigger: `${fold("advanced")} [role=status]:contains(DNS over HTTPS)` },
    ],
});
