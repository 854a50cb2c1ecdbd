import { awaitApiServer, type AwaitOptions } from './await-api-server.ts';
import { FIELD_MANAGER } from './controllers/status/status-reconciler.ts';
import type { Api } from './framework/index.ts';
import {
  ApiCaStore,
  CaStoreError,
  CertificateAuthority,
  FileCaStore,
  givenRoot,
  GivenRootError,
  readSecret,
  type Root,
  type Secret,
  secretFiles,
  secretName,
} from './identity/index.ts';
import type { OperatorFlags } from './operator-flags.ts';

/** What the authority is made of. */
export interface AuthorityOptions extends AwaitOptions {
  /** Not bound to a Lease: replicas that do not lead make and read the root too, and none writes over another. */
  readonly api: Pick<Api, 'get' | 'create' | 'replace'>;
  readonly flags: Pick<
    OperatorFlags,
    'caFile' | 'caSecret' | 'caSource' | 'certificateLifetime' | 'namespace' | 'trustDomain'
  >;
}

/** The Secret where the state of a change is kept when the root is given, as that Secret is not ours to write. */
export function stateSecretOf(name: string): string {
  return `${name}-state`;
}

/**
 * Opens the certificate authority that the flags name; waits for an API server that cannot be reached, and is undefined when
 * the signal aborts first. Throws `CaStoreError` and `GivenRootError`, which name the Secret, its field and the fix.
 */
export async function openAuthority(options: AuthorityOptions): Promise<CertificateAuthority | undefined> {
  const { clock, flags, log } = options;
  const { caFile } = flags;
  if (flags.certificateLifetime < SHORT_LIFETIME)
    log.warn(
      'certificates live so short that a control plane that is away for half of it, or a clock that is wrong, stops traffic',
      {
        seconds: flags.certificateLifetime,
      },
    );
  if (flags.caSecret === undefined) {
    return await CertificateAuthority.open({ store: new FileCaStore(caFile), ...issuing(flags), clock });
  }
  return await awaitApiServer(() => openInSecret(options, flags.caSecret ?? ''), options);
}

/** Seconds. */
const SHORT_LIFETIME = 600;

/** What is issued, and how long it lives. */
function issuing({ certificateLifetime, trustDomain }: AuthorityOptions['flags']) {
  return { trustDomain, leafTtlMs: certificateLifetime * 1000 };
}

async function openInSecret(options: AuthorityOptions, name: string): Promise<CertificateAuthority> {
  const { api, clock, flags, log } = options;
  const { caSource, namespace } = flags;
  const ref = { namespace, name };
  const storeOf = (secret: string): ApiCaStore =>
    new ApiCaStore({ api, secret: { namespace, name: secret }, fieldManager: FIELD_MANAGER });
  const secret = await readSecret(api, ref);
  const isGiven = secret === undefined ? await wasGiven(api, ref) : isTls(secret);
  if (secret === undefined && !isGiven && caSource === 'secret') {
    throw new CaStoreError(
      `${secretName(ref)} is not there: make it, of the type kubernetes.io/tls with tls.crt, tls.key and ca.crt, or let the operator make a root by --ca-source self-signed`,
    );
  }
  if (!isGiven) return await CertificateAuthority.open({ store: storeOf(name), ...issuing(flags), clock });
  const given = async (): Promise<Root> => {
    const present = await readSecret(api, ref);
    if (present === undefined) throw new GivenRootError(`${secretName(ref)} is not there any more: make it again`);
    return givenRoot(secretFiles(present), secretName(ref), clock.now());
  };
  const store = storeOf(stateSecretOf(name));
  const authority = await CertificateAuthority.open({ store, given, ...issuing(flags), clock });
  log.info('the root certificate is given', { secret: `${namespace}/${name}`, signing: authority.signingRoot });
  return authority;
}

function isTls({ type, data = {} }: Secret): boolean {
  return type === 'kubernetes.io/tls' || Object.hasOwn(data, 'tls.crt');
}

/** While a given Secret is away, to make a root in its place would take the mesh apart. */
async function wasGiven(api: Pick<Api, 'get'>, { name, namespace }: { name: string; namespace: string }) {
  return (await readSecret(api, { namespace, name: stateSecretOf(name) })) !== undefined;
}
