import { define } from './definition.ts';

/** What the API server refuses by the schema alone: DK10xx. */
export const SCHEMA_DEFINITIONS = {
  DK1000: define({
    title: 'NotYaml',
    level: 'error',
    effect: 'unstored',
    message: 'cannot be read: {problem}',
    fix: 'correct the YAML at this place',
  }),
  DK1001: define({
    title: 'UnknownField',
    level: 'error',
    effect: 'unstored',
    message: 'there is no field {name} here{hint}',
    fix: 'correct the name, or remove the field; `kubectl explain` lists the fields that there are',
  }),
  DK1002: define({
    title: 'WrongType',
    level: 'error',
    effect: 'unstored',
    message: 'has to be {expected}, and is {actual}',
    fix: 'write {expected}; quote text that YAML would read as a number, as true or as false',
  }),
  DK1003: define({
    title: 'MissingField',
    level: 'error',
    effect: 'unstored',
    message: 'the field {name} is required',
    fix: 'add {name}',
  }),
  DK1004: define({
    title: 'NotOneOf',
    level: 'error',
    effect: 'unstored',
    message: '{value} is none of {allowed}{hint}',
    fix: 'write one of {allowed}',
  }),
  DK1005: define({
    title: 'OutOfRange',
    level: 'error',
    effect: 'unstored',
    message: '{value} is not from {minimum} to {maximum}',
    fix: 'write a number from {minimum} to {maximum}',
  }),
  DK1006: define({
    title: 'WrongForm',
    level: 'error',
    effect: 'unstored',
    message: '{value} is not {form}',
    fix: 'write {form}',
  }),
  DK1007: define({
    title: 'WrongSize',
    level: 'error',
    effect: 'unstored',
    message: 'has {actual} {unit}, and needs {limit}',
    fix: 'give it {limit}',
  }),
  DK1008: define({
    title: 'Duplicate',
    level: 'error',
    effect: 'unstored',
    message: '{value} is there twice',
    fix: 'remove one of them',
  }),
  DK1009: define({
    title: 'UnknownKind',
    level: 'error',
    effect: 'unstored',
    message: '{apiVersion} has no kind {kind}{hint}',
    fix: 'use mesh.dot-kube.io/v1alpha1 with MeshPolicy, TrafficSplit or AuthorizationPolicy',
  }),
  DK1010: define({
    title: 'WrongMetadata',
    level: 'error',
    effect: 'unstored',
    message: '{problem}',
    fix: 'see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ for what Kubernetes takes',
  }),
};
