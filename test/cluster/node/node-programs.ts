import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { NodeTool } from '../../tools/kube-binaries.ts';
import type { TestAuthority } from '../certificates.ts';
import { type ImageArchive, PAUSE_IMAGE } from '../images/own-images.ts';
import { kubeconfigYaml } from '../kubeconfig.ts';
import type { ClusterState } from './cluster-state.ts';
import type { RunningControlPlane } from './control-programs.ts';
import { POD_CIDR } from './network.ts';
import { type NodeProgram, type NodeSpace, runInNode, startInNode, waitFor } from './node-space.ts';

type Programs = Readonly<Record<NodeTool, string>>;

/** The address of every cluster's DNS. */
export const DNS_ADDRESS = '10.96.0.10';
export const CLUSTER_DOMAIN = 'cluster.local';

const SOCKET = '/run/containerd/containerd.sock';
const CTR = ['ctr', '--address', SOCKET, '--namespace', 'k8s.io'] as const;

const CONTAINERD_CONFIG = `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "${SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/opt/cni/bin"
    conf_dir = "/etc/cni/net.d"
`;

/** Starts containerd with the network of its pods, and returns when it has the images. */
export async function startContainerd(
  state: ClusterState,
  node: NodeSpace,
  pods: string,
  images: Promise<readonly ImageArchive[]>,
): Promise<NodeProgram> {
  const network = {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      {
        type: 'bridge',
        bridge: 'pods',
        isGateway: true,
        hairpinMode: true,
        ipam: { type: 'host-local', ranges: [[{ subnet: pods }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
  await runInNode(node, ['tee', '/etc/cni/net.d/10-pods.conflist'], { input: JSON.stringify(network) });
  const config = join(node.folder, 'containerd.toml');
  await writeFile(config, CONTAINERD_CONFIG);
  const program = await startInNode(state, node, 'containerd', ['containerd', '--config', config]);
  const serves = () => runInNode(node, [...CTR, 'version']).then(() => true);
  await waitFor(program, serves);
  await Promise.all((await images).map((image) => importImage(node, image.name, () => createReadStream(image.path))));
  return program;
}

/** The last import of each node, by its process. */
const imports = new Map<number, Promise<void>>();

/** So often an import is tried. */
const IMPORTS = 6;
/** In between its garbage collector, which what was lost before keeps busy, comes to an end. */
const IMPORT_PAUSE_MS = 1500;

/**
 * Gives a node an image: a tar of docker's or of an OCI image layout. One after the other and more than once: containerd loses content
 * of an import now and then (`content digest …: not found`), more often of two at once.
 */
export async function importImage(
  node: Pick<NodeSpace, 'name' | 'pid'>,
  name: string,
  open: () => NodeJS.ReadableStream,
): Promise<void> {
  const before = imports.get(node.pid) ?? Promise.resolve();
  const args = [...CTR, 'images', 'import', '--index-name', fullName(name), '-'];
  const done = before.then(() => imported(node, args, open, IMPORTS));
  // One that failed keeps none of the others from it.
  imports.set(
    node.pid,
    done.catch(() => undefined),
  );
  await done;
}

async function imported(
  node: Pick<NodeSpace, 'name' | 'pid'>,
  args: readonly string[],
  open: () => NodeJS.ReadableStream,
  tries: number,
): Promise<void> {
  try {
    await runInNode(node, args, { input: open() });
  } catch (error) {
    if (tries === 1 || !/content digest .*: not found/.test(String(error))) throw error;
    await delay(IMPORT_PAUSE_MS);
    await imported(node, args, open, tries - 1);
  }
}

/** The name that containerd looks an image up by: `dot-kube/proxy:1` is one of docker.io. */
export function fullName(name: string): string {
  const [first = '', ...rest] = name.split('/');
  if (rest.length === 0) return `docker.io/library/${name}`;
  return first.includes('.') || first.includes(':') || first === 'localhost' ? name : `docker.io/${name}`;
}

/** Starts the kubelet and kube-proxy of a node. */
export async function startKubelet(
  state: ClusterState,
  node: NodeSpace,
  address: string,
  programs: Programs,
  authority: TestAuthority,
  control: RunningControlPlane,
): Promise<readonly NodeProgram[]> {
  const write = async (name: string, content: string) => {
    await writeFile(join(node.folder, name), content, { mode: 0o600 });
    return join(node.folder, name);
  };
  const serving = await authority.server([node.name], [address]);
  const own = await authority.client(`system:node:${node.name}`, ['system:nodes']);
  const proxy = await authority.client('system:kube-proxy', []);
  const kubeletConfig = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: control.authority },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: await write('kubelet.crt', serving.certificate),
    tlsPrivateKeyFile: await write('kubelet.key', serving.key),
    containerRuntimeEndpoint: `unix://${SOCKET}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: '/',
    failCgroupV1: false,
    failSwapOn: false,
    clusterDNS: [DNS_ADDRESS],
    clusterDomain: CLUSTER_DOMAIN,
    resolvConf: '',
    // The images cannot be had again.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'imagefs.available': '0%',
      'imagefs.inodesFree': '0%',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
    },
    serializeImagePulls: false,
  };
  const proxyConfig = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    hostnameOverride: node.name,
    clientConnection: {
      kubeconfig: await write('kube-proxy.kubeconfig', kubeconfigYaml(control.url, authority.certificate, proxy)),
    },
    clusterCIDR: POD_CIDR,
    // These are the machine's, and are not for us to set.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    iptables: { minSyncPeriod: '0s' },
  };
  const kubeconfig = await write('kubelet.kubeconfig', kubeconfigYaml(control.url, authority.certificate, own));
  return [
    await startInNode(state, node, 'kubelet', [
      programs.kubelet,
      `--config=${await write('kubelet.yaml', stringify(kubeletConfig))}`,
      `--kubeconfig=${kubeconfig}`,
      `--node-ip=${address}`,
      `--hostname-override=${node.name}`,
      `--node-labels=topology.kubernetes.io/zone=${node.name.replace('node', 'zone')}`,
    ]),
    await startInNode(state, node, 'kube-proxy', [
      programs['kube-proxy'],
      `--config=${await write('kube-proxy.yaml', stringify(proxyConfig))}`,
    ]),
  ];
}
