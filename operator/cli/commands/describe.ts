import { CLUSTER_FLAGS, NAMESPACE_FLAG, OUTPUT_FLAG } from '../cluster/flags.ts';
import { type Command, EXIT, UsageError } from '../command.ts';

const KINDS: Readonly<Record<string, 'Pod' | 'Service'>> = {
  pod: 'Pod',
  pods: 'Pod',
  po: 'Pod',
  service: 'Service',
  services: 'Service',
  svc: 'Service',
};

/** `dotkube describe` */
export const describe: Command = {
  usage: 'pod|service NAME [-n NAMESPACE] [-o table|json|yaml]',
  description: [
    'Shows what applies to a pod or a Service: the policies with how they stand, and for every port the effective policy, field',
    'by field, with the object and the layer that each value is from: mutual TLS, faults, time-outs, retries, where a split sends',
    'requests, and who may call.',
    '',
    'It is worked out here from the objects, by the same functions as in the operator; dotkube proxy-status tells whether',
    'the proxies have it.',
    '',
    'dotkube describe pod web-0 -n shop',
    'dotkube describe service/reviews -n bookstore -o yaml',
    '',
    'Exit codes: 0 it was told, 1 there is no such object, 2 called wrongly.',
  ].join('\n'),
  flags: { ...CLUSTER_FLAGS, ...NAMESPACE_FLAG, ...OUTPUT_FLAG },
  async run(call, io) {
    const [what = '', given = '', ...more] = call.arguments.flatMap((word) => word.split('/'));
    const kind = Object.hasOwn(KINDS, what) ? KINDS[what] : undefined;
    if (kind === undefined || given === '' || more.length > 0) throw new UsageError('pod NAME, or service NAME?');
    const { POD, SERVICE } = await import('../../api/index.ts');
    const { withCluster } = await import('../cluster/cluster.ts');
    const { print } = await import('../cluster/print.ts');
    const { describePod } = await import('../describe/describe-pod.ts');
    const { describeService } = await import('../describe/describe-service.ts');
    const { descriptionText } = await import('../describe/description-text.ts');
    const { meshSettings, objectsAround } = await import('../describe/gather.ts');
    const { graphOf } = await import('../describe/mesh-graph.ts');
    return await withCluster(call, io, async (cluster) => {
      const { api, namespace } = cluster;
      const ref = { namespace, name: given };
      const [object, objects, settings] = await Promise.all([
        kind === 'Pod' ? api.get(POD, ref) : api.get(SERVICE, ref),
        objectsAround(cluster, namespace),
        meshSettings(cluster),
      ]);
      const graph = graphOf(objects, settings);
      const description = object.kind === 'Pod' ? describePod(graph, object) : describeService(graph, object);
      await print(call, io, description, descriptionText);
      return EXIT.ok;
    });
  },
};
