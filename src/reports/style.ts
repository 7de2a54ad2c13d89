/** The style of reports: light or dark as the reader's system is, legible when printed. */
export const reportStyle = `
:root{--paper:#fbfbfa;--card:#fff;--ink:#1b1f24;--soft:#5c6570;--line:#e3e5e8;--candidate:#2563eb;--production:#c2570c;--market:#8a929c;--gain:#15803d;--hold:#a16207;--loss:#b42318}
@media (prefers-color-scheme:dark){:root{--paper:#111418;--card:#181c22;--ink:#e7eaee;--soft:#98a2ae;--line:#2a3038;--candidate:#6ea8fe;--production:#f29c5b;--market:#7d8792;--gain:#4ade80;--hold:#facc15;--loss:#f87171}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}
h2{font-size:17px;margin:0 0 4px}
.scroll+h2{margin-top:22px}svg+.scroll,svg+svg{margin-top:14px}
section,header{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px 22px;margin:0 0 18px}
.note,.sub{color:var(--soft);margin:0 0 12px}
.sub{font-size:14px}
.lead{font-size:16px;margin:12px 0 0}
.verdict,span.verdict{display:inline-block;border-radius:6px;padding:2px 10px;margin-right:10px;font-size:20px;font-weight:650;vertical-align:2px}
h1 span.verdict{color:var(--card)}.verdict.gain{background:var(--gain)}.verdict.hold{background:var(--hold)}.verdict.loss{background:var(--loss)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:16px 0 0;padding:0}
.figures div{border:1px solid var(--line);border-radius:8px;padding:8px 12px}
.figures dt{color:var(--soft);font-size:13px}.figures dd{margin:0;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums}
.figures dd small{display:block;font-size:13px;font-weight:400;color:var(--soft)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:18px}.pair section{margin:0}
.pair{margin:0 0 18px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{font-weight:600;text-align:left;color:var(--soft)}
th,td{padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th.number:last-child,td.number:last-child{padding-right:0}
span.gain{color:var(--gain)}span.hold{color:var(--hold)}span.loss{color:var(--loss)}span.soft{color:var(--soft)}
code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 6px;font-size:13px;color:var(--soft)}
.legend i{display:inline-block;width:14px;height:4px;border-radius:2px;margin-right:6px;vertical-align:3px}
i.candidate{background:var(--candidate)}i.production{background:var(--production)}i.market{background:var(--market)}
svg{display:block;width:100%;height:auto}
.grid{stroke:var(--line)}.zero{stroke:var(--soft);stroke-opacity:.6}
.tick,.name{fill:var(--soft);font-size:12px}.name{fill:var(--ink);font-size:13px}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round}
.line.candidate{stroke:var(--candidate)}.line.production{stroke:var(--production)}.line.market{stroke:var(--market);stroke-dasharray:5 4}
.area{fill-opacity:.14}.area.candidate{fill:var(--candidate)}
.bar.candidate{fill:var(--candidate)}.bar.production{fill:var(--production)}.bar.gain{fill:var(--gain);fill-opacity:.75}.bar.loss{fill:var(--loss);fill-opacity:.75}
.span{stroke-width:4;stroke-linecap:round;stroke-opacity:.5}.span.gain,.dot.gain{stroke:var(--gain)}.span.loss,.dot.loss{stroke:var(--loss)}.span.neutral,.dot.neutral{stroke:var(--soft)}
.dot{stroke:none}.dot.gain{fill:var(--gain)}.dot.loss{fill:var(--loss)}.dot.neutral{fill:var(--soft)}
@media print{section,header{break-inside:avoid}}
`
  .trim()
  .replaceAll('\n', '');
