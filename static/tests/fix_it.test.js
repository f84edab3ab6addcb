import { FixIt, useFixIt } from "@mail_domain_health/fix_it/fix_it_dialog";
import { webUrl } from "@mail_domain_health/publication/web_url";
import { Component, xml } from "@odoo/owl";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryOne, queryText } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, mockService, mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";

defineMailModels();

const HOSTILE = `v=spf1 <img src=x onerror="document.title=1"><script>1</script> ~all`;
const ROW = ".o_mail_domain_health_change";
const OUTCOME = ".o_mail_domain_health_outcome";
const PROGRESS = ".o_mail_domain_health_progress";

function row(values = {}) {
    return {
        key: "spf",
        action: "replace",
        type: "TXT",
        host: "@",
        name: "acme.example",
        value: "v=spf1 include:_spf.odoo.com include:_spf.google.com ~all",
        old_value: "v=spf1 include:_spf.google.com ~all",
        ttl: 3600,
        why: "Receivers accept one SPF record only.",
        area: "spf",
        pieces: null,
        drops: [],
        file: null,
        as_of: null,
        guide: "https://host.example/guide",
        state: "not_seen",
        sentence: "Not seen yet.",
        seen: [],
        since: null,
        until: null,
        is_pending: true,
        ...values,
    };
}

function publication(values = {}) {
    return {
        domain_id: 7,
        budget: null,
        gate: null,
        text: "Hello,\nplease change the DNS",
        subject: "DNS records for acme.example",
        zone: '; add\nacme.example. 3600 IN TXT "v=spf1 ~all"\n',
        provider: { name: "Some Host", guides: { TXT: "https://host.example/txt" }, note: null, cname_proxy: false },
        to_copy: [],
        complete: false,
        sender_unknown: false,
        ...values,
    };
}

/** What read_fix_it and look_at_records answer. */
function fixIt(rows = [row()], values = {}) {
    const published = rows.filter(({ state }) => ["published", "spreading"].includes(state)).length;
    return {
        domain_id: 7,
        name: "acme.example",
        dangers: [],
        rows,
        problems: [],
        notices: [],
        done: false,
        published_count: published,
        record_count: rows.length,
        sentence: `${published} of ${rows.length} records published`,
        is_unseen: false,
        next_step: null,
        extras: [],
        look_again_in: rows.some(({ is_pending }) => is_pending) ? 15 : null,
        is_check_due: false,
        is_copy: false,
        publication: publication(),
        ...values,
    };
}

async function mountFixIt(answer = fixIt(), props = {}) {
    onRpc("mail.domain.health", "read_fix_it", () => answer);
    await mountWithCleanup(FixIt, { props: { domainId: 7, ...props } });
}

/** Mount a row, and what else there is to know of the records. */
function mountRow(values = {}, more = {}) {
    return mountFixIt(fixIt([row(values)], { publication: publication(more) }));
}

/** Answer look after look with these; the last one again and again. */
function onLook(...answers) {
    onLookAt([], ...answers);
}

/** The same, where these records that are not needed are unfolded. */
function onLookAt(keys, ...answers) {
    onRpc("mail.domain.health", "look_at_records", ({ args }) => {
        expect.step("look");
        expect(args).toEqual([[7], false, keys]);
        return answers.length > 1 ? answers.shift() : answers[0];
    });
}

async function pass(seconds) {
    await advanceTime(seconds * 1000);
    await animationFrame();
}

function hide(hidden) {
    patchWithCleanup(document, { visibilityState: hidden ? "hidden" : "visible" });
    document.dispatchEvent(new Event("visibilitychange"));
}

/** What lands in the clipboard, as steps. */
function watchClipboard() {
    patchWithCleanup(navigator.clipboard, {
        async writeText(text) {
            expect.step(text);
        },
    });
}

test("a domain that DNS was silent about says whose servers to look at", async () => {
    await mountFixIt(fixIt([], { is_unseen: true, sentence: "DNS did not answer, so we could not check your mail." }));
    expect(".o_mail_domain_health_unseen").toHaveText(/tell whoever runs its DNS/);
});

test("a domain that was seen says nothing about name servers", async () => {
    await mountFixIt();
    expect(".o_mail_domain_health_unseen").toHaveCount(0);
});

