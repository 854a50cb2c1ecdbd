import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fieldOf } from '../../../operator/framework/api/json.ts';
import {
  createMetricsRegistry,
  Manager,
  MUTATING_WEBHOOK_CONFIGURATION,
  silentLogger,
  systemClock,
} from '../../../operator/framework/index.ts';
import { CertificateAuthority, MemoryCaStore } from '../../../operator/identity/index.ts';
import {
  INJECTION_PATH,
  INJECTION_WEBHOOK,
  injectionWebhook,
} from '../../../operator/webhooks/injection/webhook/configuration.ts';
import { caBundleKeeper, InjectionServer } from '../../../operator/webhooks/injection/webhook/injection-webhook.ts';
import { settingsWith } from '../../golden/injection/cases.ts';
import { type InjectionCluster, startInjectionCluster, untilInjecting } from './injection-cluster.ts';

for (const release of ['oldest', 'newest'] as const) {
  describe(`on the ${release} Kubernetes the certificates of the webhook`, () => {
    const cleanUp = new AsyncDisposableStack();
    const settings = settingsWith();
    let cluster: InjectionCluster;
    let authority: CertificateAuthority;

    const bundles = async (): Promise<readonly string[]> => {
      const live = await cluster.api.get(MUTATING_WEBHOOK_CONFIGURATION, { name: INJECTION_WEBHOOK });
      const webhooks = fieldOf(live, 'webhooks') as readonly { clientConfig: { caBundle?: string } }[];
      return webhooks.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString());
    };
    const untilBundle = async (pem: string): Promise<void> => {
      const deadline = performance.now() + 10_000;
      while ((await bundles()).some((bundle) => bundle !== pem)) {
        assert.ok(performance.now() < deadline, 'the caBundle is another');
      }
    };

    before(async () => {
      cluster = await startInjectionCluster(release);
      cleanUp.use(cluster);
      authority = await CertificateAuthority.open({
        store: new MemoryCaStore(),
        trustDomain: 'cluster.local',
        clock: systemClock,
      });
      const options = {
        api: cluster.api,
        authority,
        names: { dnsNames: ['dot-kube-webhook.dot-kube-system.svc'], ipAddresses: ['127.0.0.1'] },
        address: { host: '127.0.0.1', port: 0 },
        settings: () => settings,
        clock: systemClock,
        log: silentLogger,
        metrics: createMetricsRegistry(),
      };
      const server = new InjectionServer(options);
      const manager = new Manager({ clock: systemClock, logger: silentLogger });
      manager.add(server, ...caBundleKeeper(options).runnables);
      const stopping = new AbortController();
      const running = manager.run(stopping.signal);
      cleanUp.defer(async () => {
        stopping.abort();
        await running;
      });
      const url = `https://127.0.0.1:${await server.listening()}${INJECTION_PATH}`;
      await cluster.apply([injectionWebhook({ url }, settings)]);
    });
    after(() => cleanUp.disposeAsync());

    test('are known to the API server as soon as the configuration is there', async () => {
      await untilBundle(authority.trustBundle.pem);
      await untilInjecting(cluster, settings.proxyImage);
    });

    test('are known again after somebody has written others', async () => {
      const { kubectl } = cluster.controlPlane;
      const patch = JSON.stringify([{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }]);
      await kubectl('patch', 'mutatingwebhookconfiguration', INJECTION_WEBHOOK, '--type=json', `--patch=${patch}`);
      await untilBundle(authority.trustBundle.pem);
    });

    test('change with the root, step by step, while pods are injected', async () => {
      const steps = ['beginRootChange', 'completeRootChange', 'finishRootChange'] as const;
      for (const step of steps) {
        await authority[step]();
        await untilBundle(authority.trustBundle.pem);
        await untilInjecting(cluster, settings.proxyImage);
      }
    });
  });
}
