/** The Kubernetes object that a resource of this name is made from: names are `namespace/service:port`, a subset after a bar. */
export function objectOf(name: string): string | undefined {
  const [, inbound] = /^inbound\/([^/]+)/.exec(name) ?? [];
  if (inbound !== undefined) return inbound === 'other' ? 'this pod, any other port' : `this pod, port ${inbound}`;
  const [, namespace, service] = /^([a-z0-9-]+)\/([a-z0-9-]+):\d+(?:\||$)/.exec(name) ?? [];
  return service === undefined ? undefined : `Service ${namespace}/${service}`;
}

/** The Service that a cluster's proxies ask each other for: clusters of TCP ports have addresses for names. */
export function askedFor(cluster: unknown): string | undefined {
  const [, service, namespace] =
    /"sni":"([a-z0-9-]+)\.([a-z0-9-]+)\.(?:http|tcp)\.mesh\.dot-kube\.internal"/.exec(JSON.stringify(cluster)) ?? [];
  return service === undefined ? undefined : `Service ${namespace}/${service}`;
}