test("a replacement shows both records, the difference marked", async () => {
    await mountRow();
    expect(".o_mail_domain_health_change[data-action=replace]").toHaveText(/Replace, do not add/);
    expect(".o_mail_domain_health_old").toHaveText("v=spf1 include:_spf.google.com ~all");
    expect(".o_mail_domain_health_value").toHaveText(
        "v=spf1 include:_spf.odoo.com include:_spf.google.com ~all"
    );
    expect(".o_mail_domain_health_value ins").toHaveText("include:_spf.odoo.com");
    expect(".o_mail_domain_health_old del").toHaveCount(0);
});

test("host, value and TTL are copied as a DNS panel wants them", async () => {
    watchClipboard();
    await mountRow();
    await contains("button[aria-label='Copy the host']").click();
    await contains("button[aria-label='Copy the value']").click();
    await contains(".o_mail_domain_health_particulars summary").click();
    await contains("button[aria-label='Copy the TTL']").click();
    expect.verifySteps(["@", "v=spf1 include:_spf.odoo.com include:_spf.google.com ~all", "3600"]);
});

test("without a clipboard API the text is copied by selection", async () => {
    patchWithCleanup(navigator, { clipboard: undefined });
    patchWithCleanup(document, {
        execCommand(command) {
            expect.step(`${command}: ${document.activeElement.value}`);
            return true;
        },
    });
    await mountRow();
    await contains("button[aria-label='Copy the host']").click();
    expect.verifySteps(["copy: @"]);
    expect("textarea").toHaveCount(0);
});

test("the text for whoever runs the DNS is shown and copied whole", async () => {
    watchClipboard();
    await mountRow();
    await contains(".o_mail_domain_health_letter summary").click();
    expect(queryText(".o_mail_domain_health_letter_text")).toInclude("please change the DNS");
    await contains(".o_mail_domain_health_letter .o_clipboard_button").click();
    expect.verifySteps(["Hello,\nplease change the DNS"]);
});

test("markup in a record is text, and is copied as it is", async () => {
    watchClipboard();
    await mountRow({ action: "create", value: HOSTILE, old_value: null, why: HOSTILE, name: HOSTILE });
    expect(".o_mail_domain_health_change img, .o_mail_domain_health_change script").toHaveCount(0);
    expect(queryOne(".o_mail_domain_health_value").textContent).toBe(HOSTILE);
    await contains("button[aria-label='Copy the value']").click();
    expect.verifySteps([HOSTILE]);
});

test("a value of 60 KB stays in its place", async () => {
    await mountRow({ action: "create", old_value: null, value: "a".repeat(60000) });
    const value = queryOne(".o_mail_domain_health_value");
    const page = queryOne(".o_mail_domain_health_fix_it");
    expect(value.scrollHeight).toBeGreaterThan(value.clientHeight);
    expect(page.scrollWidth).toBe(page.clientWidth);
});

test("an empty host says so and has nothing to copy", async () => {
    await mountRow({ host: "" });
    expect(".o_mail_domain_health_host").toHaveText("Leave it empty");
    expect("button[aria-label='Copy the host']").toHaveCount(0);
});

test("the DNS host is named, with its guides where a record has to be copied from elsewhere", async () => {
    const guides = { SPF: null, TXT: "https://host.example/txt", CNAME: "https://host.example/txt" };
    const provider = { name: "Some Host", guides, note: "Mind the dot.", cname_proxy: false };
    const to_copy = [{ name: "Relay", url: "https://relay.example/dkim" }];
    await mountFixIt(fixIt([], { publication: publication({ provider, to_copy }) }));
    expect(".o_mail_domain_health_provider").toHaveText(/Your DNS seems to be at Some Host/);
    expect(".o_mail_domain_health_provider").toHaveText(/Mind the dot/);
    expect(".o_mail_domain_health_provider a").toHaveCount(1);
    expect(".o_mail_domain_health_to_copy a").toHaveAttribute("href", "https://relay.example/dkim");
    expect(".o_mail_domain_health_to_copy a").toHaveAttribute("rel", "noopener noreferrer");
});

test("only web addresses become links", async () => {
    expect(webUrl("https://host.example/")).toBe("https://host.example/");
    expect(webUrl("javascript:alert(1)")).toBe(null);
    expect(webUrl(" data:text/html,x")).toBe(null);
    expect(webUrl(null)).toBe(null);
    await mountRow(
        { guide: "javascript:alert(1)" },
        { provider: null, text: "", to_copy: [{ name: "Relay", url: "javascript:alert(1)" }] }
    );
    expect("a").toHaveCount(0);
    expect(".o_mail_domain_health_to_copy").toHaveText(/Relay gives each account its own record for the signature/);
});

