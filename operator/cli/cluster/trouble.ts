import { ApiError, REASON } from '../../framework/api/api-error.ts';

/** A command failed at a cluster; the message says what to do. */
export class ClusterTrouble extends Error {
  override readonly name = 'ClusterTrouble';
}

/** An error with what to do about it, if it is one of an API server or of a kubeconfig; any other as it is. */
export function explained(thrown: unknown): unknown {
  if (thrown instanceof ApiError) {
    const advice = adviceOn(thrown);
    return new ClusterTrouble(advice === undefined ? thrown.message : `${thrown.message}\n  ${advice}`, {
      cause: thrown,
    });
  }
  if (thrown instanceof Error && thrown.message.startsWith('cannot read the kubeconfig'))
    return new ClusterTrouble(`${thrown.message}\n  name one with --kubeconfig or KUBECONFIG`, { cause: thrown });
  return thrown;
}

/** What somebody can do about a refusal. */
export function adviceOn({ code, message, reason }: ApiError): string | undefined {
  if (reason === REASON.unreachable && /certificate|self.signed|altname/i.test(message))
    return 'the kubeconfig has the certificate authority of another cluster, or an outdated one';
  if (reason === REASON.unreachable || reason === REASON.timeout)
    return 'is the cluster up, and is this its kubeconfig? dotkube up runs a mesh without a cluster';
  if (code === 401) return 'log in again: the credentials of the kubeconfig are not, or no longer, taken';
  if (code === 403) return 'ask for that right, or name a user who has it with --context';
  if (code === 404 && message.includes('the server could not find the requested resource'))
    return 'that kind is not there: is dot-kube installed? See dotkube check';
  if (code === 409 && reason === REASON.conflict && message.includes('conflict'))
    return 'somebody else set these fields; --force-conflicts takes them over';
  return undefined;
}
