import type { AuthorizationPolicySpec, HeaderMatch } from '../../../../operator/api/index.ts';
import type { GuardedCase } from '../wire/guarded-mesh.ts';
import type { Received } from '../wire/raw-application.ts';

/** Who a policy about callers lets in. */
export interface CallerCase {
  readonly name: string;
  readonly policy: AuthorizationPolicySpec;
  /** Given every identity of the caller. */
  readonly lets: (is: readonly string[]) => boolean;
}

type From = NonNullable<NonNullable<AuthorizationPolicySpec['rules']>[number]['from']>[number];

const from = (action: 'Allow' | 'Deny', source: From): AuthorizationPolicySpec => ({
  action,
  rules: [{ from: [source] }],
});

export const CALLER_CASES: readonly CallerCase[] = [
  {
    name: 'allow an account',
    policy: from('Allow', { serviceAccounts: ['shop/admin'] }),
    lets: (is) => is.includes('shop/admin'),
  },
  {
    name: 'allow a namespace',
    policy: from('Allow', { namespaces: ['bank'] }),
    lets: (is) => is.some((each) => each.startsWith('bank/')),
  },
  {
    name: 'allow namespaces that end so',
    policy: from('Allow', { namespaces: ['*nk'] }),
    lets: (is) => is.some((each) => each.split('/', 1)[0]?.endsWith('nk') === true),
  },
  {
    name: 'allow the end of a principal',
    policy: from('Allow', { principals: ['*/sa/teller'] }),
    lets: (is) => is.some((each) => each.endsWith('/teller')),
  },
  {
    name: 'allow the beginning of a principal',
    policy: from('Allow', { principals: ['spiffe://cluster.local/ns/shop/sa/adm*'] }),
    lets: (is) => is.some((each) => each.startsWith('shop/adm')),
  },
  { name: 'allow whoever is somebody', policy: from('Allow', { principals: ['*'] }), lets: (is) => is.length > 0 },
  {
    name: 'allow all but an account',
    policy: from('Allow', { notServiceAccounts: ['shop/client'] }),
    lets: (is) => is.length > 0 && !is.includes('shop/client'),
  },
  {
    name: 'deny an account',
    policy: from('Deny', { serviceAccounts: ['shop/client'] }),
    lets: (is) => is.length > 0 && !is.includes('shop/client'),
  },
  {
    name: 'deny all but an account',
    policy: from('Deny', { notServiceAccounts: ['shop/admin'] }),
    lets: (is) => is.includes('shop/admin'),
  },
];

/** The header that policies are about. */
export const HEADER = 'x-role';

/** What applications take a header for: a line of several, or an entry of a list. */
function readings({ headers }: Received): { readonly lines: readonly string[]; readonly entries: readonly string[] } {
  const lines = headers.filter(([name]) => name === HEADER).map(([, value]) => value);
  return { lines, entries: lines.flatMap((line) => [line, ...line.split(',').map((entry) => entry.trim())]) };
}

type Holds = (value: string) => boolean;

/** Nothing that reads so may come. */
function denied(name: string, header: HeaderMatch, is: Holds): GuardedCase {
  return headerCase(name, { action: 'Deny', rules: [{ to: [{ headers: [header] }] }] }, ({ entries }) =>
    entries.find(is),
  );
}

/** Nothing may come that does not read so in every line. */
function required(name: string, policy: AuthorizationPolicySpec, is: Holds): GuardedCase {
  return headerCase(name, policy, ({ lines }) => (lines.length === 0 ? 'none' : lines.find((line) => !is(line))));
}

function headerCase(
  name: string,
  policy: AuthorizationPolicySpec,
  wrongIn: (read: ReturnType<typeof readings>) => string | undefined,
): GuardedCase {
  return {
    name,
    policies: [policy],
    judge: (received) => {
      const wrong = wrongIn(readings(received)) ?? forged(received);
      return wrong === undefined
        ? undefined
        : `${name}: ${JSON.stringify(wrong.slice(0, 80))} in ${JSON.stringify(readings(received).lines).slice(0, 120)}`;
    },
  };
}

/** The identity that the application is told is the connection's own, whatever the caller says of itself. */
function forged({ headers }: Received): string | undefined {
  const told = headers.filter(([name]) => name === 'x-forwarded-client-cert').map(([, value]) => value);
  const isRight = told.length === 1 && told[0]?.endsWith(';URI=spiffe://cluster.local/ns/shop/sa/client') === true;
  return isRight && !told[0]?.includes(',') ? undefined : `x-forwarded-client-cert ${told.join(' | ')}`;
}

const rules = (
  action: 'Allow' | 'Deny',
  to: NonNullable<NonNullable<AuthorizationPolicySpec['rules']>[number]['to']>[number],
) => ({
  action,
  rules: [{ to: [to] }],
});

export const HEADER_CASES: readonly GuardedCase[] = [
  denied('deny a value', { name: 'X-Role', value: 'boss' }, (value) => value === 'boss'),
  denied('deny a beginning', { name: HEADER, type: 'Prefix', value: 'bo' }, (value) => value.startsWith('bo')),
  denied('deny an end', { name: HEADER, type: 'Suffix', value: 'ss' }, (value) => value.endsWith('ss')),
  denied('deny a part', { name: HEADER, type: 'Contains', value: 'os' }, (value) => value.includes('os')),
  denied('deny the header', { name: HEADER, type: 'Present' }, () => true),
  required('allow a value', rules('Allow', { headers: [{ name: HEADER, value: 'boss' }] }), (line) => line === 'boss'),
  required(
    'deny all but a value',
    rules('Deny', { notHeaders: [{ name: HEADER, value: 'boss' }] }),
    (line) => line === 'boss',
  ),
  required('allow a beginning', rules('Allow', { headers: [{ name: HEADER, type: 'Prefix', value: 'bo' }] }), (line) =>
    line.startsWith('bo'),
  ),
  required('allow an end', rules('Allow', { headers: [{ name: HEADER, type: 'Suffix', value: 'ss' }] }), (line) =>
    line.endsWith('ss'),
  ),
  headerCase(
    'allow all but a value',
    rules('Allow', { notHeaders: [{ name: HEADER, value: 'boss' }] }),
    ({ entries }) => entries.find((value) => value === 'boss'),
  ),
];