test("the change set goes out as lines of a zone file and as a mail", async () => {
    watchClipboard();
    onRpc("mail.domain.health", "action_write_hostmaster", ({ args }) => ({ type: "compose", ids: args[0] }));
    mockService("action", {
        doAction({ type, ids }) {
            expect.step([type, ids]);
        },
    });
    await mountRow();
    await contains(".o_mail_domain_health_letter summary").click();
    await contains(".o_mail_domain_health_zone .o_clipboard_button").click();
    expect.verifySteps(['; add\nacme.example. 3600 IN TXT "v=spf1 ~all"\n']);
    const mail = new URL(queryOne(".o_mail_domain_health_mailto").href);
    expect(mail.searchParams.get("subject")).toBe("DNS records for acme.example");
    expect(mail.searchParams.get("body")).toBe("Hello,\r\nplease change the DNS");
    await contains(".o_mail_domain_health_write").click();
    expect.verifySteps([["compose", [7]]]);
});

test("a text too long for a mail program's address is written in Odoo", async () => {
    await mountRow({}, { text: "x".repeat(3000) });
    await contains(".o_mail_domain_health_letter summary").click();
    expect(".o_mail_domain_health_mailto").toHaveCount(0);
    expect(".o_mail_domain_health_write").toHaveCount(1);
});

test("a long value comes in pieces too, and what is left out is named", async () => {
    watchClipboard();
    const drops = [{ term: "include:_spf.old.example", lookups: 2, why: "Old: none of your mail", is_needed: false }];
    await mountRow({ pieces: '"a" "b"', drops, as_of: "2019-03-10 08:00:00" });
    expect(".o_mail_domain_health_drops").toHaveText(/Left out: include:_spf\.old\.example \(Old: none of your mail\)/);
    expect(".o_mail_domain_health_change_as_of").toHaveText(/As of .*10/);
    await contains(".o_mail_domain_health_pieces summary").click();
    await contains("button[aria-label='Copy the pieces']").click();
    expect.verifySteps(['"a" "b"']);
});

test("where there is no room a person chooses what goes, and sees the record", async () => {
    const term = (name, lookups, values = {}) => ({
        term: name, lookups, why: `Why ${name}.`, is_needed: false, is_dropped: false, ...values,
    });
    const budget = {
        lookups: 12,
        limit: 10,
        is_open: true,
        terms: [term("include:ours", 1, { is_needed: true }), term("include:theirs", 4), term("a:host", 1)],
    };
    onRpc("mail.domain.health", "propose_spf", ({ args }) => {
        expect.step(args);
        return { lookups: 8, changes: [row({ key: "proposed" })] };
    });
    await mountFixIt(fixIt([], { publication: publication({ budget }) }));
    expect(".o_mail_domain_health_lookups").toHaveText("12 of 10");
    expect(".o_mail_domain_health_propose").not.toBeEnabled();
    expect(".o_mail_domain_health_term:eq(0) input").not.toBeEnabled();
    await contains(".o_mail_domain_health_term:eq(2) input").click();
    expect(".o_mail_domain_health_lookups").toHaveText("11 of 10");
    await contains(".o_mail_domain_health_term:eq(2) input").click();
    await contains(".o_mail_domain_health_term:eq(1) input").click();
    expect(".o_mail_domain_health_lookups").toHaveText("8 of 10");
    await contains(".o_mail_domain_health_propose").click();
    expect.verifySteps([[[7], ["include:theirs"]]]);
    expect(".o_mail_domain_health_budget .o_mail_domain_health_change").toHaveCount(1);
    expect(".o_mail_domain_health_budget .o_mail_domain_health_progress_state").toHaveCount(0);
});

