import { expect, test } from "@odoo/hoot";
import { advanceTime, click, Deferred } from "@odoo/hoot-dom";
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
const VERDICT = ".o_mail_domain_health_overview";
const SENTENCE = ".o_mail_domain_health_sentence";
const NEXT = ".o_mail_domain_health_next";
const STATUS = ".o_mail_domain_health_message";
const LABELS = { pass: "OK", warning: "Works, but fragile", fail: "Rejected or filed as spam", unknown: "Unknown" };

class Settings extends models.Model {
    _name = "settings";

    box = fields.Json();
    alias_domain_id = fields.Many2one({ relation: "alias.domain" });
    company_id = fields.Many2one({ relation: "a.company" });
    service_id = fields.Many2one({ relation: "a.company" });
    interval = fields.Integer();
    mail_domain_health_nameservers = fields.Char();
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
    return {
        area: name,
        title: `Title of ${name}`,
        short: `Short ${name}`,
        state,
        label: LABELS[state],
        sentence: `Sentence of ${name}.`,
        known,
        provable: false,
    };
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

const OPEN = { count: 3, published: 1, is_open: true };
const DONE = { count: 0, published: 0, is_open: false };

function headlineOf({ state, label, name, id, sentence }) {
    return { state, label, name, domain_id: id, sentence, path_id: null };
}

/** What display/company_card.py answers with. */
function card(values = {}) {
    const domain = "domain" in values ? values.domain : overview("fail");
    return {
        domain,
        headline: domain && headlineOf(domain),
        danger: null,
        problems: null,
        alias_domain_id: 5,
        records: domain && (domain.state === "pass" ? DONE : OPEN),
        is_gated: false,
        is_unseen: false,
        other: null,
        sender: { server: null, service: "Odoo", from_email: "notifications@acme.example" },
        adopt: null,
        neutralized: false,
        working_out: false,
        last_run: null,
        is_run_overdue: false,
        ...values,
    };
}

/** What check_now answers with. */
function answer(values, rest = {}) {
    const box = card(values);
    return { busy: false, notice: null, overview: box.domain, publication: null, box, ...rest };
}

const FOLDS = `
    <div>
        <details class="o_mail_domain_health_fold" data-fold="delivery"><summary>Mail is delivered by:
            <field name="box" widget="mail_domain_health_delivered_by"/></summary>
            <field name="box" widget="mail_domain_health_sent_through"/><field name="service_id"/></details>
        <details class="o_mail_domain_health_fold" data-fold="advanced"><summary>Advanced</summary>
            <field name="mail_domain_health_nameservers"/><field name="interval"/>
            <widget name="mail_domain_health_test_nameservers"/></details>
    </div>`;

async function mountBox(values = {}) {
    const box = card(values);
    Settings._records = [{ id: 1, box, alias_domain_id: box.alias_domain_id, company_id: 3, interval: 1 }];
    await mountView({
        type: "form",
        resModel: "settings",
        resId: 1,
        arch: `<form><field name="alias_domain_id"/><field name="box" widget="mail_domain_health_box"/>${FOLDS}</form>`,
    });
}

/** Steps that tell which dialog or action is opened. */
function stepActions() {
    mockService("action", {
        doAction(action) {
            expect.step(action.res_model ? [action.res_model, action.res_id] : action);
        },
    });
}

const states = () =>
    [...document.querySelectorAll(".o_mail_domain_health_area")].map((row) => row.dataset.state);

test("a failing domain: its sentence, how far the records are, a mark per protocol, and what to do", async () => {
    await mountBox();
    expect(VERDICT).toHaveAttribute("data-state", "fail");
    expect(".o_mail_domain_health_name").toHaveText("acme.example");
    expect(SENTENCE).toHaveText("Sentence of fail.");
    expect(`${VERDICT} .text-danger`).toHaveCount(4);
    expect(NEXT).toHaveText("Fix it now");
    expect(".o_mail_domain_health_progress").toHaveText("1 of 3 records published");
    expect(".o_mail_domain_health_age").toHaveText("Checked 1 hour ago");
    expect(states()).toEqual(["fail", "fail", "fail"]);
    expect("details[open]").toHaveCount(0);
});

test("what a mark means stands beside it for whoever does not see it, and is unfolded by a click", async () => {
    await mountBox();
    const spf = ".o_mail_domain_health_area[data-area=spf] button";
    expect(`${spf} .visually-hidden`).toHaveText("Rejected or filed as spam");
    expect(spf).toHaveAttribute("aria-expanded", "false");
    await contains(spf).click();
    expect(spf).toHaveAttribute("aria-expanded", "true");
    expect(".o_mail_domain_health_area_text").toHaveText(/Title of spf\s+Sentence of spf\./);
    await contains(spf).click();
    expect(".o_mail_domain_health_area_text").toHaveCount(0);
});

test("a healthy domain is one line with nothing to do", async () => {
    await mountBox({ domain: overview("pass") });
    expect(VERDICT).toHaveClass("o_quiet");
    expect(SENTENCE).toHaveText("Sentence of pass.");
    expect(NEXT).toHaveCount(0);
    expect(states()).toEqual([]);
    expect(".o_mail_domain_health_progress").toHaveCount(0);
    expect(".o_mail_domain_health_report").toHaveCount(1);
});

test("one record is told in the singular", async () => {
    await mountBox({ records: { count: 1, published: 0, is_open: true } });
    expect(".o_mail_domain_health_progress").toHaveText("0 of 1 record published");
});

test("unknown is gray and keeps what was known last, with its date", async () => {
    const known = { state: "pass", label: "OK", date: "2019-03-10 08:00:00" };
    const areas = [area("spf", "unknown", known), area("dkim", "unknown", known), area("dmarc", "unknown")];
    await mountBox({ domain: overview("unknown", { areas }), records: DONE });
    expect(`${VERDICT} .fa.text-muted`).toHaveCount(4);
    expect(".o_mail_domain_health_known").toHaveText(/^Last known: Short spf, Short dkim: OK \(.*10.*\)$/);
});

test("where one thing was known of all, it is said once", async () => {
    const known = { state: "pass", label: "OK", date: "2019-03-10 08:00:00" };
    const areas = ["spf", "dkim", "dmarc"].map((name) => area(name, "unknown", known));
    await mountBox({ domain: overview("unknown", { areas }), records: DONE });
    expect(".o_mail_domain_health_known").toHaveText(/^Last known: OK \(.*10.*\)$/);
});

test("before the first check it says so, and offers one", async () => {
    onRpc("mail.domain.health", "check_now", () => {
        expect.step("check_now");
        return answer({ domain: overview("pass", { attempt: 2 }) });
    });
    await mountBox({ domain: overview("unknown", { last_check: null }), records: null });
    expect(".o_mail_domain_health_age").toHaveText("Not checked yet");
    expect(states()).toEqual([]);
    await contains(`${NEXT}[data-next=check]`).click();
    expect.verifySteps(["check_now"]);
    expect(VERDICT).toHaveAttribute("data-state", "pass");
    expect(CHECK_NOW).toBeFocused(); // the button that was pressed is gone
});

test("while the sender is not known it asks for it, where that is chosen", async () => {
    await mountBox({ domain: overview("unknown"), sender: { server: null, service: null, from_email: "n@acme.example" } });
    expect("details[data-fold=delivery] summary").toHaveText(/Mail is delivered by:\s+Not known yet/);
    expect(".o_mail_domain_health_progress").toHaveCount(0);
    expect("details[data-fold=delivery]").not.toHaveAttribute("open");
    await contains(`${NEXT}[data-next=delivery]`).click();
    expect("details[data-fold=delivery]").toHaveAttribute("open");
    expect(".o_field_widget[name=service_id] input").toBeFocused();
});

test("where DNS cannot be asked from this server, name servers are set and tried out", async () => {
    onRpc("mail.domain.health", "test_nameservers", ({ args }) => {
        expect.step(args);
        return {
            works: false,
            sentence: "None can be used.",
            servers: [{ name: "192.0.2.53:53", works: false, sentence: "192.0.2.53:53 did not answer <b>." }],
        };
    });
    await mountBox({ domain: overview("unknown"), is_unseen: true, records: DONE });
    await contains(`${NEXT}[data-next=dns]`).click();
    expect("details[data-fold=advanced]").toHaveAttribute("open");
    expect(".o_field_widget[name=mail_domain_health_nameservers] input").toBeFocused();
    await contains(".o_field_widget[name=mail_domain_health_nameservers] input").edit("192.0.2.53");
    await contains(".o_mail_domain_health_test_nameservers button").click();
    expect.verifySteps([["192.0.2.53"]]);
    expect(".o_mail_domain_health_test_nameservers [role=status]").toHaveText(/did not answer <b>\.\s+None can be used\./);
    expect(".o_mail_domain_health_test_nameservers li .visually-hidden").toHaveText("Does not work");
});

test("what a field holds that cannot be saved is unfolded", async () => {
    await mountBox();
    const fold = document.querySelector("details[data-fold=advanced]");
    fold.open = true;
    await contains(".o_field_widget[name=interval] input").edit("three");
    fold.open = false;
    await contains(".o_form_button_save", { visible: false }).click();
    await animationFrame();
    expect(".o_field_widget[name=interval]").toHaveClass("o_field_invalid");
    expect(fold).toHaveAttribute("open");
});

test("what only a received email tells is asked for", async () => {
    stepActions();
    const areas = [area("spf", "unknown"), { ...area("dkim", "unknown"), provable: true }, area("dmarc", "unknown")];
    await mountBox({ domain: overview("unknown", { areas }), records: DONE });
    await contains(`${NEXT}[data-next=prove]`).click();
    expect.verifySteps(["mail_domain_health.mail_domain_health_arrival_action"]);
});

test("without an alias domain it says what to do, and offers what a parameter names", async () => {
    stepActions();
    await mountBox({ domain: null, alias_domain_id: false, records: null, sender: null, adopt: "old.example" });
    expect(".o_mail_domain_health_no_domain").toHaveText(/^Choose the “Alias Domain” above and save\./);
    expect(CHECK_NOW).toHaveCount(0);
    await contains(".o_mail_domain_health_adopt").click();
    expect.verifySteps(["mail_domain_health.mail_alias_domain_adopt_action"]);
});

test("another domain that mail leaves as, and the report, are one click away", async () => {
    stepActions();
    await mountBox({ other: overview("fail", { id: 9, name: "yahoo.example" }) });
    await contains(".o_mail_domain_health_report").click();
    await contains(".o_mail_domain_health_other button").click();
    expect.verifySteps([
        ["mail.domain.health", 7],
        ["mail.domain.health", 9],
    ]);
});

const JANE = {
    state: "fail",
    label: LABELS.fail,
    name: "jane.example",
    domain_id: 9,
    sentence: "Mail of Jane is refused.",
    path_id: 4,
};

test("mail that fares worse than the domain is the headline, with a way to it", async () => {
    stepActions();
    await mountBox({ domain: overview("pass"), headline: JANE, problems: { count: 2, ids: [8, 9], severity: "warning" } });
    expect(VERDICT).toHaveAttribute("data-state", "fail");
    expect(".o_mail_domain_health_name").toHaveText("jane.example");
    expect(SENTENCE).toHaveText("Mail of Jane is refused.");
    expect(".o_mail_domain_health_problems").toHaveText("2 problems inside Odoo");
    await contains(".o_mail_domain_health_headline_path").click();
    await contains(".o_mail_domain_health_problems").click();
    expect.verifySteps([["mail.domain.health.path", 4], ["mail.domain.health.finding", undefined]]);
});

test("after a check the headline is the new one, it is read out, and the focus stays on the button", async () => {
    onRpc("mail.domain.health", "check_now", ({ args }) => {
        expect.step(args);
        return answer({ domain: overview("pass", { attempt: 2 }) });
    });
    await mountBox({ domain: overview("pass"), headline: JANE });
    await click(CHECK_NOW);
    await animationFrame();
    await animationFrame();
    expect(VERDICT).toHaveAttribute("data-state", "pass");
    expect(SENTENCE).toHaveText("Sentence of pass.");
    expect(`${STATUS} .visually-hidden`).toHaveText("Sentence of pass.");
    expect(CHECK_NOW).toBeFocused();
    expect.verifySteps([[[7], 3]]);
});

test("a double click opens the report once, so that it is not shown twice", async () => {
    stepActions();
    await mountBox();
    await contains(".o_mail_domain_health_report").dblclick();
    expect.verifySteps([["mail.domain.health", 7]]);
    await advanceTime(600);
    await contains(".o_mail_domain_health_report").click();
    expect.verifySteps([["mail.domain.health", 7]]);
});

test("a copy of a database says that it checks nothing", async () => {
    await mountBox({ neutralized: true });
    expect(".o_mail_domain_health_neutralized").toHaveText(/copy of your database/);
});

test("a scheduled check that should have run is told, one that did is not", async () => {
    await mountBox({ last_run: "2019-03-11 08:00:00", is_run_overdue: true });
    expect(".o_mail_domain_health_overdue").toHaveText(/overdue.* 1 hour ago\./);
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
    const coming = new Deferred();
    onRpc("mail.domain.health", "check_now", ({ args }) => {
        expect.step(args[0]);
        return coming;
    });
    await mountBox();
    await click(CHECK_NOW);
    await animationFrame();
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "true");
    expect(`${CHECK_NOW} .fa-spin`).toHaveCount(1);
    expect(STATUS).toHaveText("Checking…");
    expect(STATUS).toHaveAttribute("aria-live", "polite");
    expect(VERDICT).toHaveAttribute("aria-busy", "true");
    await click(CHECK_NOW);
    await animationFrame();
    coming.resolve(answer({ domain: overview("warning", { attempt: 2 }) }));
    await animationFrame();
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "false");
    expect(states()).toEqual(["warning", "warning", "warning"]);
    expect.verifySteps([[7]]);
});

