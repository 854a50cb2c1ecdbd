import { isWell } from '../../status/status-text.ts';
import { isProgrammed } from '../../../local/status/status-report.ts';
import { type CheckStep } from '../check-step.ts';
import { eventually } from '../demo-mesh.ts';

/** Every policy is programmed on every proxy, and every proxy is in sync. */
export const everythingInForce: CheckStep = {
  name: 'every policy is in force and every proxy in sync',
  async run(mesh) {
    let last = '';
    const report = await eventually('all in force', 10_000, async () => {
      const status = await mesh.status();
      last = status.objects
        .filter((object) => !isProgrammed(object))
        .map(({ name }) => name)
        .join(', ');
      return isWell(status) && status.objects.length > 0 ? status : undefined;
    }).catch((error: unknown) => {
      throw last === '' ? error : new Error(`not in force: ${last}`);
    });
    return `${report.objects.length} policies, ${report.proxies?.length ?? 0} proxies`;
  },
};
