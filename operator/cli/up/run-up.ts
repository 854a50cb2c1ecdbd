import { resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import { aborted, type LogLevel, systemClock } from '../../framework/index.ts';
import { LocalMesh } from '../../local/local-mesh.ts';
import { workingDirectoryOf } from '../../local/run/working-directory.ts';
import { RUN_DIRECTORY } from '../../local/run/run-directory.ts';
import { envoyBinary } from '../../local/tools/envoy-binary.ts';
import { type CommandIo, EXIT, UsageError } from '../command.ts';
import { UpSession } from './up-session.ts';

/** How `dotkube up` was called. */
export interface UpOptions {
  readonly folder: string;
  readonly runDirectory: string | undefined;
  readonly workingDirectory: string | undefined;
  readonly trustDomain: string;
  readonly logLevel: LogLevel;
  /** No table. */
  readonly quiet: boolean;
  /** What to try; one line each. */
  readonly hints: readonly string[];
}

/** Runs the mesh of a folder until the signal aborts. */
export async function runUp(options: UpOptions, io: CommandIo): Promise<number> {
  const began = performance.now();
  const folder = resolve(io.workingDirectory, options.folder);
  if (!(await isFolder(folder))) throw new UsageError(`there is no folder ${options.folder}`);
  const session = new UpSession(io);
  const mesh = await LocalMesh.start({
    folder,
    runDirectory: resolve(io.workingDirectory, options.runDirectory ?? RUN_DIRECTORY),
    workingDirectory: resolve(io.workingDirectory, options.workingDirectory ?? (await workingDirectoryOf(folder))),
    trustDomain: options.trustDomain,
    envoyPath: await envoyBinary({ environment: io.environment, progress: session.progress }),
    clock: systemClock,
    logLevel: options.logLevel,
    events: session.events,
  });
  try {
    const ended = AbortSignal.any([io.signal, session.failure]);
    await session.waitForReplicas(mesh.view, ended);
    if (!ended.aborted) {
      const { view } = mesh;
      session.banner({
        // Within npm it is on the PATH, outside it is npx that finds it.
        command: io.environment['npm_lifecycle_event'] === undefined ? 'dotkube' : 'npx dotkube',
        folder,
        runDirectory: view.runDirectory,
        workingDirectory: io.workingDirectory,
        replicas: view.replicas(),
        services: view.services(),
        status: view.status(),
        startedInMs: performance.now() - began,
        hints: options.hints,
      });
      await (options.quiet ? aborted(ended) : session.showTraffic(view, ended));
    }
  } finally {
    session.end('stopping');
    await mesh.stop();
  }
  return session.failure.aborted ? EXIT.failed : EXIT.ok;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
