export { CrdsChart } from './crds-chart.ts';
export { OPERATOR, SYSTEM_NAMESPACE, XDS_SERVICE } from './names.ts';
export { CLUSTER_RULES, type Rule } from './permissions.ts';
export { SystemChart } from './system-chart.ts';
export { DEFAULT_VALUES, type SystemOverrides, type SystemValues } from './values/values.ts';
export { type Manifest, manifestYaml, type SystemManifests, systemManifests } from '../output/manifest.ts';
export { valuesSchema } from '../output/helm/values-schema.ts';
