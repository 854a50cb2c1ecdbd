import type { E2eCluster, PodObject } from './cluster.ts';

interface Ephemeral {
  readonly spec: { readonly ephemeralContainers?: readonly { readonly name: string }[] };
  readonly status: {
    readonly ephemeralContainerStatuses?: readonly {
      readonly name: string;
      readonly state: { readonly running?: object; readonly terminated?: { readonly exitCode: number } };
    }[];
  };
}

/** Adds a container to a pod that runs, as `kubectl debug` does, unless it is there; returns when it runs or has ended well. */
export async function addEphemeralContainer(
  cluster: E2eCluster,
  { metadata: { name, namespace } }: PodObject,
  container: { readonly name: string; readonly [field: string]: unknown },
): Promise<void> {
  const read = () => cluster.read<Ephemeral>('pod', '-n', namespace, name);
  const { ephemeralContainers = [] } = (await read()).spec;
  if (!ephemeralContainers.some((each) => each.name === container.name)) {
    const patch = JSON.stringify({ spec: { ephemeralContainers: [container] } });
    const words = ['patch', 'pod', '-n', namespace, name, '--subresource=ephemeralcontainers'];
    await cluster.kubectl(...words, '--type=strategic', '--patch', patch);
  }
  let last: unknown;
  await cluster.eventually(
    `the container ${container.name} of ${name} starts`,
    60,
    async () => {
      const { ephemeralContainerStatuses = [] } = (await read()).status;
      const state = ephemeralContainerStatuses.find((each) => each.name === container.name)?.state;
      last = state;
      const { running, terminated } = state ?? {};
      if (terminated !== undefined && terminated.exitCode !== 0) throw new Error(JSON.stringify(terminated));
      return running === undefined && terminated === undefined ? undefined : true;
    },
    () => JSON.stringify(last),
  );
}
