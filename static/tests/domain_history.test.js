import { DomainHistoryField } from "@mail_domain_health/domain_history/domain_history";
import { expect, test } from "@odoo/hoot";
import { click, press, queryAll, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

defineMailModels();

const HOSTILE = "v=spf1 <img/src=x/onerror=document.title=1> -all";

function day(date, values = {}) {
    return { date, state: "pass", label: "OK", changes: [], ...values };
}

async function mountHistory(values = {}) {
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
    await mountWithCleanup(DomainHistoryField, { props: { name: "history", record: { data: { history } } } });
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
    expect(headings).toEqual(["Verdict", "From", "Until"]);
    expect(queryOne(".o_mail_domain_health_periods tbody").textContent).toInclude("Now");
});

test("a day that is chosen shows old and new, and what DNS said is text", async () => {
    await mountHistory();
    await click(".o_mail_domain_health_day.o_changed");
    await animationFrame();
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
    await animationFrame();
    expect(".o_mail_domain_health_day[data-date='2026-11-28']").toBeFocused();
    expect(".o_mail_domain_health_day[data-date='2026-11-28']").toHaveAttribute("aria-pressed", "true");
    await press("ArrowRight");
    await animationFrame();
    expect(".o_mail_domain_health_chosen_day").toHaveText(/Nothing changed on this day\./);
    await press("ArrowRight");
    expect(".o_mail_domain_health_day[data-date='2026-11-29']").toBeFocused();
});
