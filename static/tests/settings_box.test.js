import { expect, test } from "@odoo/hoot";
import { advanceTime, click, Deferred, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const CHECK_NOW = ".o_mail_domain_health_check_now";
const LABELS = { pass: "OK", fail: "Rejected or filed as spam", unknown: "Unknown" };

class Settings extends models.Model {
    _name = "settings";

    box = fields.Json();
    alias_domain_id = fields.Many2one({ relation: "alias.domain" });
    company_id = fields.Many2one({ relation: "a.company" });
}

class Company extends models.Model {
    _name = "a.company";

    name = fields.Char();

    _records = [{ id: 3, name: "Acme" }];
}

class AliasDomain extends models.Model {
    _name = "alias.domain";

    name = fields.Char();

    _records = [
        { id: 5, name: "acme.example" },
        { id: 6, name: "another.example" },
    ];
}

defineMailModels();
defineModels([Settings, AliasDomain, Company]);

function area(name, state, known = null) {
    return { area: name, title: `Title of ${name}`, state, label: LABELS[state], sentence: `Sentence of ${name}.`, known };
}

function overview(state, values = {}) {
    return {
        id: 7,
        name: "acme.example",
        state,
        label: LABELS[state],
        sentence: `Sentence of ${state}.`,
        areas: [area("spf", state), area("dkim", state), area("dmarc", state)],
        last_check: "2019-03-11 08:00:00",
        outdated: false,
        attempt: 1,
        ...values,
    };
}

const PUBLICATION = {
    changes: [
        {
            key: 0,
            action: "create",
            type: "TXT",
            host: "@",
            name: "acme.example",
            value: "v=spf1 include:_spf.odoo.com ~all",
            old_value: null,
            ttl: 3600,
            why: "Why.",
            guide: null,
        },
    ],
    text: "Hello",
    provider: null,
    to_copy: [],
    complete: true,
    sender_unknown: false,
};
const NOTHING = { ...PUBLICATION, changes: [], text: "" };

async function mountBox(values = {}) {
    const box = {
        domain: overview("fail"),
        headline: null,
        problems: null,
        alias_domain_id: 5,
        publication: PUBLICATION,
        other: null,
        sender: { server: null, service: "Odoo", from_email: "notifications@acme.example" },
        adopt: null,
        neutralized: false,
        ...values,
    };
    Settings._records = [{ id: 1, box, alias_domain_id: box.alias_domain_id, company_id: 3 }];
    await mountView({
        type: "form",
        resModel: "settings",
        resId: 1,
        arch: `<form><field name="alias_domain_id"/><field name="box" widget="mail_domain_health_box"/></form>`,
    });
}

const states = () =>
    [...document.querySelectorAll(".o_mail_domain_health_area")].map((row) => row.dataset.state);

test("a failing domain: verdict, a sentence per protocol, who delivers, what to publish", async () => {
    await mountBox();
    expect(".o_mail_domain_health_name").toHaveText("acme.example");
    expect(".o_mail_domain_health_badge").toHaveText("Rejected or filed as spam");
    expect(".o_mail_domain_health_badge").toHaveClass("text-bg-danger");
    expect(states()).toEqual(["fail", "fail", "fail"]);
    expect(".o_mail_domain_health_area[data-area=spf]").toHaveText(/Title of spf\s+Sentence of spf\./);
    expect(".o_mail_domain_health_sender").toHaveText(
        "Your mail is sent from notifications@acme.example, through Odoo (the server of Odoo's configuration file)."
    );
    expect(".o_mail_domain_health_fix_it_now").toHaveCount(1);
    expect(".o_mail_domain_health_age").toHaveText("Last checked 1 hour ago");
});

test("a healthy domain is green", async () => {
    await mountBox({ domain: overview("pass"), publication: NOTHING });
    expect(".o_mail_domain_health_badge").toHaveClass("text-bg-success");
    expect(states()).toEqual(["pass", "pass", "pass"]);
});

test("unknown is gray and keeps what was known last, with its date", async () => {
    const known = { state: "pass", label: "OK", date: "2019-03-10 08:00:00" };
    const areas = [area("spf", "unknown", known), area("dkim", "unknown", known), area("dmarc", "unknown")];
    await mountBox({ domain: overview("unknown", { areas }), publication: NOTHING });
    expect(".o_mail_domain_health_badge").toHaveClass("text-bg-300");
    expect(queryAllTexts(".o_mail_domain_health_known").join()).toMatch(/Last known: OK \(.*10.*\)/);
    expect(".o_mail_domain_health_known").toHaveCount(2);
});

test("what is true of the whole domain is said once", async () => {
    const sentence = "This domain does not exist in DNS.";
    const areas = [{ ...area("spf", "unknown"), sentence }, area("dkim", "unknown")];
    await mountBox({ domain: overview("fail", { sentence, areas }), publication: NOTHING });
    expect(".o_mail_domain_health_sentence").toHaveText(sentence);
    expect(".o_mail_domain_health_area[data-area=spf]").not.toHaveText(/does not exist/);
    expect(".o_mail_domain_health_area[data-area=dkim]").toHaveText(/Sentence of dkim/);
});

test("before the first check it says so", async () => {
    await mountBox({ domain: overview("unknown", { last_check: null }), publication: null });
    expect(".o_mail_domain_health_age").toHaveText("Not checked yet");
});

test("while the sender is not known it asks", async () => {
    await mountBox({ sender: { server: null, service: null, from_email: "notifications@acme.example" } });
    expect(".o_mail_domain_health_sender").toHaveText(/Which servers is your mail sent through\?/);
});

test("without an alias domain it says what to do, and offers what a parameter names", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(action);
        },
    });
    await mountBox({
        domain: null,
        alias_domain_id: false,
        publication: null,
        sender: null,
        adopt: "old.example",
    });
    expect(".o_mail_domain_health_no_domain").toHaveText(/This company has no alias domain/);
    expect(CHECK_NOW).toHaveCount(0);
    await contains(".o_mail_domain_health_adopt").click();
    expect.verifySteps(["mail_domain_health.mail_alias_domain_adopt_action"]);
});

