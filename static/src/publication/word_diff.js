const MAX_CELLS = 250000; // of the comparison's table: beyond it, whole values are marked

/**
 * Compare two records word by word (SPF terms, DMARC tags with their semicolon).
 *
 * @param {string} oldText
 * @param {string} newText
 * @returns {{ old: Array<{ text: string, changed: boolean }>, new: Array<{ text: string, changed: boolean }> }}
 *  The words of each text, and the spaces between them, in order: joined they are the text again.
 */
export function wordDiff(oldText, newText) {
    const before = oldText.split(/(\s+)/).filter(Boolean);
    const after = newText.split(/(\s+)/).filter(Boolean);
    if ((before.length + 1) * (after.length + 1) > MAX_CELLS) {
        return { old: [{ text: oldText, changed: true }], new: [{ text: newText, changed: true }] };
    }
    // common[i][j]: how many words before[i..] and after[j..] have in common, in order
    const common = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
    for (let i = before.length - 1; i >= 0; i--) {
        for (let j = after.length - 1; j >= 0; j--) {
            common[i][j] =
                before[i] === after[j]
                    ? common[i + 1][j + 1] + 1
                    : Math.max(common[i + 1][j], common[i][j + 1]);
        }
    }
    const diff = { old: [], new: [] };
    let [i, j] = [0, 0];
    while (i < before.length || j < after.length) {
        if (i < before.length && j < after.length && before[i] === after[j]) {
            diff.old.push({ text: before[i++], changed: false });
            diff.new.push({ text: after[j++], changed: false });
        } else if (j >= after.length || (i < before.length && common[i + 1][j] >= common[i][j + 1])) {
            diff.old.push(changed(before[i++]));
        } else {
            diff.new.push(changed(after[j++]));
        }
    }
    return diff;
}

/** A space is never a difference worth a mark of its own. */
function changed(text) {
    return { text, changed: Boolean(text.trim()) };
}
