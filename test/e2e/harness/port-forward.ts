import { startProcess } from '../../tools/process.ts';

/** A port of this machine that leads into a pod. */
export interface PortForward extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly address: string;
}

/** What to reach, and how. */
export interface PortForwardOptions {
  /** Path of kubectl. */
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** `kubectl port-forward`: reaches what listens on loopback of a pod, past its proxy. Throws with kubectl's words when it ends. */
export async function portForward(options: PortForwardOptions): Promise<PortForward> {
  const { kubeconfig, kubectl, namespace, pod, port } = options;
  let output = '';
  const listening = Promise.withResolvers<string>();
  const running = await startProcess({
    command: kubectl,
    args: ['port-forward', '--namespace', namespace, '--address', '127.0.0.1', `pod/${pod}`, `:${port}`],
    env: { ...process.env, KUBECONFIG: kubeconfig },
    onOutput: (chunk) => {
      output += chunk.toString();
      const address = /Forwarding from (127\.0\.0\.1:\d+) ->/.exec(output)?.[1];
      if (address !== undefined) listening.resolve(address);
    },
  });
  void running.exited.then(() => listening.reject(new Error(`kubectl port-forward ${pod}:${port} ended: ${output}`)));
  return { address: await listening.promise, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}
