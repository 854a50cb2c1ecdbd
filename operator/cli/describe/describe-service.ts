import { carriesHttp, formatSpiffeId } from '@dot-kube/proxy/model';
import type { Pod, Service } from '../../api/index.ts';
import {
  callerPolicy,
  classKeyOf,
  type Effective,
  isAlive,
  isMeshed,
  MESH,
  PODS,
  serviceAccountOf,
  serviceFindings,
  settings,
} from '../../build/index.ts';
import { classServices } from '../../build/class-services.ts';
import { selects } from '../../build/selector.ts';
import { serviceFacts, type ServiceFacts } from '../../build/service-facts.ts';
import { serviceKey } from '../../build/sources.ts';
import { type PortPlan, splitPlan } from '../../build/split/split-plan.ts';
import { findingText } from '../../findings/index.ts';
import { keyOfObject } from '../../framework/api/object.ts';
import type { DerivedGraph } from '../../framework/derive/index.ts';
import { appliedPolicies, sourceText } from './applied.ts';
import { concerningClass, concerningService } from './concerning.ts';
import type { ServiceDescription, ServicePortDescription, WorkloadDescription } from './description.ts';
import { effectiveField, inboundDescriptions } from './inbound.ts';

/** What applies to a Service of the graph: to its callers, and to the pods behind it. */
export function describeService(graph: DerivedGraph, service: Service): ServiceDescription {
  const key = keyOfObject(service);
  const facts = graph.peek(serviceFacts, key);
  const behind = facts === undefined ? [] : podsBehind(graph, facts);
  const classes = [...Map.groupBy(behind, classKeyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  const sources = [
    ...graph.peek(concerningService, key),
    ...classes.flatMap(([classKey]) => graph.peek(concerningClass, classKey)),
  ];
  return {
    kind: 'Service',
    name: key,
    type: service.spec?.clusterIP === 'None' ? 'headless' : (service.spec?.type ?? 'ClusterIP'),
    ports: facts === undefined ? [] : portsOf(graph, facts),
    workloads: classes.map(([classKey, pods]) => workloadOf(graph, key, classKey, pods)),
    policies: appliedPolicies(graph, sources),
    findings: graph.peek(serviceFindings, key).map(findingText),
  };
}

function podsBehind(graph: DerivedGraph, { ref, selector }: ServiceFacts): readonly Pod[] {
  return graph
    .list(PODS)
    .filter(
      (pod) => pod.metadata.namespace === ref.namespace && isAlive(pod) && selects(selector, pod.metadata.labels ?? {}),
    );
}

function portsOf(graph: DerivedGraph, facts: ServiceFacts): readonly ServicePortDescription[] {
  const key = serviceKey(facts.ref);
  const plans = graph.peek(splitPlan, key).ports;
  return facts.ports.map(({ name, port, protocol }) => {
    const plan = plans.find((each) => each.port === port);
    const fields: Effective = graph.peek(callerPolicy, key).get(port) ?? {};
    const said = Object.entries(fields) as [string, { value: unknown; source: PortPlan['source'] } | undefined][];
    const backends = (carriesHttp(protocol) ? plan?.http?.backends : plan?.tcp) ?? [];
    return {
      port,
      name,
      protocol,
      fields: said.flatMap(([field, each]) =>
        each === undefined ? [] : [effectiveField(graph, field, each.value, each.source)],
      ),
      backends:
        backends.length === 0
          ? [{ to: `${key}:${port}`, weight: 1 }]
          : backends.map(({ cluster, weight }) => ({ to: cluster, weight })),
      ...(plan === undefined ? {} : { split: sourceText(plan.source) }),
    };
  });
}

function workloadOf(graph: DerivedGraph, service: string, classKey: string, pods: readonly Pod[]): WorkloadDescription {
  const { trustDomain } = graph.peek(settings, MESH);
  const [first] = pods;
  const serviceAccount = first === undefined ? 'default' : serviceAccountOf(first);
  const leading = graph.peek(classServices, classKey).find(({ ref }) => serviceKey(ref) === service);
  return {
    identity: formatSpiffeId({ trustDomain, namespace: first?.metadata.namespace ?? '', serviceAccount }),
    meshed: pods.every(isMeshed),
    pods: pods.map(({ metadata }) => metadata.name).sort(),
    inbound: inboundDescriptions(graph, classKey, leading?.ports.map(({ target }) => target) ?? []),
  };
}