test("another domain that mail leaves as, and the full report, are one click away", async () => {
    mockService("action", {
        doAction({ res_model, res_id }) {
            expect.step([res_model, res_id]);
        },
    });
    await mountBox({ other: overview("fail", { id: 9, name: "yahoo.example" }) });
    await contains(".o_mail_domain_health_report").click();
    await contains(".o_mail_domain_health_other button").click();
    expect.verifySteps([
        ["mail.domain.health", 7],
        ["mail.domain.health", 9],
    ]);
});

test("mail that fares worse than the domain is the headline, with a way to it", async () => {
    mockService("action", {
        doAction({ res_model, res_id }) {
            expect.step([res_model, res_id]);
        },
    });
    const headline = { state: "fail", label: LABELS.fail, sentence: "Mail of Jane is refused.", path_id: 4 };
    await mountBox({ domain: overview("pass"), headline, problems: { count: 2, ids: [8, 9], severity: "warning" } });
    expect(".o_mail_domain_health_headline").toHaveText(/Mail of Jane is refused\./);
    expect(".o_mail_domain_health_headline .text-danger").toHaveCount(1);
    expect(".o_mail_domain_health_sentence").toHaveText("Mail sent from this domain can be verified.");
    expect(".o_mail_domain_health_problems button").toHaveText("2 problems inside Odoo");
    await contains(".o_mail_domain_health_headline_path").click();
    await contains(".o_mail_domain_health_problems button").click();
    expect.verifySteps([["mail.domain.health.path", 4], ["mail.domain.health.finding", undefined]]);
});

test("after a check the headline is the new one, and the focus stays on the button", async () => {
    const headline = { state: "fail", label: LABELS.fail, sentence: "Mail of Jane is refused.", path_id: 4 };
    onRpc("mail.domain.health", "check_now", ({ args }) => {
        expect.step(args);
        const box = { domain: overview("pass", { attempt: 2 }), headline: null, problems: null, alias_domain_id: 5 };
        return { busy: false, notice: null, overview: box.domain, publication: NOTHING, box: { ...box, publication: NOTHING } };
    });
    await mountBox({ domain: overview("pass"), headline });
    await click(CHECK_NOW);
    await animationFrame();
    await animationFrame();
    expect(".o_mail_domain_health_headline").toHaveCount(0);
    expect(".o_mail_domain_health_sentence").toHaveText("Sentence of pass.");
    expect(CHECK_NOW).toBeFocused();
    expect.verifySteps([[[7], 3]]);
});

test("a double click opens the report once, so that it is not shown twice", async () => {
    mockService("action", {
        doAction({ res_id }) {
            expect.step(res_id);
        },
    });
    await mountBox();
    await contains(".o_mail_domain_health_report").dblclick();
    expect.verifySteps([7]);
    await advanceTime(600);
    await contains(".o_mail_domain_health_report").click();
    expect.verifySteps([7]);
});

test("a copy of a database says that it checks nothing", async () => {
    await mountBox({ neutralized: true });
    expect(".o_mail_domain_health_neutralized").toHaveText(/copy of your database/);
});

test("an alias domain that is not saved yet is not what is shown", async () => {
    await mountBox();
    await contains(".o_field_widget[name=alias_domain_id] input").edit("another", { confirm: false });
    await advanceTime(500);
    await contains(".o_field_widget[name=alias_domain_id] .dropdown-item:contains(another.example)").click();
    expect(".o_mail_domain_health_unsaved").toHaveText("Save to check the new domain (another.example).");
    expect(".o_mail_domain_health_name").toHaveText("acme.example");
});

