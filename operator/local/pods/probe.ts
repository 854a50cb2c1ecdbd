import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import type { IntOrString } from '../../api/core.ts';
import type { LocalContainer, Probe } from '../cluster/kinds.ts';

/** One look at a process from outside. */
export type Check =
  | {
      readonly kind: 'http';
      readonly secure: boolean;
      readonly host: string;
      readonly port: number;
      readonly path: string;
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'exec'; readonly command: readonly string[] };

/** When a container is ready. Times are in milliseconds. */
export interface ReadinessPlan {
  /** All of these must hold; none: ready when it runs. */
  readonly checks: readonly Check[];
  readonly initialDelayMs: number;
  /** Between two looks once it was ready. */
  readonly periodMs: number;
  readonly timeoutMs: number;
  /** Looks in a row that must fail before it is no longer ready. */
  readonly failureThreshold: number;
}

/** Where the application of a container listens; `port` instead of the container's first one. */
export interface Listening {
  readonly host: string;
  readonly port?: number;
}

/** The readiness probe of a container; without one it is ready when its TCP ports are open. */
export function readinessOf(container: LocalContainer, listening: Listening): ReadinessPlan {
  const probe = container.readinessProbe;
  return {
    checks: probe === undefined ? openPorts(container, listening) : [checkOf(probe, container, listening)],
    initialDelayMs: (probe?.initialDelaySeconds ?? 0) * 1000,
    periodMs: (probe?.periodSeconds ?? 10) * 1000,
    timeoutMs: (probe?.timeoutSeconds ?? 1) * 1000,
    failureThreshold: probe?.failureThreshold ?? 3,
  };
}

/** Takes one look. Answers what is wrong; undefined when all is well. */
export async function look(check: Check, timeoutMs: number, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  switch (check.kind) {
    case 'http':
      return await lookByHttp(check, timeoutMs);
    case 'tcp':
      return await lookByTcp(check.host, check.port, timeoutMs);
    case 'exec':
      return await lookByCommand(check.command, timeoutMs, env);
  }
}

function openPorts(container: LocalContainer, { host, port }: Listening): readonly Check[] {
  const ports = (container.ports ?? []).filter(({ protocol }) => protocol === undefined || protocol === 'TCP');
  return ports.map(({ containerPort }, index) => ({
    kind: 'tcp',
    host,
    port: index === 0 && port !== undefined ? port : containerPort,
  }));
}

function checkOf(probe: Probe, container: LocalContainer, listening: Listening): Check {
  const { host } = listening;
  if (probe.exec !== undefined) return { kind: 'exec', command: probe.exec.command };
  if (probe.httpGet !== undefined) {
    const { path = '/', port, scheme } = probe.httpGet;
    return { kind: 'http', secure: scheme === 'HTTPS', host, port: portOf(port, container, listening), path };
  }
  const port = probe.tcpSocket?.port ?? probe.grpc?.port ?? 0;
  return { kind: 'tcp', host, port: portOf(port, container, listening) };
}

function portOf(port: IntOrString, container: LocalContainer, listening: Listening): number {
  const ports = container.ports ?? [];
  const index = ports.findIndex(({ name, containerPort }) => name === port || containerPort === port);
  if (index === 0 && listening.port !== undefined) return listening.port;
  return ports[index]?.containerPort ?? Number(port);
}

type HttpCheck = Extract<Check, { kind: 'http' }>;

/** As the kubelet does: 200 to 399 is well, a redirect is not followed, a certificate is not verified. */
function lookByHttp({ host, path, port, secure }: HttpCheck, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { host, port, path, agent: false, signal: AbortSignal.timeout(timeoutMs) };
    const asked = secure ? secureRequest({ ...options, rejectUnauthorized: false }) : request(options);
    asked.once('response', (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      resolve(statusCode >= 200 && statusCode < 400 ? undefined : `GET ${path} answers ${statusCode}`);
    });
    asked.once('error', (error) => resolve(`GET ${path}: ${error.message}`));
    asked.end();
  });
}

/** Whether a port is open. */
export function lookByTcp(host: string, port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const answer = (result: string | undefined): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () => answer(`port ${port} does not answer`));
    socket.once('connect', () => answer(undefined));
    socket.once('error', () => answer(`port ${port} is not open`));
  });
}

function lookByCommand(
  command: readonly string[],
  timeout: number,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    execFile(program, args, { timeout, env }, (error) => resolve(error === null ? undefined : error.message));
  });
}
