import { Publication } from "@mail_domain_health/publication/publication";
import { webUrl } from "@mail_domain_health/publication/web_url";
import { Component, useState, xml } from "@odoo/owl";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne, queryText } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, mockService, mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";

defineMailModels();

const HOSTILE = `v=spf1 <img src=x onerror="document.title=1"><script>1</script> ~all`;

function publication(change = {}, values = {}) {
    return {
        changes: [
            {
                key: 0,
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
                ...change,
            },
        ],
        domain_id: 7,
        next_steps: [],
        extras: [],
        budget: null,
        published: [],
        text: "Hello,\nplease change the DNS",
        subject: "DNS records for acme.example",
        zone: '; add\nacme.example. 3600 IN TXT "v=spf1 ~all"\n',
        provider: { name: "Some Host", guides: { TXT: "https://host.example/txt" }, note: null, cname_proxy: false },
        to_copy: [],
        complete: true,
        sender_unknown: false,
        ...values,
    };
}

async function mountPublication(...args) {
    await mountWithCleanup(Publication, { props: { publication: publication(...args) } });
}

const CHECK_RECORD = ".o_mail_domain_health_check_record";
const OUTCOME = ".o_mail_domain_health_outcome";

/** What check_record answers. */
function outcome(code, values = {}) {
    const done = ["published", "seen", "spreading"].includes(code);
    const found = { code, done, is_visible: done && code !== "spreading", seen: [], sentence: `Sentence of ${code}.` };
    return { busy: false, notice: null, outcome: { ...found, ...values } };
}

/** What lands in the clipboard, as steps. */
function watchClipboard() {
    patchWithCleanup(navigator.clipboard, {
        async writeText(text) {
            expect.step(text);
        },
    });
}

test("a replacement shows both records, the difference marked", async () => {
    await mountPublication();
    expect(".o_mail_domain_health_change[data-action=replace]").toHaveText(/Replace, do not add/);
    expect(".o_mail_domain_health_old").toHaveText("v=spf1 include:_spf.google.com ~all");
    expect(".o_mail_domain_health_value").toHaveText(
        "v=spf1 include:_spf.odoo.com include:_spf.google.com ~all"
    );
    expect(".o_mail_domain_health_value ins").toHaveText("include:_spf.odoo.com");
    expect(".o_mail_domain_health_old del").toHaveCount(0);
});

test("every change has a card of its own", async () => {
    const { changes } = publication();
    const dkim = {
        ...changes[0],
        key: 1,
        action: "create",
        type: "CNAME",
        host: "odoo._domainkey",
        value: "odoo._domainkey.odoo.com",
        old_value: null,
    };
    await mountPublication({}, { changes: [...changes, dkim] });
    expect(queryAllTexts(".o_mail_domain_health_host")).toEqual(["@", "odoo._domainkey"]);
    expect(queryAllTexts(".o_mail_domain_health_value")[1]).toBe("odoo._domainkey.odoo.com");
    expect(".o_mail_domain_health_old").toHaveCount(1);
});

test("host, value and TTL are copied as a DNS panel wants them", async () => {
    watchClipboard();
    await mountPublication();
    await contains("button[aria-label='Copy the host']").click();
    await contains("button[aria-label='Copy the value']").click();
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
    await mountPublication();
    await contains("button[aria-label='Copy the host']").click();
    expect.verifySteps(["copy: @"]);
    expect("textarea").toHaveCount(0);
});

test("the text for whoever runs the DNS is shown and copied whole", async () => {
    watchClipboard();
    await mountPublication();
    await contains(".o_mail_domain_health_letter summary").click();
    expect(queryText(".o_mail_domain_health_letter_text")).toInclude("please change the DNS");
    await contains(".o_mail_domain_health_letter .o_clipboard_button").click();
    expect.verifySteps(["Hello,\nplease change the DNS"]);
});

test("markup in a record is text, and is copied as it is", async () => {
    watchClipboard();
    await mountPublication({ action: "delete", value: HOSTILE, old_value: HOSTILE, why: HOSTILE, name: HOSTILE });
    expect(".o_mail_domain_health_change img, .o_mail_domain_health_change script").toHaveCount(0);
    expect(queryOne(".o_mail_domain_health_value").textContent).toBe(HOSTILE);
    await contains("button[aria-label='Copy the value']").click();
    expect.verifySteps([HOSTILE]);
});