test("a table with headers: a row a record, with its state in words", async () => {
    const dkim = row({ key: "dkim", action: "create", type: "CNAME", host: "odoo._domainkey", old_value: null,
        value: "odoo._domainkey.odoo.com", state: "published", sentence: "Receivers can see it.",
        since: "2019-03-11 08:28:00", is_pending: false });
    await mountFixIt(fixIt([row(), dkim]));
    expect(queryAllTexts("th[scope=col]")).toEqual(["Type", "Host", "Value", "State"]);
    expect(queryAllTexts(".o_mail_domain_health_host")).toEqual(["@", "odoo._domainkey"]);
    expect(queryAllTexts(".o_mail_domain_health_value")[1]).toBe("odoo._domainkey.odoo.com");
    expect(".o_mail_domain_health_old").toHaveCount(1, { message: "old and new only where something is replaced" });
    expect(`${ROW}:eq(0)`).toHaveText(/Not seen yet/);
    expect(`${ROW}:eq(1) .o_mail_domain_health_progress_state`).toHaveText(/Published .*28/);
    expect(`${ROW}:eq(1) ${OUTCOME}`).toHaveText("Receivers can see it.");
    expect(PROGRESS).toHaveText("1 of 2 records published");
    expect(queryAll("details[open]").length).toBe(0, { message: "why, TTL and full name are folded" });
    expect(".o_mail_domain_health_guide:first").toHaveText("How at Some Host");
});

test("it looks by itself every 15 seconds, the row changes, and the focus stays", async () => {
    onLook(
        fixIt([row({ state: "mistaken", sentence: "Found twice." })]),
        fixIt([row({ state: "published", sentence: "Receivers can see it.", is_pending: false })])
    );
    await mountFixIt();
    const button = queryOne("button[aria-label='Copy the value']");
    button.focus();
    await pass(14);
    expect.verifySteps([]);
    await pass(1);
    expect.verifySteps(["look"]);
    expect(OUTCOME).toHaveText("Found twice.");
    expect(button).toBeFocused();
    await pass(15);
    expect.verifySteps(["look"]);
    expect(ROW).toHaveAttribute("data-state", "published");
    expect(button).toBeFocused({ message: "the row is the same one, and so is the button" });
    expect("[aria-live=polite]").toHaveText(/TXT acme\.example:\s+Published\s+Receivers can see it\./);
    await pass(60);
    expect.verifySteps([], { message: "nothing is waited for" });
});

test("what nobody sees does not look, and goes on once it is seen", async () => {
    onLook(fixIt());
    await mountFixIt();
    hide(true);
    await pass(120);
    expect.verifySteps([]);
    hide(false);
    await animationFrame();
    expect.verifySteps(["look"]);
    await pass(15);
    expect.verifySteps(["look"]);
});

test("after 20 minutes it stops, and goes on when asked to", async () => {
    onLook(fixIt());
    await mountFixIt();
    for (let look = 0; look < 90; look++) {
        await pass(15);
    }
    expect(".o_mail_domain_health_watching").toHaveCount(0);
    await contains(".o_mail_domain_health_watch").click();
    await animationFrame();
    expect(".o_mail_domain_health_watch").toHaveCount(0);
    await pass(15);
    const looks = Array(79).fill("look");
    expect.verifySteps([...looks, "look", "look"]);
});

test("a page that is left looks no more", async () => {
    onLook(fixIt());
    class Parent extends Component {
        static components = { FixIt };
        static props = {};
        static template = xml`<FixIt t-if="!state.left" domainId="7"/>`;
        setup() {
            this.state = { left: false };
        }
    }
    onRpc("mail.domain.health", "read_fix_it", () => fixIt());
    const parent = await mountWithCleanup(Parent);
    parent.state.left = true;
    parent.render();
    await animationFrame();
    await pass(60);
    expect.verifySteps([]);
});

test("a server that does not answer is said, and asked again", async () => {
    let isDown = true;
    onRpc("mail.domain.health", "look_at_records", () => {
        expect.step("look");
        if (isDown) {
            throw new Error("The server says no");
        }
        return fixIt();
    });
    await mountFixIt();
    await pass(15);
    expect(".o_mail_domain_health_trouble").toHaveText("The server did not answer. We try again by ourselves.");
    isDown = false;
    await pass(15);
    expect(".o_mail_domain_health_trouble").toHaveText("");
    expect.verifySteps(["look", "look"]);
});

