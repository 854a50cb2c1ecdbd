import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { nothing } from '../harness/checks.ts';
import { countsOf } from '../harness/counts.ts';
import { expressionsInSources, expressionsOfValues, isSlow } from './v06/expressions.ts';
import { requestOf, type Sample, samples } from './v06/in-envoy.ts';
import { almost, wrongPairs } from './v06/literals.ts';
import { type Guarded, startGuardedMesh } from './wire/guarded-mesh.ts';
import { sendRaw } from './wire/raw-caller.ts';
import { Seeded, seedOf } from './wire/seeded.ts';

const PAIRS: Readonly<Record<FaultSize, number>> = { short: 50_000, standard: 200_000, full: 1_000_000 };
/** To each of the rules in a real Envoy. */
const REQUESTS: Readonly<Record<FaultSize, number>> = { short: 60, standard: 400, full: 10_000 };

const MODEL = 'names that a generated matcher takes or leaves wrongly';
const ENVOY = 'names that Envoy takes or leaves wrongly';
const OF_VALUES = 'expressions of JavaScript that are made of a value';

/** Names that mean something else as regular expressions. */
export const V6: Fault = {
  id: 'V6',
  title: 'Names are full of what means something in regular expressions, and long',
  expected: 'each matcher takes exactly the names it stands for; nothing that tenants write becomes an expression',
  isShort: true,
  controls: [
    {
      title: 'dots of names are not escaped',
      file: 'proxy/envoy/string-match.ts',
      find: '/[^A-Za-z0-9_/-]/g',
      replace: '/[^A-Za-z0-9_./-]/g',
      fails: MODEL,
    },
    {
      title: 'dots of names are not escaped in Envoy',
      file: 'proxy/envoy/string-match.ts',
      find: '/[^A-Za-z0-9_/-]/g',
      replace: '/[^A-Za-z0-9_./-]/g',
      fails: ENVOY,
    },
    {
      title: 'the value of a header is used as an expression',
      file: 'operator/build/header-match.ts',
      find: '  const match = stringMatchOf(type, value);\n',
      replace: '  const match = stringMatchOf(type, value);\n  if (value === undefined) void new RegExp(name);\n',
      fails: OF_VALUES,
    },
  ],
  run,
};

async function run(context: FaultContext): Promise<readonly Check[]> {
  const seed = seedOf();
  const random = new Seeded(seed);
  context.say(`seed ${seed}`);
  const pairs = PAIRS[context.size];
  const wrong = wrongPairs(pairs, random);
  const values = await expressionsOfValues();
  // That takes seconds, and a unit test does it too.
  const expressions = context.size === 'short' ? new Map<string, RegExp>() : await expressionsInSources();
  const slow = [...expressions].flatMap(([name, expression]) => {
    const text = isSlow(expression);
    return text === undefined ? [] : [`${name} over ${text}`];
  });
  return [
    wrongCheck(MODEL, wrong, pairs),
    await envoyCheck(context, random),
    nothing(
      OF_VALUES,
      values.map(({ file, line, text }) => `${file}:${line} ${text}`),
    ),
    ...(expressions.size === 0 ? [] : [slowCheck(slow, expressions.size)]),
  ];
}

function slowCheck(slow: readonly string[], of: number): Check {
  return {
    name: 'expressions in the sources that take more than linear time',
    expected: 'none',
    measured: slow.length === 0 ? `none of ${of}` : slow.join('; '),
    passed: slow.length === 0,
  };
}

function wrongCheck(name: string, wrong: readonly string[], of: number): Check {
  return {
    name,
    expected: '0',
    measured: `${countsOf(wrong.length, of, 'were')}${wrong.length === 0 ? '' : `: ${wrong.slice(0, 4).join('; ')}`}`,
    passed: wrong.length === 0,
  };
}

async function envoyCheck({ size }: FaultContext, random: Seeded): Promise<Check> {
  const cases = samples(random);
  await using mesh = await startGuardedMesh(cases);
  const wrong: string[] = [];
  let sent = 0;
  const each = mesh.guarded.map(async (guarded, index) => {
    const sample = cases[index];
    if (sample === undefined) return;
    sent += REQUESTS[size];
    wrong.push(...(await wrongIn(guarded, sample, REQUESTS[size], random)));
  });
  await Promise.all(each);
  return wrongCheck(ENVOY, wrong, sent);
}

async function wrongIn({ dial }: Guarded, sample: Sample, count: number, random: Seeded): Promise<readonly string[]> {
  const { literal, value } = sample;
  const candidates = [value, ...Array.from({ length: count - 1 }, () => almost(value, literal, random))];
  const asked: string[] = [];
  const wrong: string[] = [];
  const next = (): Buffer | undefined => {
    const candidate = candidates.pop();
    if (candidate === undefined) return undefined;
    asked.push(candidate);
    return requestOf(sample, candidate);
  };
  await sendRaw(dial, 1, next, (_request, status) => {
    const candidate = asked.shift() ?? '';
    // What is no request at all is refused by either proxy.
    if (status !== 400 && (status === 200) !== literal.stands(value, candidate)) {
      wrong.push(
        `${literal.what}: ${status} for ${JSON.stringify(candidate.slice(0, 60))} where ${JSON.stringify(value.slice(0, 60))} is allowed`,
      );
    }
  });
  return wrong;
}