test("a value of 60 KB stays in its place", async () => {
    await mountPublication({ action: "create", old_value: null, value: "a".repeat(60000) });
    const value = queryOne(".o_mail_domain_health_value");
    const page = queryOne(".o_mail_domain_health_publication");
    expect(value.scrollHeight).toBeGreaterThan(value.clientHeight);
    expect(page.scrollWidth).toBe(page.clientWidth);
});

test("an empty host says so and has nothing to copy", async () => {
    await mountPublication({ host: "" });
    expect(".o_mail_domain_health_host").toHaveText("leave it empty");
    expect("button[aria-label='Copy the host']").toHaveCount(0);
});

test("the DNS host is named, with its guides where a record has to be copied from elsewhere", async () => {
    const guides = { SPF: null, TXT: "https://host.example/txt", CNAME: "https://host.example/txt" };
    const provider = { name: "Some Host", guides, note: "Mind the dot.", cname_proxy: false };
    const to_copy = [{ name: "Relay", url: "https://relay.example/dkim" }];
    await mountPublication({}, { changes: [], provider, to_copy });
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
    await mountPublication(
        { guide: "javascript:alert(1)" },
        { provider: null, text: "", to_copy: [{ name: "Relay", url: "javascript:alert(1)" }] }
    );
    expect("a").toHaveCount(0);
    expect(".o_mail_domain_health_to_copy").toHaveText(/Relay gives each account its own record for the signature/);
});

test("a record is checked alone; caches that still hold the old one are waited for", async () => {
    onRpc("mail.domain.health", "check_record", ({ args }) => {
        expect.step(args);
        return outcome("spreading");
    });
    onRpc("mail.domain.health", "check_now", () => expect.step("check_now"));
    await mountPublication();
    await contains(CHECK_RECORD).click();
    expect.verifySteps([[[7], 0]]);
    expect(OUTCOME).toHaveText("Sentence of spreading.");
    expect(OUTCOME).toHaveAttribute("data-code", "spreading");
    expect(CHECK_RECORD).toHaveAttribute("aria-disabled", "false");
});

test("a record that receivers can see is followed by a check of the whole domain", async () => {
    onRpc("mail.domain.health", "check_record", () => outcome("published"));
    onRpc("mail.domain.health", "check_now", () => {
        expect.step("check_now");
        return { busy: false, notice: null, overview: { attempt: 2 }, publication: {} };
    });
    const props = {
        publication: publication(),
        onChecked: ({ overview }) => expect.step(overview.attempt),
    };
    await mountWithCleanup(Publication, { props });
    await contains(CHECK_RECORD).click();
    expect.verifySteps(["check_now", 2]);
});

test("something else at the name is shown, as text", async () => {
    onRpc("mail.domain.health", "check_record", () => outcome("differs", { seen: [HOSTILE] }));
    await mountPublication();
    await contains(CHECK_RECORD).click();
    expect(queryText(".o_mail_domain_health_change")).toInclude(HOSTILE);
    expect(".o_mail_domain_health_change img, .o_mail_domain_health_change script").toHaveCount(0);
});

test("a card shows what the last check saw of its record, and a newer check takes its place", async () => {
    class Parent extends Component {
        static components = { Publication };
        static props = {};
        static template = xml`<Publication publication="state.publication"/>`;
        setup() {
            this.state = useState({
                publication: publication({ outcome: { code: "doubled", done: false, seen: [], sentence: "Found twice." } }),
            });
        }
    }
    const parent = await mountWithCleanup(Parent);
    expect(OUTCOME).toHaveText("Found twice.");
    onRpc("mail.domain.health", "check_record", () => outcome("spreading"));
    await contains(CHECK_RECORD).click();
    expect(OUTCOME).toHaveText("Sentence of spreading.");
    parent.state.publication = publication({ outcome: null });
    await animationFrame();
    expect(OUTCOME).toHaveCount(0, { message: "an older look never stands beside a newer check" });
});

test("where the domain can have no mail, a card says what to do first", async () => {
    const gate = { title: "It declares to have no mail", explanation: "So mail is refused.", remedy: "Replace the MX." };
    await mountPublication({}, { changes: [], complete: false, gate });
    expect(".o_mail_domain_health_gate").toHaveText(/declares to have no mail\s+So mail is refused\.\s+Replace the MX\./);
    expect(".o_mail_domain_health_publication").not.toHaveText(/no record to propose/);
});

