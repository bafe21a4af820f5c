/**
 * What a page's head says beside its title. A report is opened wherever it was mailed to or copied: it fetches nothing, runs
 * nothing and sends nothing, whatever got into it.
 */
export const HEAD =
  '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">' +
  "<meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">" +
  '<meta name="referrer" content="no-referrer">';

/** Light and dark, wide screen, phone and paper. Colours have a contrast of at least 4.5 to 1 on their grounds. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1d2433;--soft:#5b6475;--line:#d5dae3;--ground:#fff;--card:#f5f7fa;--good:#0b6b3a;--bad:#a4161a;--accent:#1f4e8c}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#a7b0c0;--line:#39414f;--ground:#14181f;--card:#1c222c;--good:#5fd08f;--bad:#ff8a8a;--accent:#8db8f0}}
*{box-sizing:border-box}body{margin:0 auto;max-width:64rem;padding:1.5rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
header{padding:1rem 1.25rem;background:var(--card);border-left:.4rem solid var(--state);border-radius:.4rem}header.good{--state:var(--good)}header.bad{--state:var(--bad)}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .3rem}h1 span{color:var(--state)}h2{font-size:1.15rem;margin:2.25rem 0 .6rem}
header p{margin:0;color:var(--soft)}header p,td,blockquote,code{overflow-wrap:anywhere}time{white-space:nowrap}.good{color:var(--good)}.bad{color:var(--bad)}header.good,header.bad{color:inherit}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.4rem,1fr));gap:.6rem;margin:1rem 0 0}dl div{padding:.6rem .9rem;border:1px solid var(--line);border-radius:.4rem}
dt{color:var(--soft);font-size:.92rem}dd{margin:0}dd.measured{font-size:1.35rem;font-weight:600;line-height:1.3}dd small{color:var(--soft);font-size:.9rem}
table{border-collapse:collapse;width:100%;font-size:.95rem}th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft)}td:first-child{white-space:nowrap;overflow-wrap:normal}code{font-family:ui-monospace,monospace;font-size:.92em}
blockquote{margin:.5rem 0;padding:.5rem 1rem;background:var(--card);border-left:.25rem solid var(--bad)}
.timeline{list-style:none;margin:0;padding:0;font-size:.95rem}.timeline li{display:grid;grid-template-columns:13rem 1fr 6rem;gap:.75rem;align-items:center;padding:.12rem 0}
.track{display:block;background:var(--card);border-radius:.2rem}.track i{display:block;height:.95rem;min-width:3px;border-radius:.2rem;background:var(--accent)}.trouble i{background:var(--bad)}.span{color:var(--soft)}
ul{margin:0;padding-left:1.2rem}.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,27rem),1fr));gap:1.5rem}figure{margin:0;min-width:0}figcaption{font-size:.92rem;margin-bottom:.4rem;overflow-wrap:anywhere}
.chart{display:block;width:100%;height:auto;background:var(--card);border-radius:.4rem}.chart text{font:11px system-ui,sans-serif;fill:var(--soft)}.chart .tick,.chart .end{text-anchor:end}.chart .letter{text-anchor:middle;font-weight:700;fill:var(--ink)}
.chart .curve{fill:none;stroke:var(--accent);stroke-width:1.8}.chart .limit{stroke:var(--bad);stroke-dasharray:5 3}.chart .mark{stroke:var(--soft);stroke-dasharray:2 2}.chart .axis{stroke:var(--line)}.chart .during{fill:var(--bad);opacity:.12}
@media(max-width:42rem){body{padding:.9rem}.timeline li{grid-template-columns:1fr auto;gap:.1rem .75rem;padding:.3rem 0}.track{grid-area:2/1/3/3}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}table,tbody,tr,td{display:block}tr{padding:.5rem .8rem;margin-bottom:.6rem;border:1px solid var(--line);border-radius:.4rem}
td{border:0;padding:.15rem 0}td:first-child{white-space:normal;font-weight:600}td:empty{display:none}td:not(:first-child)::before{content:attr(data-label);display:block;color:var(--soft);font-size:.85rem}}
@media print{body{max-width:none;padding:0}tr,dl div,.timeline li,.chart{break-inside:avoid}.chart{print-color-adjust:exact}.track i{print-color-adjust:exact}}`;
