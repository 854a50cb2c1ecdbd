import { type Command, choiceFlag, EXIT, UsageError } from '../command.ts';

/** `dotkube validate` */
export const validate: Command = {
  usage: 'FILE|DIR|- … [-o text|json]',
  description: [
    'Checks MeshPolicy, TrafficSplit and AuthorizationPolicy as the API server would, without one: schema, unknown fields,',
    'CEL rules. Of a folder all *.yaml and *.yml below it are read; - is standard input. Objects of other kinds are skipped.',
    '',
    'Exit codes: 0 all is well, 1 something was found, 2 called wrongly.',
  ].join('\n'),
  flags: {
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'text (default) or json' },
  },
  async run(call, io) {
    const format = choiceFlag(call, 'output', ['text', 'json']);
    if (call.arguments.length === 0) throw new UsageError('which files?');
    const { readSources } = await import('../validate/sources.ts');
    const { validateSources, validationJson, validationText } = await import('../validate/validation.ts');
    const { paletteFor } = await import('../../local/terminal/palette.ts');
    const result = validateSources(await readSources(call.arguments, io));
    const palette = paletteFor(io.stdout, io.environment);
    io.stdout.write(format === 'json' ? validationJson(result) : validationText(result, palette));
    return result.findings.length > 0 ? EXIT.failed : EXIT.ok;
  },
};