test("once all records are there the whole domain is checked, and the end is said with what comes next", async () => {
    const published = row({ state: "published", sentence: "Receivers can see it.", is_pending: false });
    const step = { kind: "test_mail", sentence: "Send yourself an email.", changes: [] };
    const done = fixIt([published], { done: true, sentence: "Done. Receivers can verify your mail.", next_step: step });
    let answer = fixIt();
    onRpc("mail.domain.health", "read_fix_it", () => answer);
    onLook(fixIt([published], { is_check_due: true, look_again_in: 15 }));
    const checked = new Deferred();
    onRpc("mail.domain.health", "check_now", async () => {
        expect.step("check_now");
        await checked;
        answer = done;
        return { busy: false, notice: null, overview: { attempt: 2 } };
    });
    await mountWithCleanup(FixIt, { props: { domainId: 7, onChanged: ({ overview }) => expect.step(overview.attempt) } });
    await pass(15);
    expect(".o_mail_domain_health_trouble").toHaveText("Checking…");
    checked.resolve();
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["look", "check_now", 2]);
    expect(PROGRESS).toHaveText("Done. Receivers can verify your mail.");
    expect(ROW).toHaveCount(1, { message: "rows stay when they are done" });
    expect(".o_mail_domain_health_next_step").toHaveText(/Send yourself an email\./);
    expect(".o_mail_domain_health_next_step button").toHaveText("Check a received email");
});

test("a check from elsewhere on the page is followed", async () => {
    let answer = fixIt();
    onRpc("mail.domain.health", "read_fix_it", () => answer);
    class Parent extends Component {
        static components = { FixIt };
        static props = {};
        static template = xml`<FixIt domainId="7" attempt="state.attempt"/>`;
        setup() {
            this.state = { attempt: 1 };
        }
    }
    const parent = await mountWithCleanup(Parent);
    answer = fixIt([row({ state: "mistaken", sentence: "Found twice." })]);
    parent.state.attempt = 2;
    parent.render();
    await animationFrame();
    await animationFrame();
    expect(OUTCOME).toHaveText("Found twice.");
});

test("something else at the name is shown, as text", async () => {
    await mountRow({ state: "mistaken", sentence: "Something else.", seen: [HOSTILE] });
    expect(queryText(ROW)).toInclude(HOSTILE);
    expect(`${ROW} img, ${ROW} script`).toHaveCount(0);
});

test("until when receivers may see the old record is said", async () => {
    await mountRow({ state: "spreading", sentence: "Published.", until: "2019-03-11 09:47:00" });
    expect(OUTCOME).toHaveText(/Published\. Until .*47/);
});

test("what may let somebody else have the domain comes before all records, with its marks", async () => {
    const danger = {
        id: 3,
        severity: "error",
        label: "Error",
        mark: "Security",
        title: "Whoever registers it may send as you",
        explanation: "It <b>may be</b> registrable.",
        remedy: "Remove it now.",
    };
    await mountFixIt(fixIt([row()], { dangers: [danger, { ...danger, id: 4 }] }));
    expect(".o_mail_domain_health_danger").toHaveCount(2);
    expect(".o_mail_domain_health_danger:first .badge.text-bg-danger").toHaveCount(2);
    expect(".o_mail_domain_health_danger:first").toHaveText(/Error\s+Security\s+Whoever registers it.*<b>may be<\/b>.*Remove it now\./s);
});

test("problems inside Odoo are in the same list: what is refused first, what is fragile last", async () => {
    mockService("action", {
        doAction({ type }) {
            expect.step(type);
        },
    });
    onRpc("mail.domain.health.finding", "action_remedy", ({ args }) => {
        expect.step(args);
        return { type: "remedy" };
    });
    const problem = { id: 4, severity: "error", title: HOSTILE, explanation: "", remedy: "Do this.", remedy_label: "Open" };
    const problems = [problem, { ...problem, id: 5, severity: "warning", title: "Fragile", remedy_label: null }];
    await mountFixIt(fixIt([row()], { problems }));
    expect(queryAll("tbody tr").map((tr) => tr.dataset.severity || "record")).toEqual(["error", "record", "warning"]);
    expect(".o_mail_domain_health_problem img").toHaveCount(0);
    expect(".o_mail_domain_health_problem:first").toHaveText(/Do this\..*Error/s);
    await contains(".o_mail_domain_health_remedy_button").click();
    expect.verifySteps([[[4]], "remedy"]);
});

test("where the domain can have no mail, it says what to do first", async () => {
    const gate = { title: "It declares to have no mail", explanation: "So mail is refused.", remedy: "Replace the MX." };
    await mountFixIt(fixIt([], { publication: publication({ gate }) }));
    expect(".o_mail_domain_health_gate").toHaveText(/declares to have no mail\s+So mail is refused\.\s+Replace the MX\./);
});

