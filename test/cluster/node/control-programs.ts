import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { NodeTool } from '../../tools/kube-binaries.ts';
import { apiServerReadiness, writeApiServerFiles } from '../api-server.ts';
import type { KeyPair, TestAuthority } from '../certificates.ts';
import { etcdSettings } from '../etcd.ts';
import { kubeconfigYaml } from '../kubeconfig.ts';
import type { ClusterState } from './cluster-state.ts';
import { type NodeProgram, type NodeSpace, startInNode, waitFor } from './node-space.ts';

type Programs = Readonly<Record<NodeTool, string>>;

/** A control plane that runs in a node space. */
export interface RunningControlPlane {
  readonly url: string;
  /** Path of the authority's certificate. */
  readonly authority: string;
  readonly auditLog: string;
  /** Starts what makes pods, endpoints and service accounts of objects, and what places pods on nodes. */
  startControllers(): Promise<readonly NodeProgram[]>;
}

const PORT = 6443;

/** Who wrote what: every write, with its user and user agent. */
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    // Written by every node and every leader every few seconds; a test of ours looks at our own Lease.
    { level: 'None', users: ['system:kube-scheduler', 'system:kube-controller-manager'], resources: [leases()] },
    { level: 'None', userGroups: ['system:nodes'], resources: [leases()] },
    { level: 'Metadata', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
    { level: 'None' },
  ],
};

/** Starts etcd and kube-apiserver in `space`, reached at `address`, and returns when the API server is ready. */
export async function startControlPrograms(
  state: ClusterState,
  space: NodeSpace,
  programs: Programs,
  authority: TestAuthority,
  admin: KeyPair,
  address: string,
  apiServerArgs: readonly string[],
): Promise<RunningControlPlane> {
  const { folder } = space;
  const etcd = etcdSettings(folder);
  const etcdProgram = await startInNode(state, space, 'etcd', [programs.etcd, ...etcd.args]);
  const files = await writeApiServerFiles(folder, etcd.url, authority, [address, '127.0.0.1']);
  const kubelets = await authority.client('kube-apiserver-kubelet-client', ['system:masters']);
  const write = async (name: string, content: string) => {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const auditLog = join(folder, 'audit.log');
  const args = [
    ...files.args,
    '--bind-address=0.0.0.0',
    `--secure-port=${PORT}`,
    `--advertise-address=${address}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--kubelet-client-certificate=${await write('kubelets.crt', kubelets.certificate)}`,
    `--kubelet-client-key=${await write('kubelets.key', kubelets.key)}`,
    `--kubelet-certificate-authority=${files.authority}`,
    '--kubelet-preferred-address-types=InternalIP',
    // It has no kube-proxy beside it: it calls webhooks by the addresses of their pods.
    '--enable-aggregator-routing=true',
    `--audit-policy-file=${await write('audit-policy.yaml', stringify(AUDIT_POLICY))}`,
    `--audit-log-path=${auditLog}`,
    ...apiServerArgs,
  ];
  await waitFor(etcdProgram, etcd.listens);
  const server = await startInNode(state, space, 'kube-apiserver', [programs['kube-apiserver'], ...args]);
  const url = `https://${address}:${PORT}`;
  using readiness = apiServerReadiness(url, authority.certificate, admin);
  await waitFor(server, readiness.ready);

  const kubeconfig = async (user: string) => {
    const content = kubeconfigYaml(url, authority.certificate, await authority.client(`system:${user}`, []));
    return write(`${user}.kubeconfig`, content);
  };
  const startControllers = async () => {
    const [manager, scheduler] = ['kube-controller-manager', 'kube-scheduler'] as const;
    const managerConfig = await kubeconfig(manager);
    const schedulerConfig = await kubeconfig(scheduler);
    return Promise.all([
      startInNode(state, space, manager, [
        programs[manager],
        `--kubeconfig=${managerConfig}`,
        '--controllers=*,-nodeipam,-cloud-node-lifecycle-controller',
        `--root-ca-file=${files.authority}`,
        `--service-account-private-key-file=${files.signingKey}`,
        '--use-service-account-credentials=true',
        '--leader-elect=false',
        '--bind-address=127.0.0.1',
        '--profiling=false',
      ]),
      startInNode(state, space, scheduler, [
        programs[scheduler],
        `--kubeconfig=${schedulerConfig}`,
        '--leader-elect=false',
        '--bind-address=127.0.0.1',
        '--profiling=false',
      ]),
    ]);
  };
  return { url, authority: files.authority, auditLog, startControllers };
}

function leases(): { readonly group: string; readonly resources: readonly string[] } {
  return { group: 'coordination.k8s.io', resources: ['leases'] };
}
