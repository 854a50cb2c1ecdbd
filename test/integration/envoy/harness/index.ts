export { assertShare, binomialBounds } from './binomial.ts';
export * from './fixtures.ts';
export * from './http-client.ts';
export * from './http-server.ts';
export { loopbackAddress } from './loopback.ts';
export { type ProxySpec, startMesh, type TestMesh } from './test-mesh.ts';
export type { LogLine, TestProxy } from './test-proxy.ts';
export { askOverTls, type Certificate, startTlsServer } from './tls.ts';
export { askTcp, openTcp, startTcpServer, type TcpConnection, type TcpServer } from './tcp.ts';
