import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A kubectl that ended with another code than 0. */
export class KubectlError extends Error {
  override readonly name = 'KubectlError';
  readonly exitCode: number | null;
  readonly stdout: string;
  /** What kubectl said; the message holds it too. */
  readonly stderr: string;

  constructor(args: readonly string[], exitCode: number | null, stdout: string, stderr: string) {
    super(`kubectl ${args.join(' ')}: exit code ${exitCode}\n${stderr.trim()}`);
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/** Runs the real kubectl against one cluster. */
export interface Kubectl {
  /** Standard output of `kubectl <args>`. Throws KubectlError when the exit code is not 0. */
  (...args: readonly string[]): Promise<string>;
  /** The same with text on standard input: `kubectl.input(yaml, 'apply', '-f', '-')`. */
  input(input: string, ...args: readonly string[]): Promise<string>;
}

/** A kubectl bound to a kubeconfig. `program` is its path. */
export function kubectlFor(program: string, kubeconfig: string): Kubectl {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const run = async (input: string, args: readonly string[]) => {
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    // It may end without having read its input; its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (exitCode !== 0) throw new KubectlError(args, exitCode, stdout, stderr);
    return stdout;
  };
  return Object.assign((...args: readonly string[]) => run('', args), {
    input: (input: string, ...args: readonly string[]) => run(input, args),
  });
}
