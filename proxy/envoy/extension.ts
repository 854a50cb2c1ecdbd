import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { any } from './proto/index.ts';

/** A `name` and `typed_config` pair, where the field holds the config directly (`TypedExtensionConfig`). */
export function extension<Desc extends DescMessage>(name: string, schema: Desc, init?: MessageInitShape<Desc>) {
  return { name, typedConfig: any(schema, init) };
}

/** The same where the field is one of several sources (filters, transport sockets, access loggers). */
export function filter<Desc extends DescMessage>(name: string, schema: Desc, init?: MessageInitShape<Desc>) {
  return { name, configType: { case: 'typedConfig' as const, value: any(schema, init) } };
}
