/** A link from the catalogs, which administrators extend: nothing but http and https. */
export function webUrl(url) {
    return /^https?:\/\//i.test(url || "") ? url : null;
}
