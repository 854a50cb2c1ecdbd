import { resolve } from 'node:path';
import { askLocal, NotRunningError } from '../../local/status/local-client.ts';
import { findRun, readRecord } from '../../local/run/run-directory.ts';
import type { StatusReport } from '../../local/status/status-report.ts';

/** Whom to ask. */
export interface StatusQuestion {
  readonly runDirectory: string | undefined;
  readonly workingDirectory: string;
}

/** Asks the mesh of this folder. Throws NotRunningError when there is no mesh here. */
export async function askForStatus(question: StatusQuestion): Promise<StatusReport> {
  const { runDirectory, workingDirectory } = question;
  const run =
    runDirectory === undefined
      ? await findRun(workingDirectory)
      : await readRecord(resolve(workingDirectory, runDirectory));
  if (run === undefined)
    throw new NotRunningError(
      'no dotkube up is running in this folder or around it; name its --run-dir, or a cluster with --kubeconfig',
    );
  return await askLocal<StatusReport>(run.socket, '/v1/status');
}
