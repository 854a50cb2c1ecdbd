import { connect } from 'node:tls';
import { MemoryCaStore } from '../../../operator/identity/index.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { countsOf } from '../harness/counts.ts';
import type { Certificate } from '../../integration/envoy/harness/index.ts';
import { CALLERS } from './v08/certificates.ts';
import { mutatedHeaders } from './v08/mutations.ts';
import { oddCertificate } from './v08/odd-certificate.ts';
import { CALLER_CASES, HEADER_CASES } from './v08/policies.ts';
import { attack, bypassCheck } from './wire/attack.ts';
import { type Guarded, startGuardedMesh } from './wire/guarded-mesh.ts';
import { type Dial, sendRaw } from './wire/raw-caller.ts';
import { Seeded, seedOf } from './wire/seeded.ts';

const REQUESTS: Readonly<Record<FaultSize, number>> = { short: 4000, standard: 40_000, full: 1_000_000 };

const HEADERS = 'requests whose header reads as one that is denied';
const NAMES = 'callers whose certificates name somebody else or nobody';
const SELVES = 'callers who are somebody';

/** Headers and certificates that two readers take for different things. */
export const V8: Fault = {
  id: 'V8',
  title: 'Headers come twice or as lists, certificates have odd names',
  expected: '0 requests reach an application whose policy speaks against any reading of them',
  isShort: true,
  controls: [
    {
      title: 'a list is compared whole',
      file: 'proxy/envoy/rbac/request-header.ts',
      find: 'const LIST_AFTER = `[ \\\\t]*(?:,${BYTES})?`',
      replace: "const LIST_AFTER = ''",
      fails: HEADERS,
    },
    {
      title: 'one line that fits lets a header in',
      file: 'proxy/envoy/rbac/request-header.ts',
      find: 'allOf([fits, not(found)])',
      replace: 'allOf([fits])',
      fails: HEADERS,
    },
    {
      title: 'what the caller says of its certificate is forwarded',
      file: 'proxy/envoy/http-connection-manager.ts',
      find: 'HttpConnectionManager_ForwardClientCertDetails.SANITIZE_SET,',
      replace: 'HttpConnectionManager_ForwardClientCertDetails.ALWAYS_FORWARD_ONLY,',
      fails: HEADERS,
    },
    {
      title: 'any name of the trust domain is an identity',
      file: 'proxy/envoy/transport-socket.ts',
      find: '/ns/[^/]+/sa/[^/]+`',
      replace: '/.*`',
      fails: NAMES,
    },
  ],
  run,
};

async function run(context: FaultContext): Promise<readonly Check[]> {
  const seed = seedOf();
  const random = new Seeded(seed);
  const store = new MemoryCaStore();
  const callers = CALLER_CASES.map(({ name, policy }) => ({ name, policies: [policy], judge: () => undefined }));
  await using mesh = await startGuardedMesh([...HEADER_CASES, ...callers], store);
  context.say(`seed ${seed}`);
  const [onHeaders, onNames] = [mesh.guarded.slice(0, HEADER_CASES.length), mesh.guarded.slice(HEADER_CASES.length)];
  const sent = REQUESTS[context.size];
  const statuses = await attack(onHeaders, sent, context, () =>
    Buffer.from(`GET / HTTP/1.1\r\nhost: a\r\n${mutatedHeaders(random)}\r\n`, 'latin1'),
  );
  const root = (await store.load())?.state.current;
  if (root === undefined) throw new Error('the mesh has no root');
  return [bypassCheck(HEADERS, onHeaders, sent, statuses), ...(await namesChecks(onNames, root))];
}

async function namesChecks(
  guarded: readonly Guarded[],
  root: Parameters<typeof oddCertificate>[0],
): Promise<readonly Check[]> {
  const wrong: string[] = [];
  const kept: string[] = [];
  let [strangers, somebodies] = [0, 0];
  for (const { what, names, subject, is } of CALLERS) {
    const certificate = await oddCertificate(root, names, subject);
    for (const [index, { inbound }] of guarded.entries()) {
      const { name, lets } = CALLER_CASES[index] ?? { name: '', lets: () => false };
      const isIn = (await statusOf(dialTls(inbound, certificate))) === 200;
      const mayBe = lets(is);
      if (mayBe) somebodies += 1;
      else strangers += 1;
      if (isIn && !mayBe) wrong.push(`${name}: ${what}`);
      if (!isIn && mayBe) kept.push(`${name}: ${what}`);
    }
  }
  return [
    {
      name: NAMES,
      expected: '0 reach the application',
      measured: `${countsOf(wrong.length, strangers, 'reached it')}${wrong.length === 0 ? '' : `: ${wrong.slice(0, 6).join('; ')}`}`,
      passed: wrong.length === 0,
    },
    {
      name: SELVES,
      expected: 'all answered',
      measured: kept.length === 0 ? `${somebodies} of ${somebodies} answered` : kept.slice(0, 6).join('; '),
      passed: kept.length === 0,
    },
  ];
}

async function statusOf(dial: Dial): Promise<number> {
  const requests = [Buffer.from('GET / HTTP/1.1\r\nhost: a\r\n\r\n')];
  const statuses = await sendRaw(dial, 1, () => requests.pop()).catch(() => new Map([[0, 1]]));
  return [...statuses.keys()][0] ?? 0;
}

/** As a caller's Envoy connects, but with this certificate. */
function dialTls(to: { readonly address: string; readonly port: number }, certificate: Certificate): Dial {
  return () =>
    new Promise((resolve, reject) => {
      const socket = connect({
        ...certificate,
        host: to.address,
        port: to.port,
        servername: 'any.shop.http.mesh.dot-kube.internal',
        // Whoever attacks does not mind who answers.
        rejectUnauthorized: false,
      });
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        socket.off('error', reject);
        resolve(socket);
      });
    });
}
