export { type FieldStep, fieldSteps, fieldText } from './field-path.ts';
export { isMeshObject, validateObject } from './validate-object.ts';
export { type Manifest, type ManifestError, type Manifests, parseManifests, type Position } from './yaml/manifest.ts';
export { type LocatedFinding, locatedFinding, type ValidatedYaml, validateYaml } from './yaml/validate-yaml.ts';
