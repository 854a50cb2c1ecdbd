import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandIo, EXIT } from '../command.ts';
import { DemoMesh } from './demo-mesh.ts';
import type { CheckOptions } from './run-check.ts';
import { plain, terminalSvg } from './terminal-svg.ts';
import { UpProcess } from './up-process.ts';

const WATCHED_MS = 16_000;
const COLUMNS = 140;

/** Runs the demo, edits the canary, and writes what the terminal showed as an SVG: the picture of the README. */
export async function takePicture(
  { demo, workingDirectory }: CheckOptions,
  file: string,
  io: CommandIo,
): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'dotkube-picture-'));
  const folder = join(scratch, 'examples', 'bookstore');
  await cp(demo, folder, { recursive: true });
  const up = new UpProcess({
    folder,
    runDirectory: join(scratch, '.dotkube'),
    workingDirectory,
    environment: { ...io.environment, FORCE_COLOR: '1', COLUMNS: String(COLUMNS), npm_lifecycle_event: 'demo' },
    onStderr: (chunk) => void io.stderr.write(chunk),
  });
  try {
    const mesh = new DemoMesh({ socket: await up.ready(300_000), folder, output: () => up.output });
    await delay(WATCHED_MS, undefined, { signal: io.signal });
    const canary = (text: string): string =>
      text.replace('weight: 90', 'weight: 50').replace('weight: 10', 'weight: 50');
    await mesh.edit('policies/reviews-canary.yaml', canary);
    await delay(WATCHED_MS, undefined, { signal: io.signal });
    const lines = shownLines(up.output.replaceAll(`${scratch}/`, '').replaceAll(' --run-dir .dotkube', ''));
    await writeFile(resolve(io.workingDirectory, file), terminalSvg(lines, 'dotkube up examples/bookstore'));
    await up.end([]);
    return EXIT.ok;
  } finally {
    await up.kill();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a terminal would show at the end: the banner, what was told since, and the last picture of the traffic. */
function shownLines(output: string): readonly string[] {
  const lines = output.trimEnd().split('\n');
  const last = lines.findLastIndex((line) => plain(line).startsWith('SOURCE'));
  const table = lines.slice(last).filter((line) => plain(line).trim() !== '');
  const told = lines.slice(0, last).filter((line) => /^(?: {2}\S| {6,}\S|saved|in force|$)/.test(plain(line)));
  // Blank lines come from both ends of what was left out.
  return ['$ npm run demo', ...told, '', ...table].filter((line, index, all) => line !== '' || all[index - 1] !== '');
}
