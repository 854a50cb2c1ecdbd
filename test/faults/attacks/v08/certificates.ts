import type { OddName } from './odd-certificate.ts';

const TD = 'spiffe://cluster.local';
const uri = (value: string): OddName => ({ kind: 'uri', value });
const dns = (value: string): OddName => ({ kind: 'dns', value });

/** A certificate, and who its holder is. */
export interface OddCaller {
  readonly what: string;
  readonly names: readonly OddName[];
  readonly subject?: string;
  /** `namespace/account`; nobody where it names no identity of the mesh, each where it names several. */
  readonly is: readonly string[];
}

const ADMIN = `${TD}/ns/shop/sa/admin`;
const CLIENT = `${TD}/ns/shop/sa/client`;

export const CALLERS: readonly OddCaller[] = [
  { what: 'the administrator', names: [uri(ADMIN)], is: ['shop/admin'] },
  { what: 'a client', names: [uri(CLIENT)], is: ['shop/client'] },
  { what: 'a teller', names: [uri(`${TD}/ns/bank/sa/teller`)], is: ['bank/teller'] },
  { what: 'two identities', names: [uri(CLIENT), uri(ADMIN)], is: ['shop/client', 'shop/admin'] },
  { what: 'two identities the other way around', names: [uri(ADMIN), uri(CLIENT)], is: ['shop/client', 'shop/admin'] },
  { what: 'NUL behind the name', names: [uri(`${ADMIN}\0.evil`)], is: [] },
  { what: 'NUL behind the name and more', names: [uri(`${ADMIN}\0/x`), dns('x')], is: [] },
  { what: 'NUL in front', names: [uri(`\0${ADMIN}`)], is: [] },
  { what: 'a longer name', names: [uri(`${ADMIN}2`)], is: ['shop/admin2'] },
  { what: 'a shorter name', names: [uri(ADMIN.slice(0, -1))], is: ['shop/admi'] },
  { what: 'one more segment', names: [uri(`${ADMIN}/x`)], is: [] },
  { what: 'a slash at the end', names: [uri(`${ADMIN}/`)], is: [] },
  { what: 'an empty name', names: [uri(`${TD}/ns/shop/sa/`)], is: [] },
  { what: 'an empty namespace', names: [uri(`${TD}/ns//sa/admin`)], is: [] },
  { what: 'two forms in a row', names: [uri(`${TD}/ns/evil/sa/x/ns/bank/sa/teller`)], is: [] },
  { what: 'the end of another name', names: [uri(`${TD}/ns/evil/sa/x/sa/teller`)], is: [] },
  { what: 'dot segments', names: [uri(`${TD}/ns/evil/sa/../../shop/sa/admin`)], is: [] },
  { what: 'a namespace that ends so behind a slash', names: [uri(`${TD}/ns/a/bank/sa/teller`)], is: [] },
  { what: 'another trust domain', names: [uri('spiffe://evil.local/ns/shop/sa/admin')], is: [] },
  { what: 'a trust domain that begins so', names: [uri('spiffe://cluster.local.evil/ns/shop/sa/admin')], is: [] },
  { what: 'a trust domain with a port', names: [uri('spiffe://cluster.local:1/ns/shop/sa/admin')], is: [] },
  { what: 'a trust domain with a user', names: [uri('spiffe://x@cluster.local/ns/shop/sa/admin')], is: [] },
  { what: 'a dot as any character', names: [uri('spiffe://clusterXlocal/ns/shop/sa/admin')], is: [] },
  { what: 'another scheme', names: [uri('https://cluster.local/ns/shop/sa/admin')], is: [] },
  { what: 'the scheme in capitals', names: [uri('SPIFFE://cluster.local/ns/shop/sa/admin')], is: [] },
  { what: 'a query', names: [uri(`${ADMIN}?x`)], is: ['shop/admin?x'] },
  { what: 'percent-encoded', names: [uri(`${TD}/ns/shop/sa/%61dmin`)], is: ['shop/%61dmin'] },
  { what: 'blanks around it', names: [uri(` ${ADMIN} `)], is: [] },
  { what: 'a line break', names: [uri(`${ADMIN}\n`)], is: [] },
  { what: 'a DNS name', names: [dns(ADMIN)], is: [] },
  { what: 'an e-mail address', names: [{ kind: 'email', value: ADMIN }], is: [] },
  { what: 'a common name alone', names: [], subject: `CN=${ADMIN}`, is: [] },
  { what: 'a client with a common name', names: [uri(CLIENT)], subject: `CN=${ADMIN}`, is: ['shop/client'] },
  { what: 'a client whose common name ends so', names: [uri(CLIENT)], subject: 'CN=/sa/teller', is: ['shop/client'] },
  {
    what: 'a client with an e-mail address',
    names: [uri(CLIENT), { kind: 'email', value: ADMIN }],
    is: ['shop/client'],
  },
  { what: 'no name at all', names: [], subject: 'CN=x', is: [] },
];