test("while somebody else checks, it waits for their result and asks DNS nothing", async () => {
    let reads = 0;
    onRpc("mail.domain.health", "check_now", () => {
        expect.step("check_now");
        return answer({ domain: overview("fail") }, { busy: true, notice: "A check is already running…" });
    });
    onRpc("mail.domain.health", "read_box", () => {
        reads += 1;
        const done = reads === 3;
        return answer({ domain: overview(done ? "pass" : "fail", { attempt: done ? 2 : 1 }) });
    });
    await mountBox();
    await click(CHECK_NOW);
    await animationFrame();
    expect(STATUS).toHaveText("A check is already running…");
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "true");
    for (let poll = 0; poll < 3; poll++) {
        await advanceTime(700);
        await animationFrame();
    }
    expect(VERDICT).toHaveAttribute("data-state", "pass");
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "false");
    expect(reads).toBe(3);
    expect.verifySteps(["check_now"]);
});

test("a check by somebody else that never ends is given up, and the button comes back", async () => {
    onRpc("mail.domain.health", "check_now", () => answer({}, { busy: true }));
    onRpc("mail.domain.health", "read_box", () => answer({}));
    await mountBox();
    await click(CHECK_NOW);
    await animationFrame();
    for (let poll = 0; poll < 18; poll++) {
        await advanceTime(700);
        await animationFrame();
    }
    expect(CHECK_NOW).toHaveAttribute("aria-disabled", "false");
    expect(STATUS).toHaveText("The check takes longer than usual. Look again in a moment.");
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
    await contains(".o_mail_domain_health_area button").click();
    expect(".o_mail_domain_health_box img").toHaveCount(0);
    expect(SENTENCE).toHaveText(hostile);
    expect(".o_mail_domain_health_area_text").toHaveText(new RegExp(`${hostile.replace(/[()]/g, "\\$&")}$`));
});

