import { parseArgs } from 'node:util';
import { DATA_PLANE_DEFAULTS, type DataPlaneOptions } from './data-plane.ts';

export const USAGE = `node test/bench/data-plane/main.ts [--rates 500,1000,2000] [--alternations 4] [--seconds 5] [--warm-up 1]
    [--connections 16] [--json FILE]`;

/** What the command line says. */
export interface CommandLine {
  readonly measure: Omit<DataPlaneOptions, 'say'>;
  /** Where all windows are written. Default: nowhere. */
  readonly json?: string;
}

/** Reads the command line. Throws an error that names the flag and what it may be. */
export function commandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rates: { type: 'string' },
      alternations: { type: 'string' },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      connections: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const usual = DATA_PLANE_DEFAULTS;
  const measure = {
    rates: values.rates?.split(',').map((rate) => whole('rates', rate)) ?? usual.rates,
    alternations: values.alternations === undefined ? usual.alternations : whole('alternations', values.alternations),
    seconds: values.seconds === undefined ? usual.seconds : positive('seconds', values.seconds),
    warmUpSeconds: values['warm-up'] === undefined ? usual.warmUpSeconds : positive('warm-up', values['warm-up']),
    connections: values.connections === undefined ? usual.connections : whole('connections', values.connections),
  };
  return { measure, ...(values.json === undefined ? {} : { json: values.json }) };
}

function whole(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${flag}: ${text} is not a whole number from 1 on`);
  return value;
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${flag}: ${text} is not a number above 0`);
  return value;
}
