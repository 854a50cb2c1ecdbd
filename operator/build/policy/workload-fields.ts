import type { Fault, MtlsMode } from '@dot-kube/proxy/model';
import type {
  MeshPolicyFault,
  MeshPolicyFaultAbortGrpcStatus,
  MeshPolicyMtlsMode,
  MeshPolicyNetworkPolicy,
  MeshPolicySpec,
} from '../../api/index.ts';
import type { Derivation } from '../../framework/derive/index.ts';
import { type Aged, ageOf } from '../age.ts';
import { MESH_POLICIES } from '../collections.ts';
import { durationMs } from '../duration.ts';
import { type Labels, listOf, numberOf, objectOf } from '../lenient.ts';
import { scopeOf } from '../policy-scope.ts';
import { withoutNulls } from '../without-nulls.ts';

/** The fields of a MeshPolicy that bind the workload that is called. */
export interface WorkloadFields {
  readonly mode?: MtlsMode;
  /** Modes of single ports. */
  readonly ports: readonly { readonly port: number; readonly mode: MtlsMode }[];
  readonly delay?: NonNullable<Fault['delay']>;
  readonly abort?: NonNullable<Fault['abort']>;
  readonly networkPolicy?: NetworkPolicyMode;
}

/** Whether NetworkPolicies are made for a workload. */
export type NetworkPolicyMode = 'generate' | 'off';

/** What one MeshPolicy says to workloads. */
export interface WorkloadPart extends Aged {
  readonly fields: WorkloadFields;
  /** Present where the policy selects pods: labels that they need. */
  readonly labels?: Labels;
}

/** What the MeshPolicy `namespace/name` says to workloads; the barrier behind which changes of its status stay. */
export const workloadPart: Derivation<WorkloadPart | undefined> = {
  name: 'workloadPart',
  compute(read, key) {
    const policy = withoutNulls(read.get(MESH_POLICIES, key));
    const spec = objectOf(policy?.spec);
    if (policy === undefined || spec === undefined) return undefined;
    const scope = scopeOf(policy);
    const part = { ...ageOf(policy), fields: workloadFieldsOf(spec) };
    return scope.kind === 'pods' ? { ...part, labels: scope.labels } : part;
  },
};

const MODES: Readonly<Record<MeshPolicyMtlsMode, MtlsMode>> = {
  Strict: 'strict',
  Permissive: 'permissive',
  Disabled: 'disabled',
};

const NETWORK_POLICY_MODES = new Map<MeshPolicyNetworkPolicy | undefined, NetworkPolicyMode>([
  ['Generate', 'generate'],
  ['Disabled', 'off'],
]);

const GRPC_STATUS: readonly MeshPolicyFaultAbortGrpcStatus[] = [
  'Cancelled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
];

const ALL = 100;

/** The fields of a policy that bind workloads, in the model's words. */
export function workloadFieldsOf(spec: MeshPolicySpec): WorkloadFields {
  const mtls = objectOf(spec.mtls);
  const mode = modeOf(mtls?.mode);
  const ports = listOf(mtls?.ports).flatMap((entry) => {
    const [port, portMode] = [numberOf(entry.port), modeOf(entry.mode)];
    return port === undefined || portMode === undefined ? [] : [{ port, mode: portMode }];
  });
  const networkPolicy = NETWORK_POLICY_MODES.get(spec.networkPolicy);
  const delay = delayOf(objectOf(spec.fault));
  const abort = abortOf(objectOf(spec.fault));
  return {
    ports,
    ...(mode === undefined ? {} : { mode }),
    ...(delay === undefined ? {} : { delay }),
    ...(abort === undefined ? {} : { abort }),
    ...(networkPolicy === undefined ? {} : { networkPolicy }),
  };
}

function modeOf(mode: MeshPolicyMtlsMode | undefined): MtlsMode | undefined {
  return typeof mode === 'string' && Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
}

function delayOf(fault: MeshPolicyFault | undefined): WorkloadFields['delay'] {
  const delayMs = durationMs(fault?.delay?.duration);
  return delayMs === undefined ? undefined : { percent: fault?.delay?.percent ?? ALL, delayMs };
}

/** gRPC's numbers start at 1 with Cancelled; 0 is OK, which no fault answers. */
function abortOf(fault: MeshPolicyFault | undefined): WorkloadFields['abort'] {
  const abort = objectOf(fault?.abort);
  if (abort === undefined) return undefined;
  const percent = abort.percent ?? ALL;
  if (abort.httpStatus !== undefined) return { percent, kind: 'http', status: abort.httpStatus };
  const status = abort.grpcStatus === undefined ? 0 : GRPC_STATUS.indexOf(abort.grpcStatus) + 1;
  return status === 0 ? undefined : { percent, kind: 'grpc', status };
}
