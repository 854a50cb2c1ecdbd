import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { countsOf } from '../harness/counts.ts';
import { type Campaign, runCampaign } from '../watch/campaign.ts';
import { ALL, nameOf } from '../watch/plan.ts';
import type { Outcome } from '../watch/sequence.ts';

const SEQUENCES: Readonly<Record<FaultSize, number>> = { short: 40, standard: 2000, full: 10_000 };

/** Whether all faults must have had their occasion. */
const ENOUGH = 500;

/** Everything that can be wrong with lists and watches, in random sequences, through the informers to what is pushed. */
export const F5: Fault = {
  id: 'F5',
  title:
    'Watches break: disconnects (between and within lines), 410 in each form, silence and half-open connections, events twice or in the wrong order, lost bookmarks, empty and truncated lists, 429, 500 and 503, pages that expire',
  expected: 'each sequence ends at the truth of the API server; no phantom, no empty world; at most one list per fault',
  isShort: true,
  controls: [
    {
      title: 'events in the wrong order are passed over',
      file: 'operator/framework/watch/transitions.ts',
      find: "return isRepeated(event, known) ? { state } : listAgain('desync');",
      replace: 'return { state };',
      fails: 'sequences that do not end at the truth',
    },
    {
      title: 'an empty list is believed',
      file: 'operator/framework/watch/transitions.ts',
      find: 'if (listed === 0) return stored > 0 || neverEmpty;',
      replace: 'if (listed === 0) return false;',
      fails: 'sequences in which anything was lost or was never so',
    },
    {
      title: 'a watch goes on from the version of its list',
      file: 'operator/framework/watch/watcher.ts',
      find: '        this.#state = current;\n',
      replace: '',
      fails: 'sequences in which anything was lost or was never so',
    },
  ],
  run: watchFaults,
};

async function watchFaults({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  const total = SEQUENCES[size];
  // Always the same ones, so that what fails once fails again.
  const campaign = await runCampaign(1, total, signal, (done) => {
    if (done % 200 === 0) say(`${done} of ${total} sequences`);
  });
  for (const outcome of campaign.failed.slice(0, 5)) say(wordsOf(outcome));
  return checksOf(campaign, total);
}

function wordsOf({ seed, difference, wrong }: Outcome): string {
  const what = [...wrong, ...(difference === undefined ? [] : [difference])].slice(0, 2).join('; ');
  return `seed ${seed}: ${what.slice(0, 600)}\n  again: node test/faults/watch/main.ts --seed ${seed}`;
}

function checksOf(campaign: Campaign, total: number): readonly Check[] {
  const { outcomes, happened, lists, unexplained } = campaign;
  const astray = outcomes.filter(({ difference }) => difference !== undefined).length + total - outcomes.length;
  const wrong = outcomes.filter((outcome) => outcome.wrong.length > 0).length;
  const faults = Object.values(happened).reduce((sum, times) => sum + times, 0);
  const names = new Set(ALL.map(nameOf));
  const missing = [...names].filter((name) => happened[name] === undefined);
  return [
    {
      name: 'sequences that do not end at the truth',
      expected: '0',
      measured: `${countsOf(astray, total, 'do not')}, seeds 1 to ${total}`,
      passed: astray === 0,
    },
    {
      name: 'sequences in which anything was lost or was never so',
      expected: '0',
      measured: countsOf(wrong, total, 'had such a moment'),
      passed: wrong === 0,
    },
    {
      name: 'lists that nothing explains',
      expected: 'at most one list for each fault and kind',
      measured: `${lists} lists after ${faults} faults, at most ${unexplained} unexplained in a sequence`,
      passed: unexplained === 0,
    },
    {
      name: 'faults that had no occasion',
      expected: 'none',
      measured: missing.length === 0 ? `none of ${names.size}` : missing.join(', '),
      passed: missing.length === 0 || total < ENOUGH,
    },
  ];
}
