export * from './applications.ts';
export * from './corruption.ts';
export * from './flows.ts';
export * from './long-stream.ts';
export * from './no-pods.ts';
export * from './objects.ts';
export * from './real-mesh.ts';
export * from './wire-meter.ts';
