/** How a picture of a terminal looks. */
const FONT_SIZE = 13;
const LINE_HEIGHT = 18;
const CHARACTER_WIDTH = 7.85;
const PADDING = 16;

/** The colours of the SGR codes that are used, as GitHub's dark theme has them. */
const COLOURS: ReadonlyMap<string, string> = new Map([
  ['31', '#ff7b72'],
  ['32', '#7ee787'],
  ['33', '#e3b341'],
  ['36', '#79c0ff'],
]);

/** An SVG of lines as a terminal would show them; colours (SGR) are kept, other commands are not known. */
export function terminalSvg(lines: readonly string[], title: string): string {
  const longest = Math.max(...lines.map((line) => plain(line).length));
  const width = Math.ceil(longest * CHARACTER_WIDTH) + 2 * PADDING;
  const height = lines.length * LINE_HEIGHT + 2 * PADDING;
  const rows = lines.map((line, index) => {
    const y = PADDING + index * LINE_HEIGHT + FONT_SIZE;
    return `<text x="${PADDING}" y="${y}">${spans(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${FONT_SIZE}" fill="#e6edf3" xml:space="preserve" style="white-space:pre">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** The line without its commands. */
export function plain(line: string): string {
  // oxlint-disable-next-line no-control-regex
  return line.replaceAll(/\u001B\[[0-9;]*[A-Za-z]/g, '');
}

/** The pieces of a line between two commands, in their colours. */
function spans(line: string): string {
  // oxlint-disable-next-line no-control-regex
  const pieces = line.split(/\u001B\[([0-9;]*)m/);
  let style = '';
  let svg = '';
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 === 1) style = styleOf(piece);
    else if (piece !== '') svg += style === '' ? escaped(piece) : `<tspan ${style}>${escaped(piece)}</tspan>`;
  }
  return svg;
}

function styleOf(code: string): string {
  if (code === '1') return 'font-weight="bold"';
  if (code === '2') return 'fill="#8b949e"';
  const colour = COLOURS.get(code);
  return colour === undefined ? '' : `fill="${colour}"`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
