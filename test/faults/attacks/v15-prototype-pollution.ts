import { setTimeout as delay } from 'node:timers/promises';
import { typeUrls } from '@dot-kube/proxy/xds';
import { AdsClient } from '@dot-kube/proxy/xds/testing';
import { OPERATOR_NODE_FLAGS } from '../../../operator/image/index.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { nothing } from '../harness/checks.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { policy, SHOP } from '../harness/shop-objects.ts';
import { productionPackages, withoutIntegrity } from './v15/dependencies.ts';
import { poison } from './v15/in-memory.ts';
import { Seeded, seedOf } from './wire/seeded.ts';

/** Sets of objects. */
const SETS: Readonly<Record<FaultSize, number>> = { short: 100, standard: 500, full: 20_000 };

const MOST_PACKAGES = 15;
const POLLUTION = 'changes of what all objects share';

/** Names that every object of JavaScript answers to, wherever somebody may write a name. */
export const V15: Fault = {
  id: 'V15',
  title: 'Keys and names are __proto__, constructor and prototype, in every object',
  expected: 'nothing that objects share changes, nor what others get; the operator runs on, without __proto__',
  isShort: true,
  controls: [
    {
      title: 'merged fields are assigned',
      file: 'operator/framework/memory/merge.ts',
      find: '  return Object.fromEntries(merged);',
      replace: `  const assigned: Record<string, unknown> = {};
  for (const [name, value] of merged) {
    if (name === '__proto__' && isJsonObject(value)) Object.assign((assigned as { ['__proto__']: object })['__proto__'], value);
    else assigned[name] = value;
  }
  return assigned;`,
      fails: POLLUTION,
    },
  ],
  run,
};

async function run(context: FaultContext): Promise<readonly Check[]> {
  const seed = seedOf();
  context.say(`seed ${seed}`);
  const found = poison(SETS[context.size], seed, new Seeded(seed));
  const packages = await productionPackages();
  const hasFlag = OPERATOR_NODE_FLAGS.includes('--disable-proto=delete');
  return [
    nothing(POLLUTION, found.pollution, `none by ${found.objects.toLocaleString('en-US')} objects`),
    nothing('what others get because of it', found.differences, 'the same bytes'),
    nothing('errors that are thrown', found.thrown),
    ...(context.size === 'short' ? [] : [await operatorCheck()]),
    {
      name: 'the operator’s image',
      expected: 'starts Node.js with --disable-proto=delete',
      measured: OPERATOR_NODE_FLAGS.join(' '),
      passed: hasFlag,
    },
    {
      name: 'packages of others in production',
      expected: `at most ${MOST_PACKAGES}`,
      measured: `${packages.length}: ${packages.join(', ')}`,
      passed: packages.length <= MOST_PACKAGES,
    },
    // The copy that a control runs in has no lock file.
    ...(context.size === 'short'
      ? []
      : [nothing('packages in the lock file without a hash', await withoutIntegrity())]),
  ];
}

/** The operator as its image runs it, with what an API server takes of such names, and a proxy that is served all the same. */
async function operatorCheck(): Promise<Check> {
  await using mesh = await FaultMesh.start();
  const header = { name: '__proto__', value: 'constructor' };
  await mesh.cluster.apply(
    policy('AuthorizationPolicy', 'constructor', {
      action: 'Deny',
      rules: [{ name: 'constructor', to: [{ headers: [header] }] }],
    }),
    policy('MeshPolicy', 'prototype', {
      selector: { matchLabels: { constructor: 'prototype' } },
      mtls: { mode: 'Permissive' },
    }),
  );
  const spec = {
    namespace: SHOP,
    name: 'constructor',
    app: 'constructor',
    ip: '10.250.0.9',
    labels: { prototype: 'constructor' },
  };
  await mesh.services({ name: 'constructor', selector: { app: 'constructor' } });
  await mesh.cluster.pod(spec);
  const token = await mesh.cluster.token(spec);
  await using client = new AdsClient({
    port: mesh.controlPlane.port,
    ca: await mesh.operator.rootsPem(),
    token,
    nodeId: 'x',
  });
  client.subscribe(typeUrls.route, ['inbound/8080']);
  const isTold = (): boolean => {
    const bytes = client.resources(typeUrls.route).get('inbound/8080')?.bytes;
    return bytes !== undefined && Buffer.from(bytes).includes('deny:shop/constructor[constructor]');
  };
  await client.until(isTold, 10_000).catch(() => undefined);
  await delay(500);
  const { status } = await mesh.operator.health('/livez');
  return {
    name: 'the operator with such names in its API server',
    expected: 'runs, and serves the policies of these names',
    measured: `${status === 200 ? 'runs' : `answers ${status}`}, and ${isTold() ? 'serves them' : 'does not serve them'}`,
    passed: status === 200 && isTold(),
  };
}
