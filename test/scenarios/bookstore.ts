import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import {
  CHECK_PATH,
  type CheckResponse,
  decodeCheckResponse,
  encodeCheckRequest,
} from '../../examples/bookstore/services/shared/inventory-messages.ts';
import type { CallRequest, CallResult } from './calls.ts';
import type { ScenarioObject } from './scenario-driver.ts';

const BOOKSTORE = join(import.meta.dirname, '../../examples/bookstore');

/** The namespace of the bookstore's files. */
export const NAMESPACE = 'bookstore';

/** What the programs of the store run as, and where they are called. */
export async function manifests(): Promise<readonly ScenarioObject[]> {
  return await objectsOf(join(BOOKSTORE, 'manifests'));
}

/** The policies of a file of the example, or the one of them with this name, as users are shown it. */
export async function policies(file: string, name?: string): Promise<readonly ScenarioObject[]> {
  const all = parse(await readFile(join(BOOKSTORE, 'policies', file), 'utf8'));
  const found = all.filter(({ metadata }) => name === undefined || metadata.name === name);
  assert.ok(found.length > 0, `there is no ${name} in ${file}`);
  return found;
}

/** The policy of that name; see {@link policies}. */
export async function policy(file: string, name: string): Promise<ScenarioObject> {
  const [found] = await policies(file, name);
  assert.ok(found !== undefined);
  return found;
}

/** A policy of our own. */
export function meshObject(kind: string, name: string, spec: object): ScenarioObject {
  return { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind, metadata: { name, namespace: NAMESPACE }, spec };
}

/** The same object with some fields of its spec replaced. */
export function withSpec(object: ScenarioObject, fields: object): ScenarioObject {
  return { ...object, spec: { ...(object['spec'] as object), ...fields } };
}

export const CATALOG: CallRequest = { to: 'catalog', port: 8080, path: '/books' };
export const REVIEWS: CallRequest = { to: 'reviews', port: 8080, path: '/books/1/reviews' };
export const INVENTORY: CallRequest = {
  protocol: 'grpc',
  to: 'inventory',
  port: 9090,
  path: CHECK_PATH,
  message: encodeCheckRequest({ book: '1' }).toString('base64'),
};
export const LEDGER: CallRequest = { protocol: 'tcp', to: 'ledger', port: 7070, lines: ['COUNT'] };

/** Which program of which version in which pod answered, and whom it took for its caller. */
export interface Served {
  readonly service: string;
  readonly version: string;
  readonly pod: string;
  readonly peer: string | null;
}

/** Who answered over HTTP. Throws when nobody did well. */
export function servedBy(result: CallResult): Served {
  assert.equal(result.status, 200, describeResult(result));
  return (JSON.parse(result.body) as { readonly served: Served }).served;
}

/** What the inventory answered. Throws when it did not. */
export function checked(result: CallResult): CheckResponse {
  assert.equal(result.grpcStatus, 0, describeResult(result));
  return decodeCheckResponse(Buffer.from(result.body, 'base64'));
}

/** For messages of assertions. */
export function describeResult({ body, error, grpcStatus, headers, status }: CallResult): string {
  return `status ${status}, gRPC ${grpcStatus}, error ${error}, headers ${JSON.stringify(headers)}: ${body.slice(0, 300)}`;
}

/** How many of the results there are for each answer. */
export function countBy(results: readonly CallResult[], keyOf: (result: CallResult) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const result of results) counts.set(keyOf(result), (counts.get(keyOf(result)) ?? 0) + 1);
  return counts;
}

async function objectsOf(folder: string): Promise<readonly ScenarioObject[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap(parse);
}

function parse(text: string): readonly ScenarioObject[] {
  return parseAllDocuments(text).map((document) => document.toJS() as ScenarioObject);
}