test("before the first check there is a sentence and nothing else", async () => {
    await mountFixIt(fixIt([], { publication: null, sentence: "Not checked yet." }));
    expect(PROGRESS).toHaveText("Not checked yet.");
    expect("table").toHaveCount(0);
});

test("what is good to have lies under a fold, and not in Settings", async () => {
    const file = { url: "https://mta-sts.acme.example/.well-known/mta-sts.txt", text: "version: STSv1\nmx: m.acme.example" };
    const extras = [row({ key: "extra", action: "create", old_value: null, file })];
    const answer = fixIt([], { extras, is_copy: true });
    await mountFixIt(answer);
    expect(".o_mail_domain_health_extras").toHaveCount(0);
    await mountFixIt(answer, { isComplete: true });
    expect(".o_mail_domain_health_extras[open]").toHaveCount(0);
    await contains(".o_mail_domain_health_extras summary").click();
    expect(".o_mail_domain_health_file").toHaveText(/mx: m\.acme\.example/);
    watchClipboard();
    await contains("button[aria-label='Copy the file']").click();
    expect.verifySteps([file.text]);
});

test("what is good to have is looked at once it is unfolded, as long as it is, and its rows tell what became of them", async () => {
    const published = row({ key: "spf", state: "published", is_pending: false });
    const extra = row({ key: "extra", name: "_smtp._tls.acme.example", action: "create", old_value: null });
    const done = { done: true, extras: [extra], look_again_in: null };
    const found = { ...done, extras: [{ ...extra, state: "published", sentence: "Published.", is_pending: false }] };
    onLookAt(["extra"], fixIt([published], { ...done, look_again_in: 15 }), fixIt([published], found));
    await mountFixIt(fixIt([published], done), { isComplete: true });
    await pass(30);
    expect.verifySteps([], { message: "nobody sees them" });
    await contains(".o_mail_domain_health_extras summary").click();
    await animationFrame();
    expect.verifySteps(["look"]);
    expect(`.o_mail_domain_health_extras ${ROW}[data-state=not_seen]`).toHaveCount(1);
    expect(".o_mail_domain_health_watching").toHaveCount(1);
    await pass(15);
    expect.verifySteps(["look"]);
    expect(`.o_mail_domain_health_extras ${ROW}[data-state=published] ${OUTCOME}`).toHaveText("Published.");
    await pass(60);
    expect.verifySteps([], { message: "nothing is waited for any more" });
});

test("what is folded again is not asked about", async () => {
    const published = row({ state: "published", is_pending: false });
    const step = { kind: "dmarc", sentence: "The next step.", changes: [row({ key: "step" })] };
    const answer = fixIt([published], { done: true, next_step: step, look_again_in: 15 });
    let keys = null;
    onRpc("mail.domain.health", "look_at_records", ({ args }) => {
        keys = args[2];
        return answer;
    });
    await mountFixIt(answer);
    await contains(".o_mail_domain_health_next_steps summary").click();
    await animationFrame();
    expect(keys).toEqual(["step"]);
    await contains(".o_mail_domain_health_next_steps summary").click();
    await pass(15);
    expect(keys).toEqual([]);
});

test("the dialog looks at once, and tells what a check of the whole domain answered when it is closed", async () => {
    onRpc("mail.domain.health", "read_fix_it", () => fixIt());
    onLook(fixIt([row({ state: "published", sentence: "", is_pending: false })], { is_check_due: true }));
    onRpc("mail.domain.health", "check_now", () => ({ busy: false, notice: null, overview: { attempt: 2 } }));
    class Page extends Component {
        static components = {};
        static props = {};
        static template = xml`<button class="open" t-on-click="open">Open</button>`;
        setup() {
            const openFixIt = useFixIt();
            this.open = () => openFixIt(7, { onClose: (box) => expect.step(box.overview.attempt) });
        }
    }
    await mountWithCleanup(MainComponentsContainer);
    await mountWithCleanup(Page);
    await contains(".open").click();
    await animationFrame();
    await animationFrame();
    expect(".modal .o_mail_domain_health_fix_it").toHaveCount(1);
    expect.verifySteps(["look"]);
    await animationFrame();
    await contains(".modal .o_mail_domain_health_close").click();
    expect.verifySteps([2]);
});
