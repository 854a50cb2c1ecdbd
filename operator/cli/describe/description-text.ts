import { paint, type Palette } from '../../local/terminal/palette.ts';
import { table } from '../../local/terminal/table.ts';
import type {
  AppliedPolicy,
  EffectiveField,
  InboundDescription,
  PodDescription,
  ServiceDescription,
  ServicePortDescription,
  WorkloadDescription,
} from './description.ts';

type Lines = readonly string[];

/** A pod or a Service as people read it. */
export function descriptionText(description: PodDescription | ServiceDescription, palette: Palette): string {
  const parts = description.kind === 'Pod' ? podParts(description, palette) : serviceParts(description, palette);
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function podParts(pod: PodDescription, palette: Palette): readonly Lines[] {
  const proxy = pod.meshed ? 'yes' : 'no: what follows is not enforced; dotkube check tells of pods that lack one';
  return [
    [
      `${title('Pod', palette)}       ${pod.name}`,
      `Proxy     ${proxy}`,
      `Identity  ${pod.identity}`,
      `Services  ${pod.services.join(', ') || 'none'}`,
    ],
    ...pod.inbound.map((each) => inboundLines(each, '', palette)),
    policyLines(pod.policies, palette),
  ];
}

function serviceParts(service: ServiceDescription, palette: Palette): readonly Lines[] {
  return [
    [`${title('Service', palette)}  ${service.name} (${service.type})`, ...service.findings.map((text) => `  ${text}`)],
    ...service.ports.map((port) => portLines(port, palette)),
    ...service.workloads.map((workload) => workloadLines(workload, palette)),
    policyLines(service.policies, palette),
  ];
}

function portLines({ backends, fields, name, port, protocol, split }: ServicePortDescription, palette: Palette): Lines {
  const all = backends.reduce((sum, { weight }) => sum + weight, 0);
  const shares = backends.map(({ to, weight }) => `${Math.round((1000 * weight) / all) / 10} % to ${to}`);
  const where = split === undefined ? [] : [`  ${split}: ${shares.join(', ')}`];
  return [
    `${title('Callers', palette)} of port ${port}${name === '' ? '' : ` (${name})`}, ${protocol}`,
    ...where,
    ...fieldLines(fields, palette),
    ...(fields.length === 0 && split === undefined ? ['  no policy: the defaults'] : []),
  ];
}

function workloadLines({ identity, inbound, meshed, pods }: WorkloadDescription, palette: Palette): Lines {
  const head = `${title('Pods', palette)} ${pods.join(', ')}: ${identity}${meshed ? '' : ', without a proxy'}`;
  return [head, ...inbound.flatMap((each) => inboundLines(each, '  ', palette))];
}

const WHO: Readonly<Record<InboundDescription['mayCall'], string>> = {
  anybody: 'anybody may call',
  'by-rules': 'the rules below say who may call',
  nobody: 'nobody may call: an Allow policy is here, and no rule of any',
};

function inboundLines(
  { authorization, fields, mayCall, port, protocol }: InboundDescription,
  indent: string,
  palette: Palette,
): Lines {
  const name = port === 'other' ? 'any other port' : `port ${port}`;
  const rules = authorization.flatMap(({ action, layer, mode, rules: all, source }) => [
    `  ${action}${mode === 'dry-run' ? ' (dry run)' : ''}  ${source} (${layer})`,
    ...all.map((rule) => `    ${rule.name}: ${rule.from} → ${rule.to}`),
  ]);
  return [
    `${title('Inbound', palette)} ${name}, ${protocol}: ${WHO[mayCall]}`,
    ...fieldLines(fields, palette),
    ...rules,
  ].map((line) => `${indent}${line}`);
}

function fieldLines(fields: readonly EffectiveField[], palette: Palette): Lines {
  if (fields.length === 0) return [];
  const rows = fields.map(({ field, layer, source = '', value }) => [
    { text: `  ${field}` },
    { text: typeof value === 'string' ? value : JSON.stringify(value) },
    { text: source },
    { text: layer, style: 'dim' as const },
  ]);
  return table([{ title: '' }, { title: '' }, { title: '' }, { title: '' }], rows, { palette }).slice(1);
}

function policyLines(policies: readonly AppliedPolicy[], palette: Palette): Lines {
  if (policies.length === 0) return [paint(palette, 'dim', 'no policy applies')];
  const columns = ['POLICY', 'LAYER', 'ACCEPTED', 'RESOLVED', 'PROGRAMMED'].map((each) => ({ title: each }));
  const rows = policies.map(({ conditions, layer, object }) => [
    { text: object },
    { text: layer },
    ...conditions.map(({ status }) => ({ text: status })),
  ]);
  return [
    ...table(columns, rows, { palette }),
    ...policies.flatMap(({ findings, object }) => findings.map((text) => `${object}: ${text}`)),
  ];
}

function title(text: string, palette: Palette): string {
  return paint(palette, 'bold', text);
}
