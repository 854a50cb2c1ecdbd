import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrapFor, type ControlPlaneAddress, envoyArgs, rootsSecret, tokenSecret } from '@dot-kube/proxy/bootstrap';
import type { CancelTimer } from '../../framework/clock.ts';
import type { LocalTokenIssuer } from '../../identity/local-token-issuer.ts';
import type { PodAddresses } from '../addresses/loopback-plan.ts';
import { REGION_LABEL, ZONE_LABEL } from '../cluster/locality.ts';
import type { LocalPod } from '../cluster/kinds.ts';
import { LogFile } from '../processes/log-file.ts';
import {
  describeExit,
  type ProcessEvent,
  SupervisedProcess,
  type Supervision,
} from '../processes/supervised-process.ts';
import { lineSplitter } from './line-splitter.ts';
import { look } from './probe.ts';

/** Port of the admin interface, on the replica's own admin address. */
export const ADMIN_PORT = 15_000;

/** How Envoys reach the control plane of this run. */
export interface LocalControlPlane {
  readonly address: ControlPlaneAddress;
  /** A DNS name of the server's certificate. */
  readonly serverName: string;
  /** The roots to verify it with, PEM, now and whenever they change. */
  readonly roots: { readonly pem: string; onChange(listener: (pem: string) => void): () => void };
}

/** What all sidecars of a run share. */
export interface SidecarContext extends Supervision {
  readonly envoyPath: string;
  readonly controlPlane: LocalControlPlane;
  readonly tokens: Pick<LocalTokenIssuer, 'issue'>;
  /** Private folder of the run. */
  readonly directory: string;
  /** A line of the access log of a replica. */
  readonly onAccessLog: (pod: LocalPod, line: string) => void;
}

/** What is told of a sidecar: in words, for the terminal. */
export type SidecarNotice = (message: string) => void;

/** The Envoy of one replica: its files, its process, its token. */
export class Sidecar {
  readonly #context: SidecarContext;
  readonly #pod: LocalPod;
  readonly #addresses: PodAddresses;
  readonly #notice: SidecarNotice;
  readonly #folder: string;
  readonly #log: LogFile;
  readonly #accessLog: LogFile;
  #process: SupervisedProcess | undefined;
  #cancelRenewal: CancelTimer | undefined;
  #stopListening: (() => void) | undefined;

  constructor(context: SidecarContext, pod: LocalPod, addresses: PodAddresses, notice: SidecarNotice) {
    this.#context = context;
    this.#pod = pod;
    this.#addresses = addresses;
    this.#notice = notice;
    const name = `${pod.metadata.namespace ?? 'default'}_${pod.metadata.name}`;
    this.#folder = join(context.directory, 'pods', name);
    this.#log = new LogFile(join(context.directory, 'logs', `${name}.envoy.log`));
    this.#accessLog = new LogFile(join(context.directory, 'logs', `${name}.access.log`));
  }

  /** The id of Envoy's process while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Writes the files and starts Envoy. */
  async start(): Promise<void> {
    const { controlPlane, envoyPath } = this.#context;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#writeToken();
    await this.#write('roots.json', rootsSecret({ kind: 'inline', text: controlPlane.roots.pem }));
    this.#stopListening = controlPlane.roots.onChange((pem) => {
      this.#write('roots.json', rootsSecret({ kind: 'inline', text: pem })).catch(this.#failed);
    });
    await this.#write('bootstrap.json', this.#bootstrap());
    const args = envoyArgs({ configPath: join(this.#folder, 'bootstrap.json'), logFlushMs: 100 });
    this.#process = new SupervisedProcess(
      {
        command: [envoyPath, ...args],
        cwd: this.#folder,
        env: { PATH: process.env['PATH'] },
        onStdout: lineSplitter((line) => this.#output(line)),
        onStderr: (chunk) => this.#log.write(chunk),
      },
      this.#context,
      (event) => this.#event(event),
    );
  }

  /** Whether Envoy has its configuration; answers what is wrong. */
  async check(): Promise<string | undefined> {
    const { admin } = this.#addresses;
    const wrong = await look({ kind: 'http', secure: false, host: admin, port: ADMIN_PORT, path: '/ready' }, 1000, {});
    return wrong === undefined ? undefined : `the proxy is not ready (${wrong})`;
  }

  async stop(graceMs: number): Promise<void> {
    this.#cancelRenewal?.();
    this.#stopListening?.();
    await this.#process?.stop(graceMs);
    await Promise.all([this.#log.close(), this.#accessLog.close()]);
    // Its token is good for a while yet.
    await rm(this.#folder, { recursive: true, force: true });
  }

  #bootstrap(): unknown {
    const { address, serverName } = this.#context.controlPlane;
    const { labels, name, namespace = 'default' } = this.#pod.metadata;
    const [region, zone] = [labels?.[REGION_LABEL], labels?.[ZONE_LABEL]];
    const bootstrap = bootstrapFor({
      node: {
        id: `${namespace}/${name}`,
        cluster: `${namespace}/${this.#pod.spec?.serviceAccountName ?? 'default'}`,
        ...(region === undefined && zone === undefined
          ? {}
          : { locality: { region: region ?? '', ...(zone === undefined ? {} : { zone }) } }),
      },
      controlPlane: {
        kind: 'tls',
        addresses: [address],
        serverNames: [{ kind: 'dns', value: serverName }],
        roots: { path: join(this.#folder, 'roots.json') },
        token: { path: join(this.#folder, 'token.json') },
      },
      admin: { kind: 'tcp', address: this.#addresses.admin, port: ADMIN_PORT },
    });
    // Peers are to see the replica's own address, as they would in a cluster.
    const source = { source_address: { address: this.#addresses.pod, port_value: 0 } };
    return { ...bootstrap, cluster_manager: { ...Object(bootstrap['cluster_manager']), upstream_bind_config: source } };
  }

  async #writeToken(): Promise<void> {
    const { clock, tokens } = this.#context;
    const { name, namespace = 'default', uid = '' } = this.#pod.metadata;
    const serviceAccount = this.#pod.spec?.serviceAccountName ?? 'default';
    const { renewAt, token } = tokens.issue({ namespace, serviceAccount, podName: name, podUid: uid });
    await this.#write('token.json', tokenSecret({ kind: 'inline', text: token }));
    this.#cancelRenewal = clock.setTimeout(() => {
      this.#writeToken().catch(this.#failed);
    }, renewAt - clock.now());
  }

  readonly #failed = (error: unknown): void => {
    this.#notice(`a file of its proxy could not be written: ${error instanceof Error ? error.message : String(error)}`);
  };

  /** Moved into place whole, which is what Envoy watches for. */
  async #write(name: string, content: unknown): Promise<void> {
    const path = join(this.#folder, name);
    await writeFile(`${path}.new`, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  #output(line: string): void {
    const access = line.startsWith('{');
    (access ? this.#accessLog : this.#log).write(`${line}\n`);
    if (access) this.#context.onAccessLog(this.#pod, line);
  }

  #event(event: ProcessEvent): void {
    if (event.kind === 'started') return;
    const again = `starting it again in ${event.restartInMs} ms; its log is ${this.#log.path}`;
    const what = event.kind === 'ended' ? `ended (${describeExit(event.exit)})` : `did not start: ${event.message}`;
    this.#notice(`its proxy ${what}, ${again}`);
  }
}
