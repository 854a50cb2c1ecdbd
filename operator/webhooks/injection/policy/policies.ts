import type { KubernetesObject } from '../../../framework/api/object.ts';
import { FIT_CONDITIONS, type MatchCondition, NETWORK_CONDITION, podSelections } from '../selection.ts';
import type { InjectionSettings } from '../settings.ts';
import { policyMutation } from './mutation.ts';
import { leftOutValidation, policyValidations } from './validations.ts';

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** The policy that injects, and the one that looks whether all is as it has to be. */
export const INJECTION_POLICY = 'dot-kube-injection';
/** The policy that tells of pods that are left out. */
export const LEFT_OUT_POLICY = 'dot-kube-left-out';

const NEW_PODS = {
  matchPolicy: 'Equivalent',
  resourceRules: [
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: 'Namespaced' },
  ],
};

/**
 * Injection by the API server itself, from Kubernetes 1.36 on: a policy that does what `injectPod` does; one that refuses pods
 * that cannot get a proxy, with the code of the finding, and those that should have one and have none; and one that warns of
 * pods that are left out.
 */
export function injectionPolicies(settings: InjectionSettings): readonly KubernetesObject[] {
  return [
    mutatingPolicy(settings),
    ...bindings('MutatingAdmissionPolicyBinding', INJECTION_POLICY, settings),
    validatingPolicy(INJECTION_POLICY, 'Fail', FIT_CONDITIONS, policyValidations(settings)),
    ...bindings('ValidatingAdmissionPolicyBinding', INJECTION_POLICY, settings, ['Deny']),
    validatingPolicy(
      LEFT_OUT_POLICY,
      'Ignore',
      FIT_CONDITIONS.filter(({ name }) => name !== NETWORK_CONDITION),
      leftOutValidation(),
    ),
    ...bindings('ValidatingAdmissionPolicyBinding', LEFT_OUT_POLICY, settings, ['Warn']),
  ];
}

function mutatingPolicy(settings: InjectionSettings): KubernetesObject {
  const { expression, variables } = policyMutation(settings);
  return {
    apiVersion: API_VERSION,
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: INJECTION_POLICY },
    spec: {
      failurePolicy: 'Fail',
      // Others may add containers after it.
      reinvocationPolicy: 'IfNeeded',
      matchConstraints: NEW_PODS,
      matchConditions: FIT_CONDITIONS,
      variables,
      mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }],
    },
  };
}

function validatingPolicy(
  name: string,
  failurePolicy: 'Fail' | 'Ignore',
  matchConditions: readonly MatchCondition[],
  { validations, variables }: ReturnType<typeof policyValidations>,
): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy,
      matchConstraints: NEW_PODS,
      matchConditions,
      ...(variables.length === 0 ? {} : { variables }),
      validations,
    },
  };
}

/** A pod fits one of them at most, so that no policy is asked twice. */
function bindings(
  kind: string,
  policyName: string,
  settings: InjectionSettings,
  validationActions?: readonly string[],
): readonly KubernetesObject[] {
  return podSelections(settings).map(({ name, namespaceSelector, objectSelector }) => ({
    apiVersion: API_VERSION,
    kind,
    metadata: { name: `${policyName}-${name}` },
    spec: {
      policyName,
      ...(validationActions === undefined ? {} : { validationActions }),
      matchResources: { matchPolicy: 'Equivalent', namespaceSelector, objectSelector },
    },
  }));
}
