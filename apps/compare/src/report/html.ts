import { chartOf } from './chart.ts';
import { formatCell, formatTitle } from './figures.ts';
import { headerLines } from './header-lines.ts';
import { htmlText } from './html-text.ts';
import { notesOf } from './notes.ts';
import type { Report, ReportSection, ReportSide } from './report.ts';

/** A report as one page that needs nothing else: no script, no font, no image from anywhere. Light and dark. */
export function htmlReport(report: Report): string {
  const { sides, sections } = report;
  const facts = headerLines(report.header)
    .map(([name, value]) => `<dt>${htmlText(name)}</dt><dd>${htmlText(value)}</dd>`)
    .join('\n');
  const links = sections
    .map(({ name, title }) => `<li><a href="#${htmlText(name)}">${htmlText(title)}</a></li>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Biquorum: both modes side by side</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Both modes side by side</h1>
<dl>
${facts}
</dl>
<p>Medians; in brackets the least and the greatest value, and the 99th percentile where it differs. In the charts a bar
ends at the median, the line goes from the least to the greatest value, and each dot is one value.</p>
<ul class="legend">${sides.map(({ title }, index) => `<li><span class="key s${index}"></span>${htmlText(title)}</li>`).join('')}</ul>
<nav aria-label="Scenarios"><ul>
${links}
</ul></nav>
${sections.map((section) => sectionHtml(section, sides)).join('\n')}
</main>
</body>
</html>
`;
}

function sectionHtml(section: ReportSection, sides: readonly ReportSide[]): string {
  const notes = notesOf(section);
  const heads = sides.map(({ title }) => `<th scope="col">${htmlText(title)}</th>`).join('');
  const rows = section.rows.map((row) => {
    const cells = row.cells
      .map((cell) => `<td>${htmlText(formatCell(cell, row.unit))}${htmlText(notes.markOf(cell))}</td>`)
      .join('');
    return `<tr><th scope="row">${htmlText(formatTitle(row))}</th>${cells}</tr>`;
  });
  const charts = section.rows.flatMap((row, index) => {
    const chart = chartOf(row, sides);
    const caption = `${contextOf(section, index)}${formatTitle(row)}`;
    return chart === '' ? [] : [`<figure><figcaption>${htmlText(caption)}</figcaption>${chart}</figure>`];
  });
  const remarks = [...notes.lines, ...section.failures.map((failure) => `Failed: ${failure}.`)];
  return `<section id="${htmlText(section.name)}">
<h2>${htmlText(section.title)}</h2>
<p>${htmlText(section.summary)}</p>
<div class="wide" tabindex="0" role="region" aria-label="${htmlText(section.title)}: figures"><table>
<thead><tr><td></td>${heads}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>
${remarks.map((remark) => `<p class="note">${htmlText(remark)}</p>`).join('\n')}
<details${charts.length > OPEN_MAX ? '' : ' open'}><summary>Charts</summary><div class="charts">
${charts.join('\n')}
</div></details>
</section>`;
}

/** A row that begins with a dash says more of the last one without: alone it needs that one's title. */
function contextOf({ rows }: ReportSection, index: number): string {
  if (rows[index]?.title.startsWith('– ') !== true) return '';
  const above = rows.slice(0, index).findLast(({ title }) => !title.startsWith('– '));
  return above === undefined ? '' : `${above.title} `;
}

/** More charts than these wait until they are asked for. */
const OPEN_MAX = 24;

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2330; --soft: #5b6474; --paper: #fbfbf9; --line: #d9dce3;
  --s0: #2f6fb7; --s1: #c8641b; --s2: #5f9fd8; --s3: #e0a06c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ee; --soft: #9aa4b5; --paper: #14171d; --line: #323946;
  --s0: #6aa9e9; --s1: #ee9550; --s2: #3f6f9e; --s3: #9c6236; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; } h2 { margin-top: 3rem; font-size: 1.3rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; } dt { color: var(--soft); } dd { margin: 0; }
a { color: inherit; } nav ul { columns: 18rem; padding-left: 1.2rem; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; list-style: none; }
.key { display: inline-block; width: .9em; height: .9em; margin-right: .4em; border-radius: 2px; vertical-align: -.1em; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; }
thead th, td { text-align: right; } td { white-space: nowrap; } tbody th { font-weight: 400; }
.note { margin: .4rem 0; color: var(--soft); font-size: .9rem; }
summary { margin: 1rem 0 .5rem; cursor: pointer; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 1rem 2rem; }
figure { margin: 0; } figcaption { font-size: .9rem; } svg { display: block; width: 100%; height: auto; }
.grid { stroke: var(--line); } .tick { fill: var(--soft); font-size: 11px; text-anchor: middle; }
.value { fill: var(--ink); font-size: 13px; } .whisker { stroke: var(--ink); stroke-width: 1.5; }
.dot { fill: var(--paper); stroke: var(--ink); }
.s0 { fill: var(--s0); background: var(--s0); } .s1 { fill: var(--s1); background: var(--s1); }
.s2 { fill: var(--s2); background: var(--s2); } .s3 { fill: var(--s3); background: var(--s3); }
`;
