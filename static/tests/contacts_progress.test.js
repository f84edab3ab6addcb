import { ContactsProgress } from "@mail_domain_health/contacts/contacts_progress";
import { expect, test } from "@odoo/hoot";
import { advanceTime, click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

class PartnerDomain extends models.Model {
    _name = "mail.partner.domain";

    name = fields.Char();

    _records = [{ id: 1, name: "customer.example" }];
    _views = { list: `<list js_class="mail_partner_domain_list"><field name="name"/></list>` };
}

defineMailModels();
defineModels([PartnerDomain]);

const REQUEST = { text: "8,000 questions in 7 minutes.", leaves: "Names of domains leave.", declined: null };

function progress(values = {}) {
    return {
        domains: 2000,
        done: 2000,
        is_neutralized: false,
        sentence: "All are checked.",
        request: null,
        answer: null,
        held: null,
        facts: [{ key: "contacts", label: "Contacts", value: 12000 }],
        ...values,
    };
}

function serve(first) {
    const served = { now: progress(first) };
    onRpc("mail.partner.domain", "read_progress", () => {
        expect.step("read");
        return served.now;
    });
    return served;
}

test("what is asked and what leaves is shown before anybody agrees", async () => {
    serve({ done: 0, request: REQUEST });
    onRpc("mail.partner.domain", "answer_request", ({ args }) => {
        expect.step(`agrees: ${args[0]}`);
        return progress({ done: 0, sentence: "0 of 2,000 are checked." });
    });
    await mountWithCleanup(ContactsProgress, { props: { isBanner: true } });
    expect(queryAllTexts(".o_mail_domain_health_contacts_request p")).toEqual([REQUEST.text, REQUEST.leaves]);
    expect(".progress").toHaveCount(0);
    await click(".btn-primary");
    await animationFrame();
    expect.verifySteps(["read", "agrees: true"]);
    expect(".o_mail_domain_health_contacts_request").toHaveCount(0);
    expect(".progress").toHaveAttribute("aria-valuenow", "0");
});

test("who says not now is not asked again in the list", async () => {
    serve({ done: 0, request: REQUEST });
    onRpc("mail.partner.domain", "answer_request", ({ args }) => {
        expect.step(`agrees: ${args[0]}`);
        return progress({ done: 0, request: { ...REQUEST, declined: "Not now, said Mitchell." } });
    });
    await mountWithCleanup(ContactsProgress, { props: { isBanner: true } });
    await click(".btn-secondary");
    await animationFrame();
    expect.verifySteps(["read", "agrees: false"]);
    expect(".o_mail_domain_health_contacts").toHaveCount(0);
});

test("the bar moves until all are checked, and then nothing is asked any more", async () => {
    const served = serve({ done: 500, sentence: "500 of 2,000 are checked." });
    await mountWithCleanup(ContactsProgress, { props: {} });
    expect(".progress").toHaveAttribute("aria-valuenow", "25");
    served.now = progress({ done: 1000, sentence: "1,000 of 2,000 are checked." });
    await advanceTime(5000);
    await animationFrame();
    expect(".progress").toHaveAttribute("aria-valuenow", "50");
    served.now = progress();
    await advanceTime(5000);
    await animationFrame();
    expect(".progress").toHaveCount(0);
    expect(".o_mail_domain_health_contacts").toHaveText("All are checked.\nShow them");
    await advanceTime(60000);
    expect.verifySteps(["read", "read", "read"]);
});

function card(values = {}) {
    return {
        verdict: "safe",
        state: "pass",
        label: "Safe",
        sentence: "Sent from us@ours.example.",
        facts: [{ key: "mails", label: "Emails", value: 7 }],
        finding_id: null,
        is_muted: false,
        path_id: 3,
        ...values,
    };
}

test("the card of a safe company counts all contacts and leads to how their messages are sent", async () => {
    serve();
    mockService("action", { doAction: (action) => expect.step(`${action.res_model} ${action.res_id}`) });
    await mountWithCleanup(ContactsProgress, { props: { relaying: card() } });
    expect(queryAllTexts(".o_mail_domain_health_relaying dd")).toEqual(["12,000", "7"]);
    expect(".o_mail_domain_health_relaying .o_mail_domain_health_badge").toHaveText("Safe");
    expect(".o_mail_domain_health_relaying_remedies").toHaveCount(0);
    await click(".o_mail_domain_health_relaying_path");
    await animationFrame();
    expect.verifySteps(["read", "mail.domain.health.path 3"]);
});

test("the card of an unsafe company shows what its finding counted and leads to what helps", async () => {
    serve();
    onRpc("mail.domain.health.finding", "action_remedy", ({ args }) => {
        expect.step(`remedy of ${args[0]}`);
        return { type: "ir.actions.act_window", res_model: "mail.contact.relaying" };
    });
    mockService("action", { doAction: (action) => expect.step(action.res_model) });
    const unsafe = card({ verdict: "unsafe", state: "fail", label: "Unsafe", finding_id: 5, path_id: null });
    await mountWithCleanup(ContactsProgress, { props: { relaying: unsafe } });
    expect(queryAllTexts(".o_mail_domain_health_relaying dd")).toEqual(["7"]);
    await click(".o_mail_domain_health_relaying_remedies");
    await animationFrame();
    expect.verifySteps(["read", "remedy of 5", "mail.contact.relaying"]);
});

test("where nothing is known of contacts' messages there is no card", async () => {
    serve();
    await mountWithCleanup(ContactsProgress, { props: { relaying: null } });
    expect(".o_mail_domain_health_relaying").toHaveCount(0);
    expect.verifySteps(["read"]);
});

test("the list shows what is to be decided above its rows, and reads them again afterwards", async () => {
    serve({ held: "57 domains wait." });
    onRpc("mail.partner.domain", "decide_held", ({ args }) => {
        expect.step(`are so: ${args[0]}`);
        return progress();
    });
    onRpc("mail.partner.domain", "web_search_read", () => {
        expect.step("rows");
    });
    await mountView({ type: "list", resModel: "mail.partner.domain" });
    expect(".o_mail_domain_health_contacts_held p").toHaveText("57 domains wait.");
    await click(".o_mail_domain_health_contacts_held .btn:contains('They Cannot Receive Mail')");
    await animationFrame();
    expect(".o_mail_domain_health_contacts").toHaveCount(0);
    expect(".o_data_row").toHaveCount(1);
    expect.verifySteps(["rows", "read", "are so: true", "rows"]);
});

test("far below on a page it is read once somebody comes to it", async () => {
    let onSeen;
    patchWithCleanup(window, {
        IntersectionObserver: class {
            constructor(callback) {
                onSeen = (isIntersecting) => callback([{ isIntersecting }]);
            }
            observe(element) {
                expect.step(element.textContent);
            }
            disconnect() {}
        },
    });
    serve();
    await mountWithCleanup(ContactsProgress, { props: { isReadWhenSeen: true, relaying: card() } });
    onSeen(false);
    await animationFrame();
    expect.verifySteps(["Loading…"]);
    expect(queryAllTexts(".o_mail_domain_health_relaying dd")).toEqual(["7"]);
    onSeen(true);
    await animationFrame();
    expect.verifySteps(["read"]);
    expect("[aria-busy=true]").toHaveCount(0);
    expect(queryAllTexts(".o_mail_domain_health_relaying dd")).toEqual(["12,000", "7"]);
});
