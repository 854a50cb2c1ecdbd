import { appendFile, mkdir, readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ProcessRecord, recordOf } from './process-record.ts';

/** Something that `down` is to undo, or needs to know. Written down before or as soon as it exists. */
export type StateEntry =
  | { readonly kind: 'cgroups'; readonly cgroups: readonly string[] }
  | { readonly kind: 'process'; readonly name: string; readonly process: ProcessRecord }
  /** A network interface of the machine. */
  | { readonly kind: 'link'; readonly link: string }
  | { readonly kind: 'node'; readonly node: string; readonly pid: number }
  /** It came up whole. */
  | {
      readonly kind: 'up';
      readonly version: string;
      readonly apiServerArgs: readonly string[];
      readonly networkPolicy: boolean;
      readonly at: string;
    };

/** What is written down about a cluster, for other processes. */
export interface ClusterState {
  readonly name: string;
  readonly directory: string;
  record(entry: StateEntry): Promise<void>;
  /** Does nothing when it has ended. */
  recordProcess(name: string, pid: number): Promise<void>;
}

const FILE = 'state.jsonl';

/** The folder of all clusters' states: `clusters` in `DOT_KUBE_STATE`, else in `dot-kube` in `XDG_STATE_HOME`, else in `~/.local/state/dot-kube`. */
export function statesDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const [own = '', shared = ''] = [environment['DOT_KUBE_STATE'], environment['XDG_STATE_HOME']];
  if (own !== '') return join(own, 'clusters');
  return join(shared === '' ? join(homedir(), '.local/state') : shared, 'dot-kube', 'clusters');
}

/** Begins a cluster's state. Its folder must not be there. */
export async function createState(name: string, directory: string): Promise<ClusterState> {
  await mkdir(join(directory, '..'), { recursive: true });
  await mkdir(directory, { mode: 0o700 });
  const record = (entry: StateEntry) => appendFile(join(directory, FILE), `${JSON.stringify(entry)}\n`);
  return {
    name,
    directory,
    record,
    recordProcess: async (label, pid) => {
      const process = recordOf(pid);
      if (process !== undefined) await record({ kind: 'process', name: label, process });
    },
  };
}

/** What is written down about the cluster whose folder this is; undefined when there is none. A last line cut short is left out. */
export async function readState(directory: string): Promise<readonly StateEntry[] | undefined> {
  const found = await readdir(directory).catch(() => undefined);
  if (found === undefined) return undefined;
  const content = await readFile(join(directory, FILE), 'utf8').catch(() => '');
  return content
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as StateEntry);
}
