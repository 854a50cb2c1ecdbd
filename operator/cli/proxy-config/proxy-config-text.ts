import { paint, type Palette } from '../../local/terminal/palette.ts';
import { table } from '../../local/terminal/table.ts';
import { type ConfigDump, resourcesOf, type Resource, type Section } from './dump.ts';
import { tableOf } from './tables.ts';

/** What `dotkube proxy-config` tells: the resources of each section that was asked for. */
export type ProxyConfigReport = { readonly [S in Section]?: readonly Resource[] };

/** The sections of a dump. */
export function proxyConfigReport(dump: ConfigDump, sections: readonly Section[]): ProxyConfigReport {
  return Object.fromEntries(sections.map((section) => [section, resourcesOf(dump, section)]));
}

/** The report as a table for each section, and what the proxy has refused. */
export function proxyConfigText(report: ProxyConfigReport, palette: Palette, now: number): string {
  const parts = (Object.entries(report) as [Section, readonly Resource[]][]).flatMap(([section, resources]) => {
    if (resources.length === 0) return [[paint(palette, 'dim', `no ${section}`)]];
    const { rows, titles } = tableOf(section, resources, now);
    const columns = titles.map((title) => ({ title }));
    const lines = table(
      columns,
      rows.map((row) => row.map((text) => ({ text }))),
      { palette },
    );
    const refused = resources.flatMap(({ error, name }) =>
      error === undefined ? [] : [`${name} was refused later: ${error}`],
    );
    return refused.length === 0 ? [lines] : [lines, refused];
  });
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
