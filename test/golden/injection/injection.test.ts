import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { decideInjection } from '../../../operator/webhooks/injection/decide.ts';
import { injectPod } from '../../../operator/webhooks/injection/inject-pod.ts';
import { uninjectPod } from '../../../operator/webhooks/injection/uninject-pod.ts';
import { matchGolden } from '../../tools/golden.ts';
import { injectionCases, verdictText } from './cases.ts';

const UPDATE = process.env['DOT_KUBE_GOLDEN'] === 'update';

describe('what becomes of a pod', () => {
  for (const { folder, name, namespace, pod, settings } of injectionCases()) {
    test(name, () => {
      const decision = decideInjection(pod, namespace, settings);
      const [injected, verdict] = [join(folder, 'injected.yaml'), join(folder, 'verdict.txt')];
      const other = decision.kind === 'inject' ? verdict : injected;
      if (UPDATE) rmSync(other, { force: true });
      assert.equal(existsSync(other), false, `${other} is of another decision`);
      if (decision.kind === 'inject') {
        const changed = injectPod(pod, settings);
        matchGolden(injected, stringify(changed, { lineWidth: 0, aliasDuplicateObjects: false }));
        assert.deepEqual(injectPod(changed, settings), changed, 'twice is once');
        assert.deepEqual(decideInjection(changed, namespace, settings), decision, 'an injected pod is decided like before');
        assert.deepEqual(injectPod(uninjectPod(changed), settings), changed, 'undone and done again');
      } else matchGolden(verdict, verdictText(decision));
    });
  }
});
