import { access } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Command, textFlag } from '../command.ts';

/** The example that the demo runs, in the repository that this file is in. */
const REPOSITORY = join(import.meta.dirname, '../../..');
const BOOKSTORE = join(REPOSITORY, 'examples/bookstore');

/** `dotkube demo` */
export const demo: Command = {
  usage: '[--check | --picture FILE]',
  description: [
    'Runs examples/bookstore of the repository: six services with Envoys, a canary, policies to play with.',
    'With --check it runs a copy of it unattended, drives traffic, and exits with 0 or says what is not as it should be.',
  ].join('\n'),
  flags: {
    check: { type: 'boolean', help: 'check everything that the demo shows, and end' },
    picture: {
      type: 'string',
      value: 'FILE',
      help: 'run it for half a minute, and write what the terminal shows as an SVG',
    },
    'run-dir': { type: 'string', value: 'DIR', help: 'where logs and sockets go; default: .dotkube' },
  },
  async run(call, io) {
    await access(BOOKSTORE).catch((cause: unknown) => {
      throw new Error('the demo is a part of the repository of dot-kube, which this is not', { cause });
    });
    if (call.flags['check'] === true) {
      const { runCheck } = await import('../demo/run-check.ts');
      return await runCheck({ demo: BOOKSTORE, workingDirectory: REPOSITORY }, io);
    }
    const picture = textFlag(call, 'picture');
    if (picture !== undefined) {
      const { takePicture } = await import('../demo/take-picture.ts');
      return await takePicture({ demo: BOOKSTORE, workingDirectory: REPOSITORY }, picture, io);
    }
    const { runUp } = await import('../up/run-up.ts');
    const policies = relative(io.workingDirectory, join(BOOKSTORE, 'policies'));
    return await runUp(
      {
        folder: BOOKSTORE,
        runDirectory: textFlag(call, 'run-dir'),
        workingDirectory: REPOSITORY,
        trustDomain: 'cluster.local',
        logLevel: 'info',
        quiet: false,
        hints: [
          `set the weights in ${policies}/reviews-canary.yaml to 50 and 50, and save`,
          `delete a rule in ${policies}/who-may-call.yaml, and see who is refused by what`,
          'misspell a field: the file is told of by line and column, and stays in force as it was',
        ],
      },
      io,
    );
  },
};
