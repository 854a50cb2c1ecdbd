import { ProxyFilesController } from './controllers/namespaces/proxy-files-controller.ts';
import { FIELD_MANAGER } from './controllers/status/status-reconciler.ts';
import type { Runnable } from './framework/index.ts';
import type { InjectionOptions, OperatorOptions } from './operator-options.ts';
import type { OperatorParts } from './operator-parts.ts';
import { caBundleKeeper, InjectionServer, proxyFiles, unmeshedPodsController } from './webhooks/index.ts';

/** What gives pods their proxies, and proxies what they start with. */
export interface Injection {
  readonly runnables: readonly Runnable[];
  /** Objects that do not hold the present trust bundle yet: until they do, no root that is new in it may sign. */
  readonly behind: () => readonly string[];
  readonly server?: InjectionServer;
}

/** What injection is made of; nothing where it is off. */
export function createInjection(parts: Pick<OperatorParts, 'options' | 'informers' | 'events'>): Injection {
  const { events, informers, options } = parts;
  const { api, authority, clock, injection, log, metrics } = options;
  if (injection === undefined) return { runnables: [], behind: () => [] };
  const { namespaces, pods } = informers;
  const common = { api, clock, logger: log, metrics, namespaces, pods };
  const settings = (): InjectionOptions['settings'] => injection.settings;
  const proxyFilesController = new ProxyFilesController({
    ...common,
    settings: injection.settings,
    files: filesOf(options, injection),
    // The standby verifies the control plane with what proxies have.
    ...(options.standby && { always: [options.standby.namespace] }),
    onFilesChange: (changed) => authority.onChange(changed),
    fieldManager: FIELD_MANAGER,
    ...(injection.lingerMs === undefined ? {} : { lingerMs: injection.lingerMs }),
  });
  const unmeshed = unmeshedPodsController({ ...common, events, settings });
  const runnables = [...proxyFilesController.runnables, unmeshed];
  if (injection.webhook === undefined) return { runnables, behind: () => proxyFilesController.behind() };
  const server = new InjectionServer({ api, authority, clock, log, metrics, settings, ...injection.webhook });
  const caBundle = caBundleKeeper({ api, authority, clock, log, metrics });
  return {
    runnables: [...runnables, server, ...caBundle.runnables],
    behind: () => [...proxyFilesController.behind(), ...caBundle.behind()],
    server,
  };
}

/** The same for all namespaces, so made once for each trust bundle. */
function filesOf(
  { authority }: OperatorOptions,
  { controlPlane, settings, standby }: InjectionOptions,
): () => Readonly<Record<string, string>> {
  let made: { readonly pem: string; readonly files: Readonly<Record<string, string>> } | undefined;
  return () => {
    const { pem } = authority.trustBundle;
    if (made?.pem !== pem)
      made = { pem, files: proxyFiles({ controlPlane, rootsPem: pem, ...(standby && { standby }) }, settings) };
    return made.files;
  };
}
