import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Api, ApiError, refOf } from '../../operator/framework/index.ts';
import {
  InMemoryApi,
  seededRandom,
  WIDGET,
  WIDGET_SCHEMA,
  type Widget,
  type WidgetSpec,
  widget,
} from '../../operator/framework/testing/index.ts';
import { type FrameworkCluster, startFrameworkCluster } from './framework-cluster.ts';

const SEQUENCES = Number(process.env['PARITY_SEQUENCES'] ?? '25');
const FIRST_SEED = Number(process.env['PARITY_SEED'] ?? '1');
const STEPS = 16;

type Random = () => number;

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** Some of the values, in any order. */
function some<T>(random: Random, values: readonly T[]): T[] {
  const taken = values.filter(() => random() < 0.5);
  return random() < 0.5 ? taken : taken.toReversed();
}

function randomSpec(random: Random): WidgetSpec {
  const has = (): boolean => random() < 0.4;
  const value = (): string => pick(random, ['x', 'y']);
  const keys = (): Record<string, string> =>
    Object.fromEntries(some(random, ['k1', 'k2']).map((key) => [key, value()]));
  const part = (name: string) => (has() ? { name, count: pick(random, [1, 2]) } : { name });
  return {
    ...(has() ? { color: value() } : {}),
    ...(has() ? { size: pick(random, [1, 2]) } : {}),
    ...(has() ? { nested: { ...(has() ? { a: value() } : {}), ...(has() ? { b: value() } : {}) } } : {}),
    ...(has() ? { options: keys() } : {}),
    ...(has() ? { parts: some(random, ['p', 'q', 'r']).map(part) } : {}),
    ...(has() ? { tags: some(random, ['s', 't', 'u']) } : {}),
    ...(has() ? { steps: some(random, ['m', 'n']) } : {}),
  };
}

/** Something that can be done to the widget, the same on every API. */
type Step = (api: Api, namespace: string) => Promise<Widget>;

function randomStep(random: Random, name: string): Step {
  const fieldManager = pick(random, ['one', 'two', 'three']);
  const force = random() < 0.4;
  const spec = random() < 0.95 ? randomSpec(random) : undefined;
  const labels = Object.fromEntries(some(random, ['l1', 'l2']).map((key) => [key, pick(random, ['x', 'y'])]));
  // An API server makes a new version of labels that were empty and still are; that is not worth copying.
  const metadata = random() < 0.3 && Object.keys(labels).length > 0 ? { labels } : {};
  const dice = random();
  if (dice < 0.6) {
    return (api, namespace) => api.apply(WIDGET, widget(namespace, name, spec, metadata), { fieldManager, force });
  }
  if (dice < 0.75) {
    const conditions = some(random, ['A', 'B']).map((type) => ({ type, reason: pick(random, ['R', 'S']) }));
    const status = { ...(random() < 0.5 ? { note: pick(random, ['x', 'y']) } : {}), conditions };
    return (api, namespace) => {
      const object = { ...widget(namespace, name), status };
      return api.apply(WIDGET, object, { fieldManager, force, subresource: 'status' });
    };
  }
  const keepsSpec = random() < 0.3;
  return async (api, namespace) => {
    const live = await api.get(WIDGET, { namespace, name });
    const { spec: _, ...bare } = live;
    const next = { ...bare, metadata: { ...live.metadata, ...metadata } };
    const chosen = keepsSpec ? live.spec : spec;
    return api.replace(WIDGET, chosen === undefined ? next : { ...next, spec: chosen }, { fieldManager });
  };
}

/** What must be the same: all but identities, versions and times. */
async function outcome(step: Promise<Widget>): Promise<unknown> {
  try {
    const { metadata, spec, status } = await step;
    const { labels, generation, managedFields = [] } = metadata;
    const managers = managedFields.map((manager) => JSON.stringify(sorted({ ...manager, time: '' })));
    return { labels, generation, managers: managers.toSorted(), spec, status };
  } catch (thrown) {
    const { code, reason, details } = ApiError.from(thrown);
    return { code, reason, fields: details?.causes?.map(({ field }) => field).toSorted() };
  }
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

let cluster: FrameworkCluster;
before(async () => {
  cluster = await startFrameworkCluster();
});
after(() => cluster.close());

it(`the in-memory API makes of ${SEQUENCES} random sequences of writes what a real API server makes of them`, async () => {
  const { api, namespace } = cluster;
  const memory = new InMemoryApi({ schemaOf: () => WIDGET_SCHEMA });
  let versions = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEQUENCES; seed++) {
    const random = seededRandom(seed);
    const name = `parity-${seed}`;
    const ref = { namespace, name };
    await Promise.all(
      [api, memory].map((each) => each.apply(WIDGET, widget(namespace, name, {}), { fieldManager: 'one' })),
    );
    for (let step = 0; step < STEPS; step++) {
      const act = randomStep(random, name);
      const before = await Promise.all([api, memory].map((each) => each.get(WIDGET, ref)));
      const [real, ours] = [await outcome(act(api, namespace)), await outcome(act(memory, namespace))];
      assert.deepEqual(ours, real, `seed ${seed}, step ${step}, from ${JSON.stringify(before[0])}`);
      const now = await Promise.all([api, memory].map((each) => each.get(WIDGET, refOf(widget(namespace, name)))));
      const [realChanged, oursChanged] = now.map((object, i) => {
        return object.metadata.resourceVersion !== before[i]?.metadata.resourceVersion;
      });
      assert.equal(oursChanged, realChanged, `seed ${seed}, step ${step}: whether there is a new version`);
      if (oursChanged === true) versions++;
    }
  }
  assert.ok(versions > SEQUENCES * 4, `only ${versions} writes changed anything`);
});
