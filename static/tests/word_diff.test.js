import { wordDiff } from "@mail_domain_health/publication/word_diff";
import { describe, expect, test } from "@odoo/hoot";

describe.current.tags("headless");

const marked = (pieces) => pieces.filter((piece) => piece.changed).map((piece) => piece.text.trim());
const joined = (pieces) => pieces.map((piece) => piece.text).join("");

test("an added term is marked in the new record only", () => {
    const diff = wordDiff(
        "v=spf1 include:_spf.google.com ~all",
        "v=spf1 include:_spf.odoo.com include:_spf.google.com ~all"
    );
    expect(marked(diff.old)).toEqual([]);
    expect(marked(diff.new)).toEqual(["include:_spf.odoo.com"]);
});

test("a removed term is marked in the old record only", () => {
    const diff = wordDiff("v=spf1 ptr mx -all", "v=spf1 mx ~all");
    expect(marked(diff.old)).toEqual(["ptr", "-all"]);
    expect(marked(diff.new)).toEqual(["~all"]);
});

test("the pieces joined are the records, spaces included", () => {
    const [before, after] = ["v=spf1  a\tmx ~all", "v=spf1 include:x.example a ~all "];
    const diff = wordDiff(before, after);
    expect(joined(diff.old)).toBe(before);
    expect(joined(diff.new)).toBe(after);
});

test("a record of 60 KB is compared as a whole, at once", () => {
    const long = Array.from({ length: 8000 }, (_, n) => `a:${n}.example`).join(" ");
    const diff = wordDiff(long, `${long} mx`);
    expect(joined(diff.old)).toBe(long);
    expect(joined(diff.new)).toBe(`${long} mx`);
});