test("Check now is busy until the answer is there, cannot be pressed twice, and shows the result", async () => {
    const answer = new Deferred();
    onRpc("mail.domain.health", "check_now", ({ args }) => {
        expect.step(args[0]);
        return answer;
    });
    await mountBox();
    await click(CHECK_NOW);
    await animationFrame();
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "true");
    expect(CHECK_NOW).toHaveText("Checking…");
    expect(`${CHECK_NOW} .fa-spin`).toHaveCount(1);
    expect("[aria-live=polite]").toHaveText("Checking…");
    expect(".o_mail_domain_health_overview").toHaveAttribute("aria-busy");
    await click(CHECK_NOW);
    await animationFrame();
    answer.resolve({
        busy: false,
        notice: null,
        overview: overview("pass", { attempt: 2 }),
        publication: NOTHING,
    });
    await animationFrame();
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "false");
    expect(CHECK_NOW).toHaveText("Check now");
    expect(states()).toEqual(["pass", "pass", "pass"]);
    expect.verifySteps([[7]]);
});

test("while somebody else checks, it waits for their result and asks DNS nothing", async () => {
    let reads = 0;
    onRpc("mail.domain.health", "check_now", () => {
        expect.step("check_now");
        return {
            busy: true,
            notice: "A check is already running…",
            overview: overview("fail"),
            publication: PUBLICATION,
        };
    });
    onRpc("mail.domain.health", "read_box", () => {
        reads += 1;
        const done = reads === 3;
        return {
            busy: false,
            notice: null,
            overview: overview(done ? "pass" : "fail", { attempt: done ? 2 : 1 }),
            publication: done ? NOTHING : PUBLICATION,
        };
    });
    await mountBox();
    await click(CHECK_NOW);
    await animationFrame();
    expect("[aria-live=polite]").toHaveText("A check is already running…");
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "true");
    for (let poll = 0; poll < 3; poll++) {
        await advanceTime(700);
        await animationFrame();
    }
    expect(states()).toEqual(["pass", "pass", "pass"]);
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "false");
    expect(reads).toBe(3);
    expect.verifySteps(["check_now"]);
});

test("a check by somebody else that never ends is given up, and the button comes back", async () => {
    const box = {
        busy: true,
        notice: null,
        overview: overview("fail"),
        publication: PUBLICATION,
    };
    onRpc("mail.domain.health", "check_now", () => box);
    onRpc("mail.domain.health", "read_box", () => ({ ...box, busy: false }));
    await mountBox();
    await click(CHECK_NOW);
    await animationFrame();
    for (let poll = 0; poll < 18; poll++) {
        await advanceTime(700);
        await animationFrame();
    }
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "false");
    expect("[aria-live=polite]").toHaveText("The check takes longer than usual. Look again in a moment.");
});

test("an error is told, and the box is as before", async () => {
    onRpc("mail.domain.health", "check_now", () => {
        throw new Error("The server says no");
    });
    mockService("notification", {
        add(message, { type }) {
            expect.step(type);
        },
    });
    await mountBox();
    await click(CHECK_NOW);
    await animationFrame();
    expect.verifySteps(["danger"]);
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "false");
    expect(states()).toEqual(["fail", "fail", "fail"]);
});

test("markup in what the server tells of DNS is text", async () => {
    const hostile = "<img src=x onerror=alert(1)>";
    const areas = [{ ...area("spf", "fail"), sentence: hostile }];
    await mountBox({ domain: overview("fail", { name: hostile, sentence: hostile, areas }), adopt: hostile });
    expect(".o_mail_domain_health_box img").toHaveCount(0);
    expect(".o_mail_domain_health_sentence").toHaveText(hostile);
});

for (const [when, values] of [
    ["is new", { last_check: false, attempt: 0 }],
    ["is sent another way", { outdated: true }],
]) {
    test(`mail that ${when}: what the scheduled check finds is shown, and none is asked for`, async () => {
        onRpc("mail.domain.health", "check_now", () => expect.step("check_now"));
        onRpc("mail.domain.health", "read_box", () => ({
            busy: false,
            notice: null,
            overview: overview("pass", { attempt: 2 }),
            publication: NOTHING,
        }));
        await mountBox({ domain: overview("unknown", values) });
        await animationFrame();
        expect("[aria-live=polite]").toHaveText(/Checking (again|for the first time)…/);
        expect(CHECK_NOW).toHaveAttribute("aria-disabled", "false");
        await advanceTime(2000);
        await animationFrame();
        expect(states()).toEqual(["pass", "pass", "pass"]);
        expect("[aria-live=polite]").toHaveText("");
        expect.verifySteps([]);
    });
}
