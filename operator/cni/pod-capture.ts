import { posix } from 'node:path';
import { type Pod, POD } from '../api/index.ts';
import { type Api, ApiError, type Logger } from '../framework/index.ts';
import { runCommand } from '../local/tools/command.ts';
import type { PodShape } from '../webhooks/injection/pod-shape.ts';
import type { InjectionSettings } from '../webhooks/injection/settings.ts';
import type { CaptureRequest } from './capture-server.ts';
import { decideCapture } from './decide-capture.ts';

/** What redirects the connections of pods. */
export interface PodCaptureOptions {
  readonly api: Api;
  readonly settings: InjectionSettings;
  /** Where network namespaces are mounted on the host; here in the first of them. */
  readonly namespaces: readonly [string, ...string[]];
  readonly log: Logger;
}

/** The folder in which container runtimes keep pods' network namespaces, by both of its names. */
export const NETNS_FOLDERS = ['/var/run/netns', '/run/netns'] as const;

/** Redirects the connections of a pod to its proxy, where it has one. Rejects with why it could not, and then the pod must not start. */
export async function capturePod(
  { api, settings, namespaces, log }: PodCaptureOptions,
  { namespace, netns, pod: name, uid }: CaptureRequest,
  signal: AbortSignal,
): Promise<void> {
  const pod = await readPod(api, { namespace, name }, signal);
  if (uid !== '' && pod.metadata.uid !== uid) throw new Error(`the pod ${namespace}/${name} is another one by now`);
  const decision = decideCapture(pod as unknown as PodShape, settings);
  switch (decision.kind) {
    case 'leave':
      return log.debug('a pod is left alone', { pod: `${namespace}/${name}`, because: decision.because });
    case 'refuse':
      throw new Error(decision.message);
    case 'capture': {
      const { base, dir } = posix.parse(posix.normalize(netns));
      if (!namespaces.includes(dir))
        throw new Error(`the network namespace ${netns} is in none of ${namespaces.join(', ')}`);
      await inNamespace(`${namespaces[0]}/${base}`, decision.script);
      log.info('the connections of a pod are captured', { pod: `${namespace}/${name}` });
    }
  }
}

async function readPod(api: Api, ref: { namespace: string; name: string }, signal: AbortSignal): Promise<Pod> {
  try {
    return await api.get(POD, ref, { signal });
  } catch (cause) {
    const isGone = cause instanceof ApiError && cause.code === 404;
    const why = isGone ? 'is gone' : 'cannot be read, so nobody knows whether it has a proxy';
    throw new Error(`the pod ${ref.namespace}/${ref.name} ${why}`, { cause });
  }
}

async function inNamespace(path: string, script: string): Promise<void> {
  const { exitCode, tail } = await runCommand('nsenter', [`--net=${path}`, '--', 'nft', script]);
  if (exitCode !== 0) throw new Error(`nft refuses the rules: ${tail}`);
}
