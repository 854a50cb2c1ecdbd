import { resolve } from 'node:path';
import { POD } from '../../api/index.ts';
import { ADMIN_PORT } from '../../webhooks/injection/proxy-ports.ts';
import { isMeshed } from '../../build/index.ts';
import { askLocal, NotRunningError } from '../../local/status/local-client.ts';
import { readRecord } from '../../local/run/run-directory.ts';
import type { StatusReport } from '../../local/status/status-report.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { getText } from '../cluster/http-over.ts';
import { portForward } from '../cluster/port-forward.ts';
import type { ConfigDump } from './dump.ts';

const CONFIG_DUMP = '/config_dump?include_eds';

/** What the proxy of a pod of a cluster has, over its admin interface on loopback. Rejects with what to do. */
export async function dumpOfPod({ api, connection, namespace }: Cluster, name: string): Promise<ConfigDump> {
  const pod = await api.get(POD, { namespace, name });
  if (!isMeshed(pod))
    throw new Error(`pod ${namespace}/${name} has no proxy; dotkube describe pod ${name} -n ${namespace} tells why`);
  const stream = await portForward(connection, { namespace, name }, ADMIN_PORT);
  return JSON.parse(await getText({ stream }, CONFIG_DUMP)) as ConfigDump;
}

/** What a proxy of `dotkube up` has; `pod` may leave out what comes after the name of its workload. */
export async function dumpOfLocal(
  runDirectory: string,
  namespace: string | undefined,
  pod: string,
): Promise<ConfigDump> {
  const run = await readRecord(resolve(runDirectory));
  if (run === undefined) throw new NotRunningError(`no dotkube up is running with ${runDirectory}`);
  const { replicas = [] } = await askLocal<StatusReport>(run.socket, '/v1/status');
  const inside = replicas.filter((each) => namespace === undefined || each.pod.startsWith(`${namespace}/`));
  const isNamed = (name: string): boolean => name === pod || name.slice(name.indexOf('/') + 1) === pod;
  const found = inside.find((each) => isNamed(each.pod));
  if (found === undefined)
    throw new Error(`there is no pod ${pod}, but ${inside.map((each) => each.pod.split('/')[1]).join(', ') || 'none'}`);
  if (found.admin === undefined) throw new Error(`pod ${found.pod} has no proxy`);
  const colon = found.admin.lastIndexOf(':');
  const place = { host: found.admin.slice(0, colon), port: Number(found.admin.slice(colon + 1)) };
  return JSON.parse(await getText(place, CONFIG_DUMP)) as ConfigDump;
}
