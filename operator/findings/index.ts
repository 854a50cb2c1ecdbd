export type { FindingDefinition, FindingEffect, FindingLevel } from './definition.ts';
export * from './finding.ts';
export { definitionOf, FINDING_CODES, type FindingArguments, type FindingCode, isFindingCode } from './registry.ts';
export * from './verdict.ts';
