import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { createMetricsRegistry, gauge } from '../metrics.ts';
import { HealthServer } from './health-server.ts';

describe('the health server', () => {
  it('says what is well, what is ready and what is measured', async () => {
    let isReady = false;
    const metrics = createMetricsRegistry();
    gauge(metrics, { name: 'answer', help: 'The answer.' }).set(42);
    const server = new HealthServer({
      port: 0,
      host: '127.0.0.1',
      live: { ping: () => true },
      ready: {
        caches: () => isReady,
        remote: async () => {
          if (!isReady) throw new Error('away');
          return true;
        },
      },
      metrics,
    });
    const stop = new AbortController();
    const running = server.run(stop.signal);
    await server.started();
    const get = async (path: string): Promise<[number, string]> => {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
      return [response.status, await response.text()];
    };
    assert.deepEqual(await get('/livez'), [200, '[+] ping ok\nok\n']);
    assert.deepEqual(await get('/healthz?verbose'), [200, '[+] ping ok\nok\n']);
    assert.deepEqual(await get('/readyz'), [503, '[-] caches failed\n[-] remote failed\nnot ok\n']);
    isReady = true;
    assert.deepEqual(await get('/readyz'), [200, '[+] caches ok\n[+] remote ok\nok\n']);
    const [code, text] = await get('/metrics');
    assert.equal(code, 200);
    assert.match(text, /^answer 42$/m);
    assert.equal((await get('/elsewhere'))[0], 404);
    stop.abort();
    await running;
    await assert.rejects(get('/livez'));
  });

  it('answers what is for its own host to nobody else', async (context) => {
    const server = new HealthServer({ port: 0, host: '0.0.0.0', local: { '/debug/answer': () => ({ answer: 42 }) } });
    const stop = new AbortController();
    context.after(() => stop.abort());
    const running = server.run(stop.signal);
    await server.started();
    const get = async (host: string, path: string): Promise<[number, string]> => {
      const response = await fetch(`http://${host}:${server.port}${path}`);
      return [response.status, await response.text()];
    };
    assert.deepEqual(await get('127.0.0.1', '/debug/answer'), [200, '{"answer":42}']);
    assert.equal((await get('127.0.0.1', '/debug/other'))[0], 404);
    assert.equal((await get('127.0.0.1', '/constructor'))[0], 404);
    // To an address of the network a host connects from that address.
    const outer = Object.values(networkInterfaces()).flat();
    const address = outer.find((each) => each?.internal === false && each.family === 'IPv4')?.address;
    if (address === undefined) context.diagnostic('this host has no network');
    else assert.equal((await get(address, '/debug/answer'))[0], 404);
    stop.abort();
    await running;
  });

  it('fails to run on a port that is taken', async () => {
    const first = new HealthServer({ port: 0, host: '127.0.0.1' });
    const stop = new AbortController();
    const running = first.run(stop.signal);
    await first.started();
    const second = new HealthServer({ port: first.port, host: '127.0.0.1' });
    await assert.rejects(second.run(stop.signal), /EADDRINUSE/);
    stop.abort();
    await running;
  });
});
