import "@mail_domain_health/domain_history/download";
import { DomainHistoryField } from "@mail_domain_health/domain_history/domain_history";
import { expect, test } from "@odoo/hoot";
import { click, manuallyDispatchProgrammaticEvent, press, queryAll, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { getService, mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { download } from "@web/core/network/download";

defineMailModels();

const HOSTILE = "v=spf1 <img/src=x/onerror=document.title=1> -all";

function day(date, values = {}) {
    return { date, state: "pass", label: "OK", changes: [], ...values };
}

const asked = []; // of which domain and day

/** What the server says of a day; of the one before the first check, nothing. */
function answer(date, changes) {
    const known = { verdicts: [], records: [], changes: [], notes: [], since: "2026-11-27 08:00:00", until: null, lasted: "2 days" };
    if (date < "2026-11-27") {
        return { ...known, date, state: null, label: "Nothing stored", since: null, notes: ["The history begins later."] };
    }
    return {
        ...known,
        date,
        state: "pass",
        label: "OK",
        verdicts: [{ title: "Permission to send (SPF)", state: "pass", label: "OK" }],
        records: [
            { name: "ours.example", type: "TXT", value: HOSTILE, seen_on: null },
            { name: "_dmarc.ours.example", type: "TXT", value: "v=DMARC1; p=none", seen_on: "2026-11-26 08:00:00" },
        ],
        changes: date === "2026-11-28" ? changes : [],
    };
}

/** Wait until a day is asked for, and shown. */
async function shown() {
    await animationFrame();
    await animationFrame();
}

async function enterDate(date) {
    const input = queryOne("input[type=date]");
    input.value = date;
    await manuallyDispatchProgrammaticEvent(input, "change");
    await shown();
}

async function mountHistory(values = {}) {
    asked.length = 0;
    onRpc("mail.domain.health", "read_day", ({ args: [ids, date] }) => {
        asked.push(`${ids} ${date}`);
        return answer(date, values.changes || history.changes);
    });
    const history = {
        days: [
            day("2026-11-26", { state: null, label: "Not checked yet" }),
            day("2026-11-27"),
            day("2026-11-28", { state: "fail", label: "Rejected or filed as spam", changes: [7] }),
            day("2026-11-29"),
        ],
        changes: [
            {
                id: 7,
                date: "2026-11-28 08:00:00",
                state: "fail",
                label: "Rejected or filed as spam",
                verdicts: [{ title: "Verdict", old: "OK", new: "Rejected or filed as spam", new_state: "fail" }],
                records: [
                    { name: "ours.example", type: "TXT", old: "v=spf1 mx -all", new: HOSTILE },
                    { name: "old.example", type: "CNAME", old: "x.example", new: null },
                ],
            },
        ],
        periods: [{ start: "2026-11-27 08:00:00", end: null, state: "pass", label: "OK" }],
        ...values,
    };
    await mountWithCleanup(DomainHistoryField, {
        props: { name: "history", record: { resId: 5, resModel: "mail.domain.health", data: { history } } },
    });
    await shown();
}

test("each day says its verdict and what changed in words, too", async () => {
    await mountHistory();
    expect(".o_mail_domain_health_day").toHaveCount(4);
    const title = queryOne(".o_mail_domain_health_day.o_changed").getAttribute("aria-label");
    expect(title).toInclude("Rejected or filed as spam (was: OK)");
    expect(title).toInclude("Changed: ours.example TXT");
    expect(title).toInclude("Removed: old.example CNAME");
    // Folded: what is not shown has no rendered text.
    const headings = queryAll(".o_mail_domain_health_periods th").map((heading) => heading.textContent);
    expect(headings).toEqual(["Verdict", "From", "Until", "Lasted"]);
    expect(queryOne(".o_mail_domain_health_periods tbody").textContent).toInclude("Now");
});

test("a day that is chosen shows old and new, and what DNS said is text", async () => {
    await mountHistory();
    await click(".o_mail_domain_health_day.o_changed");
    await shown();
    expect(asked).toEqual(["5 2026-11-29", "5 2026-11-28"]);
    expect(".o_mail_domain_health_chosen_day .o_mail_domain_health_old_record:first").toHaveText("v=spf1 mx -all");
    expect(".o_mail_domain_health_chosen_day .o_mail_domain_health_new_record").toHaveText(HOSTILE);
    expect(queryOne(".o_mail_domain_health_record_change:last").textContent).toInclude("No longer published.");
    expect(".o_mail_domain_health_history img").toHaveCount(0);
});

test("the strip is one stop for the Tab key, and arrows go from day to day", async () => {
    await mountHistory();
    expect(".o_mail_domain_health_day[tabindex='0']").toHaveCount(1);
    queryOne(".o_mail_domain_health_day[tabindex='0']").focus();
    await press("ArrowLeft");
    await shown();
    expect(".o_mail_domain_health_day[data-date='2026-11-28']").toBeFocused();
    expect(".o_mail_domain_health_day[data-date='2026-11-28']").toHaveAttribute("aria-pressed", "true");
    await press("ArrowRight");
    await shown();
    expect(".o_mail_domain_health_chosen_day").toHaveText(/Nothing changed on this day\./);
    await press("ArrowRight");
    expect(".o_mail_domain_health_day[data-date='2026-11-29']").toBeFocused();
});

test("today is answered at once, and any day by its date", async () => {
    await mountHistory();
    expect(asked).toEqual(["5 2026-11-29"]);
    expect(queryOne("input[type=date]").value).toBe("2026-11-29");
    expect(".o_mail_domain_health_published").toHaveCount(2);
    expect(".o_mail_domain_health_published:first").toHaveText(/v=spf1 <img/);
    expect(".o_mail_domain_health_published:last").toHaveText(/DNS did not answer/);
    await enterDate("2026-03-03");
    expect(asked.at(-1)).toBe("5 2026-03-03");
    expect(".o_mail_domain_health_chosen_day").toHaveText(/The history begins later\./);
    expect(".o_mail_domain_health_published").toHaveCount(0);
    expect(".o_mail_domain_health_day[aria-pressed=true]").toHaveCount(0);
});

test("a date that is still being typed, or is to come, asks nothing", async () => {
    await mountHistory();
    for (const date of ["0002-03-03", "2026-11-30"]) {
        await enterDate(date);
    }
    expect(asked).toEqual(["5 2026-11-29"]);
});

test("a history is downloaded through Odoo's own export", async () => {
    patchWithCleanup(download, {
        _download: ({ url, data }) => {
            const { model, domain, context } = JSON.parse(data.data);
            expect.step(`${url} ${model} ${JSON.stringify(domain)} ${"lang" in context}`);
        },
    });
    await mountWithCleanup(DomainHistoryField, { props: { name: "history", record: { data: {} } } });
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "mail_domain_health_download",
        params: { url: "/web/export/csv", data: { model: "mail.domain.health.check", domain: [["domain_id", "in", [5]]] } },
    });
    expect.verifySteps(['/web/export/csv mail.domain.health.check [["domain_id","in",[5]]] true']);
});
