/**
 * Somebody who must not get in, and tries all the time: `node denied-program.ts HOST:PORT…` asks each target on a fixed schedule, over a
 * new connection and over one that is kept, whether answers come or not. SIGTERM makes it write what became of it, as JSON, and end.
 */
import { Agent, request } from 'node:http';

const targets = process.argv.slice(2).map((target) => {
  const [host = '', port = ''] = target.split(':');
  return { host, port: Number(port), agent: new Agent({ keepAlive: true, maxSockets: 2 }) };
});

/** Between two rounds, in milliseconds. */
const PERIOD = 8;
/** Tries that may be under way at once: more would only measure this machine. */
const MOST = 150;
const TIMEOUT_MS = 1000;

const result = { sent: 0, letIn: [] as string[], refused: 0, failed: 0 };
let underWay = 0;

function attempt(host: string, port: number, agent: Agent | false): void {
  underWay += 1;
  result.sent += 1;
  let isOver = false;
  const over = (status: number): void => {
    if (isOver) return;
    isOver = true;
    underWay -= 1;
    if (status === 200)
      result.letIn.push(
        `${host}:${port} at ${new Date().toISOString()}${agent === false ? '' : ' over a kept connection'}`,
      );
    else if (status === 0) result.failed += 1;
    else result.refused += 1;
  };
  const asked = request({ host, port, agent, timeout: TIMEOUT_MS }, (response) => {
    response.resume();
    over(response.statusCode ?? 0);
  });
  asked.on('timeout', () => asked.destroy());
  asked.on('error', () => over(0));
  asked.on('close', () => over(0));
  asked.end();
}

setInterval(() => {
  for (const { host, port, agent } of targets) {
    if (underWay >= MOST) return;
    attempt(host, port, false);
    attempt(host, port, agent);
  }
}, PERIOD);

process.on('SIGTERM', () => {
  const { letIn, ...rest } = result;
  process.stdout.write(`\n${JSON.stringify({ ...rest, letIn: letIn.length, examples: letIn.slice(0, 5) })}\n`, () =>
    process.exit(0),
  );
});
process.stdout.write('ready\n');
