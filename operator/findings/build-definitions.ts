import { define } from './definition.ts';

/** What is found when objects are compiled together: DK20xx references, DK21xx what cannot apply, DK22xx conflicts, DK23xx notes. */
export const BUILD_DEFINITIONS = {
  DK2001: define({
    title: 'ServiceNotFound',
    level: 'error',
    effect: 'unresolved',
    message: 'the namespace {namespace} has no Service {service}',
    fix: 'create the Service {service}, or correct the name; it is taken up as soon as it is there',
  }),
  DK2002: define({
    title: 'BackendNotFound',
    level: 'error',
    effect: 'unresolved',
    message:
      'the namespace {namespace} has no Service {service}, and the share of it fails (of TCP connections, it goes to the others)',
    fix: 'create the Service {service}, or correct the name, or set the weight to 0',
  }),
  DK2003: define({
    title: 'PortNotFound',
    level: 'error',
    effect: 'unresolved',
    message: 'the Service {service} has no port {port}; it has {ports}',
    fix: 'name one of {ports}',
  }),
  DK2004: define({
    title: 'BackendPortNotFound',
    level: 'error',
    effect: 'unresolved',
    message: 'the Service {service} has no port with the number or the name of {port}, which is called on {root}',
    fix: 'give {service} the port {port}, under the same number or name',
  }),
  DK2101: define({
    title: 'SplitOfTcp',
    level: 'error',
    effect: 'refused',
    message: '{field} needs HTTP, and port {port} of {service} is TCP',
    fix: 'set appProtocol: http on the port if it is HTTP, name another port, or remove {field}',
  }),
  DK2102: define({
    title: 'HttpRuleOnTcp',
    level: 'error',
    effect: 'refused',
    message: 'the rule asks for {field} of a request, and port {port} of {workload} is TCP, where there are none',
    fix: 'name the HTTP ports in the rule, set appProtocol: http on the port of the Service if it is HTTP, or remove {field}',
  }),
  DK2103: define({
    title: 'SplitOfHeadless',
    level: 'error',
    effect: 'refused',
    message: '{service} is headless: its callers choose the pod, and nothing is left to split',
    fix: 'give the Service a cluster IP, or split another Service with the same pods',
  }),
  DK2104: define({
    title: 'HashMissing',
    level: 'error',
    effect: 'refused',
    message: 'the algorithm {algorithm} needs a hash, and no layer has one for {service}',
    fix: 'add loadBalancer.hash here, or choose another algorithm',
  }),
  DK2105: define({
    title: 'PathNeverFits',
    level: 'error',
    effect: 'refused',
    message: 'the path {path} fits no request, as requests are compared as {normalized}',
    fix: 'write {normalized}',
  }),
  DK2106: define({
    title: 'Unsupported',
    level: 'error',
    effect: 'refused',
    message: '{feature} cannot work on {subject}',
    fix: 'remove it, or apply it elsewhere',
  }),
  DK2107: define({
    title: 'SlowStartImpossible',
    level: 'error',
    effect: 'refused',
    message: 'slowStart cannot work for {service}, whose algorithm is {algorithm}, which has no weights that grow',
    fix: 'set loadBalancer.algorithm to LeastRequest or RoundRobin here, or remove slowStart',
  }),
  DK2201: define({
    title: 'Conflicted',
    level: 'error',
    effect: 'conflicted',
    message: '{other} sets {field} too, and is older',
    fix: 'remove {field} here or there, or merge the two objects',
  }),
  DK2202: define({
    title: 'AddressTaken',
    level: 'error',
    effect: 'conflicted',
    message: 'the address {address} belongs to {other}, which is older: calls to it go there',
    fix: 'give the Service another clusterIP, or leave it out so that one is found',
  }),
  DK2203: define({
    title: 'ProtocolInDispute',
    level: 'warning',
    effect: 'noted',
    message:
      'port {port} of the pods is HTTP for one Service and TCP for another, {service} among them: the first bytes decide',
    fix: 'set the same appProtocol on the ports of all Services that lead there',
  }),
  DK2301: define({
    title: 'SelectsNothing',
    level: 'info',
    effect: 'noted',
    message: 'no pod of {scope} carries the labels {labels}',
    fix: 'correct the labels, if there should be such pods',
  }),
  DK2302: define({
    title: 'ProtocolSniffed',
    level: 'warning',
    effect: 'noted',
    message:
      'port {port} of {service} does not say what it speaks: the first bytes are looked at, and where the server speaks first each connection waits {wait}',
    fix: 'set appProtocol on the port, or begin its name with http-, grpc- or tcp-',
  }),
  DK2303: define({
    title: 'OnlyHttp',
    level: 'warning',
    effect: 'noted',
    message: '{field} has no effect on port {port} of {service}, which is TCP',
    fix: 'set appProtocol: http on the port if it is HTTP, or remove {field}',
  }),
  DK2304: define({
    title: 'DryRun',
    level: 'info',
    effect: 'noted',
    message: 'nothing is enforced: what would be decided is in the access log and the metrics',
    fix: 'remove mode, or set mode: Enforce, to put it into force',
  }),
  DK2305: define({
    title: 'ClosedForTcp',
    level: 'warning',
    effect: 'noted',
    message:
      'port {port} of {workload} is TCP, where nothing can be that the rules allow: connections are refused, unless another policy allows them',
    fix: 'add a rule without HTTP fields for the port, or name the HTTP ports by targetRefs with sectionName',
  }),
  DK2306: define({
    title: 'TargetPortNotFound',
    level: 'warning',
    effect: 'noted',
    message: 'no container behind {service} has a port of the name {target}, where its port {port} leads',
    fix: 'name the port in the container, or write its number in targetPort',
  }),
  DK2307: define({
    title: 'NotForTheNetwork',
    level: 'info',
    effect: 'noted',
    message:
      'no NetworkPolicy says any of it: it asks about requests, or about identities where plain text is taken as well',
    fix: 'nothing, as the proxies decide; to have the network refuse too, say who may call, and set mtls.mode: Strict',
  }),
  DK2308: define({
    title: 'FamilyNotCaptured',
    level: 'warning',
    effect: 'noted',
    message:
      'pods of {service} have {family} addresses, and connections to these go past their proxies: neither mTLS nor authorization holds there',
    fix: 'name both families in proxy.ipFamilies of the installation (--ip-families=ipv4,ipv6), and start the pods anew',
  }),
  DK2309: define({
    title: 'ExternalNameLeadsNowhere',
    level: 'warning',
    effect: 'noted',
    message: '{service} stands for {name}, {problem}: calls by its name reach nobody',
    fix: 'correct spec.externalName; addresses are given by a Service without a selector and an EndpointSlice',
  }),
};
