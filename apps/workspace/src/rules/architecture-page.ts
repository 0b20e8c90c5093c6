import type { Finding } from '../finding.ts';
import { layers, type PackageRule, packageRules } from '../layers.ts';
import type { Tree } from '../tree.ts';

/** The page that shows the table of layers to readers. */
export const architecturePage = 'docs/architecture.md';

const opening = '<!-- packages: written by pnpm run sync -->\n';
const closing = '<!-- /packages -->';

/** The page with its package table made anew: layers and arrows from the rules, "here" or "planned" from the tree. */
export function withPackageTable(page: string, tree: Tree): string | undefined {
  const from = page.indexOf(opening);
  const to = page.indexOf(closing);
  if (from < 0 || to < from) return undefined;
  return `${page.slice(0, from + opening.length)}\n${packageTable(tree)}\n\n${page.slice(to)}`;
}

/** Holds the table of the architecture page against the rules and the packages that exist. */
export function checkArchitecturePage(tree: Tree): readonly Finding[] {
  const page = tree.files.get(architecturePage);
  if (page === undefined) return [{ path: architecturePage, line: 0, message: 'is missing. Instead: write it.' }];
  const right = withPackageTable(page, tree);
  if (right === page) return [];
  const message =
    right === undefined
      ? `has no place for the package table. Instead: put ${opening.trim()} and ${closing} around it.`
      : 'the package table does not say what the layers and the tree say. Instead: pnpm run sync.';
  return [{ path: architecturePage, line: 0, message }];
}

/** What a package may import beside everything that lies below it. */
function besideOf({ only, beside, implements: implemented }: PackageRule): string {
  const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  if (only !== undefined) return `${code(only)} only`;
  return [...(beside ? [code(beside)] : []), ...(implemented ? [`implements ${code(implemented)}`] : [])].join('; ');
}

function packageTable(tree: Tree): string {
  const here = new Set(tree.packages.map(({ name }) => name));
  const rows = [...layers]
    .reverse()
    .flatMap((layer) =>
      packageRules
        .filter((rule) => rule.layer === layer)
        .map((rule) => [
          `\`${rule.name}\``,
          layer,
          here.has(rule.name) ? 'here' : 'planned',
          besideOf(rule),
          rule.role,
        ]),
    );
  const table = [['package', 'layer', 'state', 'beside', 'role'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = table;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
