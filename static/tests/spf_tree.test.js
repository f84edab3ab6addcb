import { SpfTree } from "@mail_domain_health/spf_tree/spf_tree";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryAll, queryOne } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

defineMailModels();

function row(term, values = {}) {
    return { term, count: null, result: "", state: null, stopped: null, is_open: true, rows: [], ...values };
}

async function mountTree(values) {
    const tree = { state: "pass", sentence: "Questions to DNS: 2 of at most 10.", left_out: null, limit: 10, rows: [], ...values };
    await mountWithCleanup(SpfTree, { props: { tree } });
}

test("each term has its place below what includes it, and the count runs along", async () => {
    const below = row("a:mail.example.com", { count: 2, result: "Addresses: 1." });
    await mountTree({
        rows: [row("include:_spf.example.com", { count: 1, rows: [below] }), row("~all", { result: "Mail from other servers is suspicious." })],
    });
    expect(queryAllTexts(".o_mail_domain_health_spf_count [aria-hidden]")).toEqual(["1/10", "2/10"]);
    expect(queryAllTexts(".o_mail_domain_health_spf_count .visually-hidden")).toEqual(["Question to DNS 1 of at most 10", "Question to DNS 2 of at most 10"]);
    expect("details .o_mail_domain_health_spf_rows .font-monospace").toHaveText("a:mail.example.com");
    expect(".o_mail_domain_health_spf_limit").toHaveCount(0);
});

test("where the limit is passed a sentence with a sign stands between the terms", async () => {
    await mountTree({
        state: "fail",
        rows: [
            row("a:h10.example.com", { count: 10 }),
            row("a:h11.example.com", { count: 11, state: "fail", stopped: "The limit of 10 lookups is passed here." }),
            row("a:h12.example.com", { count: 12, state: "fail" }),
        ],
    });
    expect(".o_mail_domain_health_spf_limit").toHaveCount(1);
    expect(".o_mail_domain_health_spf_limit").toHaveText("The limit of 10 lookups is passed here.");
    expect(".o_mail_domain_health_spf_limit .fa-times-circle").toHaveCount(1);
    const items = queryAll(".o_mail_domain_health_spf_rows > li").map((item) => item.textContent);
    expect(items[1]).toInclude("limit");
    expect(items[2]).toInclude("h11");
});

test("faults at every depth are shown, each in its place", async () => {
    const fault = { state: "warning", count: 3, result: "Has no SPF record: receivers stop here." };
    await mountTree({
        rows: ["one", "two"].map((name) =>
            row(`include:${name}.example`, {
                state: "warning", count: 1,
                rows: [row("include:b.example", { state: "warning", count: 2, rows: [row("include:gone.example", fault), row("", { result: "Networks: 3." })] })],
            })
        ),
    });
    expect(".o_mail_domain_health_spf_rows .o_mail_domain_health_spf_rows .o_mail_domain_health_spf_rows .fa-exclamation-triangle").toHaveCount(2);
});

test("what is in order may be folded, and what DNS said is text", async () => {
    const hostile = "include:<img/src=x/onerror=document.title=1>";
    await mountTree({ left_out: "Further entries that are not shown: 3.", rows: [row(hostile, { count: 1, is_open: false, rows: [row("-all")] })] });
    expect("details").not.toHaveAttribute("open");
    expect(queryOne(".o_mail_domain_health_spf_tree").textContent).toInclude(hostile);
    expect(".o_mail_domain_health_spf_tree img").toHaveCount(0);
    expect(".o_mail_domain_health_spf_tree > p").toHaveText("Further entries that are not shown: 3.");
});