test("a copy of a database says why it looks at nothing", async () => {
    onRpc("mail.domain.health", "check_record", () => ({ busy: false, notice: "This is a copy.", outcome: null }));
    await mountPublication();
    await contains(CHECK_RECORD).click();
    expect(OUTCOME).toHaveText("This is a copy.");
});

test("what was published lately says how long caches may take", async () => {
    const entry = { key: "k", name: "acme.example", type: "TXT", until: "2019-03-11 09:47:00", sentence: "Published." };
    await mountPublication({}, { changes: [], published: [entry] });
    expect(".o_mail_domain_health_published").toHaveText(/TXT record at acme\.example: Published\. \(until .*47/);
});

test("what is not needed comes after what is, and extras lie under a fold", async () => {
    const { changes } = publication();
    const step = { ...changes[0], key: "step", area: "dmarc", name: "_dmarc.acme.example" };
    const file = { url: "https://mta-sts.acme.example/.well-known/mta-sts.txt", text: "version: STSv1\nmx: m.acme.example" };
    const extra = { ...changes[0], key: "extra", area: "mta_sts", action: "create", old_value: null, file };
    await mountPublication({}, { changes: [], text: "", next_steps: [step], extras: [extra] });
    expect(".o_mail_domain_health_publication").toHaveText(/There is nothing to change in your DNS/);
    expect(".o_mail_domain_health_next_steps .o_mail_domain_health_change").toHaveCount(1);
    expect(".o_mail_domain_health_extras[open]").toHaveCount(0);
    await contains(".o_mail_domain_health_extras summary").click();
    expect(".o_mail_domain_health_extras[open]").toHaveCount(1);
    expect(".o_mail_domain_health_file").toHaveText(/mx: m\.acme\.example/);
    watchClipboard();
    await contains("button[aria-label='Copy the file']").click();
    expect.verifySteps([file.text]);
});

test("Settings shows what is needed only", async () => {
    const { changes } = publication();
    const props = { publication: publication({}, { next_steps: changes, extras: changes }), isCompact: true };
    await mountWithCleanup(Publication, { props });
    expect(".o_mail_domain_health_change").toHaveCount(1);
    expect(".o_mail_domain_health_extras, .o_mail_domain_health_next_steps").toHaveCount(0);
});

test("the change set goes out as lines of a zone file and as a mail", async () => {
    watchClipboard();
    onRpc("mail.domain.health", "action_write_hostmaster", ({ args }) => ({ type: "compose", ids: args[0] }));
    mockService("action", {
        doAction({ type, ids }) {
            expect.step([type, ids]);
        },
    });
    await mountPublication();
    await contains(".o_mail_domain_health_zone summary").click();
    await contains(".o_mail_domain_health_zone .o_clipboard_button").click();
    expect.verifySteps(['; add\nacme.example. 3600 IN TXT "v=spf1 ~all"\n']);
    await contains(".o_mail_domain_health_letter summary").click();
    const mail = new URL(queryOne(".o_mail_domain_health_mailto").href);
    expect(mail.searchParams.get("subject")).toBe("DNS records for acme.example");
    expect(mail.searchParams.get("body")).toBe("Hello,\r\nplease change the DNS");
    await contains(".o_mail_domain_health_write").click();
    expect.verifySteps([["compose", [7]]]);
});

test("a text too long for a mail program's address is written in Odoo", async () => {
    await mountPublication({}, { text: "x".repeat(3000) });
    await contains(".o_mail_domain_health_letter summary").click();
    expect(".o_mail_domain_health_mailto").toHaveCount(0);
    expect(".o_mail_domain_health_write").toHaveCount(1);
});

test("a long value comes in pieces too, and what is left out is named", async () => {
    watchClipboard();
    const drops = [{ term: "include:_spf.old.example", lookups: 2, why: "Old: none of your mail", is_needed: false }];
    await mountPublication({ pieces: '"a" "b"', drops, as_of: "2019-03-10 08:00:00" });
    expect(".o_mail_domain_health_drops").toHaveText(/Left out: include:_spf\.old\.example \(Old: none of your mail\)/);
    expect(".o_mail_domain_health_change_as_of").toHaveText(/as of .*10/);
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
        return { lookups: 8, changes: [{ ...publication().changes[0], key: "proposed" }] };
    });
    await mountPublication({}, { changes: [], budget, complete: false });
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
    expect(CHECK_RECORD).toHaveCount(0);
});
