/* oxlint-disable no-new -- a construct registers itself with its scope */
import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { addCni } from './cni.ts';
import { addDeployment } from './deployment.ts';
import { addInjection } from './injection.ts';
import { addMonitors } from './monitoring.ts';
import { COMMON_LABELS, SYSTEM_NAMESPACE } from './names.ts';
import { addDisruptionBudget, addNetworkPolicy, addWebhookService, addXdsService } from './network.ts';
import { podSecurity } from './pod-security.ts';
import { addAccount } from './rbac.ts';
import { addStandby } from './standby.ts';
import { mergeValues } from './values/merge.ts';
import { DEFAULT_VALUES, type SystemOverrides } from './values/values.ts';

/** The system in a cluster: everything but the CustomResourceDefinitions, which {@link CrdsChart} has. */
export class SystemChart extends Chart {
  /** @param overrides What differs from `DEFAULT_VALUES`; `crds` is of no concern here. */
  constructor(scope: Construct, id: string, overrides?: SystemOverrides) {
    const values = mergeValues(DEFAULT_VALUES, overrides);
    const labels = { ...values.commonLabels, ...COMMON_LABELS };
    super(scope, id, { disableResourceNameHashes: true, labels });
    if (values.namespace.create) {
      new k8s.KubeNamespace(this, 'namespace', {
        metadata: { name: SYSTEM_NAMESPACE, labels: podSecurity('restricted') },
      });
    }
    addAccount(this, values);
    addXdsService(this);
    addWebhookService(this, values);
    addDeployment(this, values, labels);
    addDisruptionBudget(this, values);
    addNetworkPolicy(this, values);
    addStandby(this, values, labels);
    addMonitors(this, values);
    addCni(this, values, labels);
    addInjection(this, values);
  }
}
