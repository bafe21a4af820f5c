import { createHash } from "node:crypto";

/** The page's whole look: one column, light and dark, large targets; contrast is at least 4.5 to 1. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1d2433;--soft:#4d5566;--line:#c8ced9;--ground:#fff;--card:#f3f5f9;--go:#0b5f33;--stop:#9b1420;--on:#fff;--focus:#1f4e8c}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf1;--soft:#b3bbc9;--line:#414a59;--ground:#12161c;--card:#1c222c;--go:#7ddba3;--stop:#ff9c9c;--on:#12161c;--focus:#9cc4f7}}
*{box-sizing:border-box}
body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
main{max-width:42rem;margin:0 auto;padding:1.25rem}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 .5rem}
h2{font-size:1.125rem;margin:1.75rem 0 .5rem}
p{margin:.5rem 0}
.lead{color:var(--soft)}
.until{border-left:.3rem solid var(--stop);background:var(--card);padding:.75rem 1rem;margin:1rem 0}
ul.changes{list-style:none;margin:0;padding:0}
ul.changes>li{border:1px solid var(--line);border-radius:.4rem;padding:.75rem 1rem;margin:.5rem 0}
li,dd,pre{overflow-wrap:anywhere}
.evidence{color:var(--soft);font-size:.9375rem;margin:.25rem 0 0;padding-left:1.25rem}
details{margin-top:.5rem}summary{cursor:pointer;padding:.35rem 0}
pre{white-space:pre-wrap;background:var(--card);padding:.5rem .75rem;margin:.25rem 0;font:.875rem/1.4 ui-monospace,monospace}
dl{margin:.5rem 0}dt{font-weight:600}dd{margin:0 0 .5rem}
form{border-top:2px solid var(--line);margin-top:2rem;padding-top:.5rem}
label{display:block;margin:.75rem 0}
.check{display:flex;gap:.75rem;align-items:flex-start}
.check input{width:1.5rem;height:1.5rem;flex:none;margin:0}
textarea{width:100%;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--soft);border-radius:.4rem;padding:.5rem;margin-top:.25rem}
.buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}
button{font:inherit;font-weight:600;min-height:3rem;flex:1 1 12rem;border-radius:.4rem;border:2px solid;padding:.5rem 1rem;cursor:pointer}
.go{background:var(--go);border-color:var(--go);color:var(--on)}
.stop{background:transparent;border-color:var(--stop);color:var(--stop)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
code{font-family:ui-monospace,monospace;font-size:.92em}
footer{color:var(--soft);font-size:.9375rem;margin-top:2rem}`;

/**
 * No script, nothing from elsewhere, in nobody's frame, forms to itself alone; the style is let in by its hash.
 * `same-origin` and not `no-referrer`: the latter makes browsers send `Origin: null` with the form.
 */
export const HEADERS: Record<string, string> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "cache-control": "no-store",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex, nofollow",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "strict-transport-security": "max-age=31536000",
};
