/** What is sent, and what has to come of it on its way. */
export interface Sent {
  /** Service account of the caller, `namespace/name`; plain text without. */
  readonly as?: string;
  readonly fromAddress?: string;
  readonly method?: string;
  readonly path?: string;
  /** The path without its query as the application has to see it. Default: as it was sent. */
  readonly seen?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const CLIENT = { as: 'shop/client' };

export const REQUESTS: readonly Sent[] = [
  // Who.
  { as: 'shop/client' },
  { as: 'shop/admin' },
  { as: 'bank/teller' },
  { as: 'shop/client-2' },
  {},
  { fromAddress: '127.0.7.7' },
  { as: 'shop/client', fromAddress: '127.0.7.8' },
  { as: 'bank/teller', fromAddress: '127.0.7.7', path: '/admin' },
  // What.
  { ...CLIENT, method: 'POST' },
  { ...CLIENT, method: 'HEAD' },
  { ...CLIENT, method: 'DELETE', path: '/public/x' },
  { as: 'shop/admin', path: '/admin' },
  { ...CLIENT, path: '/admin' },
  { ...CLIENT, path: '/admin/' },
  { ...CLIENT, path: '/admin/x' },
  { ...CLIENT, path: '/administrator' },
  { ...CLIENT, path: '/ADMIN' },
  { ...CLIENT, path: '/admin?x=/public', seen: '/admin' },
  { path: '/public' },
  { path: '/public/a.css' },
  { path: '/public?next=/admin', seen: '/public' },
  { ...CLIENT, path: '/publicity' },
  { ...CLIENT, path: '/a/x' },
  { ...CLIENT, path: '/a/b/x' },
  // Tricks with paths.
  { ...CLIENT, path: '/public/../admin', seen: '/admin' },
  { ...CLIENT, path: '/./admin', seen: '/admin' },
  { ...CLIENT, path: '//admin', seen: '/admin' },
  { ...CLIENT, path: '/public///x', seen: '/public/x' },
  { ...CLIENT, path: '/admin/.', seen: '/admin/' },
  { ...CLIENT, path: '/admin/..', seen: '/' },
  { ...CLIENT, path: '/%61dmin', seen: '/admin' },
  { ...CLIENT, path: '/%41dmin', seen: '/Admin' },
  { ...CLIENT, path: '/admin%2Fx', seen: '/admin/x' },
  { ...CLIENT, path: '/admin%2fx', seen: '/admin/x' },
  { ...CLIENT, path: '/admin%5Cx', seen: '/admin/x' },
  { ...CLIENT, path: '/public%2F..%2Fadmin', seen: '/admin' },
  { ...CLIENT, path: '/public/%2e%2E/admin', seen: '/admin' },
  { ...CLIENT, path: '/public/.%2e/admin', seen: '/admin' },
  { ...CLIENT, path: '/public\\..\\admin', seen: '/admin' },
  { ...CLIENT, path: '/public/..%5cadmin', seen: '/admin' },
  { ...CLIENT, path: '/../../admin', seen: '/admin' },
  { ...CLIENT, path: '/public/%252e%252e/admin' },
  { ...CLIENT, path: '/admin;x=1' },
  // Where.
  { ...CLIENT, host: 'shop.example' },
  { ...CLIENT, host: 'SHOP.Example:8080' },
  { ...CLIENT, host: 'shop.example:80' },
  { ...CLIENT, host: 'shop.example.' },
  { ...CLIENT, host: 'shop.example.:8080' },
  { ...CLIENT, host: 'x.shop.example' },
  { ...CLIENT, host: 'shop.example.evil' },
  { ...CLIENT, host: 'shopXexample' },
  // With what.
  { ...CLIENT, headers: { 'x-role': 'boss' } },
  { ...CLIENT, headers: { 'X-Role': 'boxer' } },
  { ...CLIENT, headers: { 'x-role': 'Boss' } },
  { ...CLIENT, headers: { 'x-role': 'foo.s' } },
  { ...CLIENT, headers: { 'x-role': 'fooxs' } },
  { ...CLIENT, headers: { 'x-role': 'peter' } },
  // gRPC.
  { ...CLIENT, method: 'POST', path: '/shop.v1.Books/Buy' },
  { ...CLIENT, method: 'POST', path: '/shop.v1.Books/List' },
  { ...CLIENT, method: 'POST', path: '/shop.v1.BooksXL/Buy' },
  { ...CLIENT, method: 'POST', path: '/shopXv1.Books/Buy' },
];
