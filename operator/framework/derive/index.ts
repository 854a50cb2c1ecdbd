export * from './collection.ts';
export * from './derived-graph.ts';
