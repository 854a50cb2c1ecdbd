import { join } from 'node:path';
import type { Clock } from '../../framework/clock.ts';
import type { LocalContainer, LocalPod } from '../cluster/kinds.ts';
import { LogFile } from '../processes/log-file.ts';
import {
  describeExit,
  type ProcessEvent,
  SupervisedProcess,
  type Supervision,
} from '../processes/supervised-process.ts';
import { commandOf, environmentFor, type EnvironmentInput } from './pod-environment.ts';
import { type Listening, look, readinessOf } from './probe.ts';
import { watchReadiness } from './readiness.ts';

/** What all applications of a run share. */
export interface ApplicationContext extends Supervision {
  readonly clock: Clock;
  /** Private folder of the run. */
  readonly directory: string;
  /** Where processes run, unless the container has a `workingDir`. */
  readonly workingDirectory: string;
  readonly dataOf: EnvironmentInput['dataOf'];
  /** What every process gets beside its own variables. */
  readonly environment: NodeJS.ProcessEnv;
}

/** One container of a replica. */
export interface ApplicationOptions {
  readonly pod: LocalPod;
  readonly container: LocalContainer;
  readonly listening: Listening;
  readonly podIp: string;
  readonly services: EnvironmentInput['services'];
  /** Told when anything about it has changed; must not throw. */
  readonly onChange: () => void;
  /** Told in words, for the terminal. */
  readonly notice: (message: string) => void;
}

/** Where a container stands. */
export interface ApplicationState {
  readonly running: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  /** Why it is not ready. */
  readonly why: string;
}

/** One container's process, looked at by its readiness probe. */
export class Application {
  readonly #context: ApplicationContext;
  readonly #options: ApplicationOptions;
  readonly #log: LogFile;
  readonly #plan: ReturnType<typeof readinessOf>;
  #process: SupervisedProcess | undefined;
  #looking: AbortController | undefined;
  #state: ApplicationState = { running: false, ready: false, restarts: 0, why: 'not started' };

  constructor(context: ApplicationContext, options: ApplicationOptions) {
    this.#context = context;
    this.#options = options;
    const { container, listening, pod } = options;
    const { name, namespace = 'default' } = pod.metadata;
    const only = pod.spec?.containers?.[0]?.name === container.name;
    const file = `${namespace}_${name}${only ? '' : `.${container.name}`}.log`;
    this.#log = new LogFile(join(context.directory, 'logs', file));
    this.#plan = readinessOf(container, listening);
  }

  get state(): ApplicationState {
    return this.#state;
  }

  /** The id of its process while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts the process; says what is missing where it cannot. */
  start(): void {
    const { container, listening, notice, pod, podIp, services } = this.#options;
    const { host, port } = listening;
    const input = { pod, container, host, podIp, services, dataOf: this.#context.dataOf };
    const { missing, variables } = environmentFor(port === undefined ? input : { ...input, port });
    const command = commandOf(container, variables);
    if (missing.length > 0) return this.#refuse(`its environment needs ${missing.join(', ')}`);
    if (command.length === 0)
      return this.#refuse(
        `the container ${container.name} has no command: images are not run here, so say in command how to start it`,
      );
    const env = { ...this.#context.environment, ...variables };
    this.#process = new SupervisedProcess(
      {
        command,
        cwd: container.workingDir ?? this.#context.workingDirectory,
        env,
        onStdout: (chunk) => this.#log.write(chunk),
        onStderr: (chunk) => this.#log.write(chunk),
      },
      this.#context,
      (event) => this.#event(event, env, notice),
    );
  }

  async stop(graceMs: number): Promise<void> {
    this.#looking?.abort();
    await this.#process?.stop(graceMs);
    await this.#log.close();
  }

  #refuse(why: string): void {
    this.#options.notice(why);
    this.#change({ why });
  }

  #event(event: ProcessEvent, env: NodeJS.ProcessEnv, notice: (message: string) => void): void {
    this.#looking?.abort();
    if (event.kind === 'started') {
      this.#change({ running: true, ready: false, restarts: event.restarts, why: 'starting' });
      return this.#watch(env);
    }
    const what = event.kind === 'ended' ? `ended (${describeExit(event.exit)})` : event.message;
    this.#change({ running: false, ready: false, why: what });
    notice(`${what}; starting it again in ${event.restartInMs} ms; its log is ${this.#log.path}`);
  }

  #watch(env: NodeJS.ProcessEnv): void {
    const { signal } = (this.#looking = new AbortController());
    const { checks, timeoutMs } = this.#plan;
    void watchReadiness({
      plan: this.#plan,
      clock: this.#context.clock,
      look: async () => {
        const answers = await Promise.all(checks.map((check) => look(check, timeoutMs, env)));
        return answers.find((answer) => answer !== undefined);
      },
      onChange: (ready, why) => this.#change({ ready, why }),
      signal,
    });
  }

  #change(change: Partial<ApplicationState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onChange();
  }
}