for (const [when, values] of [
    ["is new", { last_check: false, attempt: 0 }],
    ["is sent another way", { outdated: true }],
]) {
    test(`mail that ${when}: what the scheduled check finds is shown, and none is asked for`, async () => {
        onRpc("mail.domain.health", "check_now", () => expect.step("check_now"));
        onRpc("mail.domain.health", "read_box", () => answer({ domain: overview("pass", { attempt: 2 }) }));
        await mountBox({ domain: overview("unknown", values) });
        await animationFrame();
        expect(STATUS).toHaveText(/Checking (again|for the first time)…/);
        expect(CHECK_NOW).toHaveAttribute("aria-disabled", "false");
        await advanceTime(2000);
        await animationFrame();
        expect(VERDICT).toHaveAttribute("data-state", "pass");
        expect(`${STATUS} .visually-hidden`).toHaveText("Sentence of pass.");
        expect.verifySteps([]);
    });
}

test("what may let somebody else have a domain is said, marked, and opened, and the verdict keeps its color", async () => {
    onRpc("mail.domain.health", "read_fix_it", ({ args }) => {
        expect.step(args);
        return {
            ...{ domain_id: 9, name: "other.example", dangers: [], rows: [], problems: [], notices: [], done: false, sentence: "" },
            ...{ next_step: null, look_again_in: null, is_check_due: false, is_copy: false, publication: null },
        };
    });
    await mountBox({ domain: overview("pass"), danger: { domain_id: 9, title: "Whoever registers it may send as you" } });
    expect(VERDICT).toHaveAttribute("data-state", "pass");
    expect(`${VERDICT} .o_mail_domain_health_headline .text-success`).toHaveCount(1);
    expect(".o_mail_domain_health_danger").toHaveText(/Domain at risk\s*Whoever registers it may send as you/);
    await contains(".o_mail_domain_health_danger").click();
    await animationFrame();
    expect.verifySteps([[[9], 3]]);
});
