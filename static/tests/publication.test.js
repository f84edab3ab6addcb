import { Publication, webUrl } from "@mail_domain_health/publication/publication";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne, queryText } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, mountWithCleanup, patchWithCleanup } from "@web/../tests/web_test_helpers";

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
                guide: "https://host.example/guide",
                ...change,
            },
        ],
        text: "Hello,\nplease change the DNS",
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
        { provider: null, to_copy: [{ name: "Relay", url: "javascript:alert(1)" }] }
    );
    expect("a").toHaveCount(0);
    expect(".o_mail_domain_health_to_copy").toHaveText(/Relay gives every account its own DKIM record/);
});
