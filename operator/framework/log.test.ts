import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INDEX = join(import.meta.dirname, 'log.ts');

/** What a program that logs writes. */
async function logged(options: object, code: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const program = `
    const { createLogger } = await import(${JSON.stringify(INDEX)});
    const logger = createLogger(${JSON.stringify(options)});
    ${code}`;
  return run(process.execPath, ['--input-type=module', '--eval', program]);
}

describe('the logger', () => {
  it('writes a JSON object a line, with the fields of its parents, and errors with their causes', async () => {
    const { stdout } = await logged(
      {},
      `logger.debug('hidden');
       const child = logger.child({ controller: 'c', message: 'no' }).child({ name: 'n' });
       child.info('reconciled', { took: 1 });
       child.error('failed', { error: new Error('outer', { cause: new TypeError('inner') }) });`,
    );
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(lines.length, 2);
    assert.partialDeepStrictEqual(lines[0], {
      level: 'info',
      message: 'reconciled',
      controller: 'c',
      name: 'n',
      took: 1,
    });
    assert.match(String(lines[0]?.['timestamp']), /^\d{4}-\d\d-\d\dT/);
    const error = lines[1]?.['error'] as { message: string; stack: string; cause: { message: string } };
    assert.deepEqual([error.message, error.cause.message], ['outer', 'inner']);
    assert.match(error.stack, /^Error: outer\n/);
  });

  it('writes for people when it is told to, and to stderr', async () => {
    const { stdout, stderr } = await logged(
      { format: 'pretty', stderr: true, level: 'debug' },
      `logger.debug('dialled', { name: 'ns/a', why: 'two words', count: 2 }); logger.warn('slow');`,
    );
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^\d\d:\d\d:\d\d debug dialled name=ns\/a why="two words" count=2\n\d\d:\d\d:\d\d warn {2}slow\n$/,
    );
  });
});
