import { parseArgs } from 'node:util';
import type { Fault, FaultSize } from '../fault.ts';

/** What `node test/faults/run.ts` was asked for. */
export interface RunOptions {
  readonly faults: readonly Fault[];
  readonly size: FaultSize;
  readonly hasControls: boolean;
  /** Where a JSON file for each fault goes. */
  readonly json?: string;
  /** Whether this is what the table of results is made of: everything, at its standard size. */
  readonly isWhole: boolean;
}

/** Reads the command line. Throws with what to write instead. */
export function runOptions(words: readonly string[], catalogue: readonly Fault[]): RunOptions {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      'no-controls': { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  if (values.short && values.full) throw new Error('--short and --full exclude each other: give one of them or none');
  const wanted = positionals.map((word) => word.toUpperCase());
  const known = catalogue.map(({ id }) => id);
  const unknown = wanted.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}: choose from ${known.join(' ')}`);
  const size = values.short ? 'short' : values.full ? 'full' : 'standard';
  const isNamed = ({ id }: Fault): boolean => wanted.length === 0 || wanted.includes(id);
  const faults = catalogue.filter(
    (fault) => isNamed(fault) && (size !== 'short' || fault.isShort || wanted.length > 0),
  );
  return {
    faults,
    size,
    hasControls: !values['no-controls'],
    isWhole: wanted.length === 0 && size === 'standard' && !values['no-controls'],
    ...(values.json === undefined ? {} : { json: values.json }),
  };
}
