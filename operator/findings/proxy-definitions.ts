import { define } from './definition.ts';

/** What the proxies say: DK30xx. */
export const PROXY_DEFINITIONS = {
  DK3001: define({
    title: 'RejectedByProxy',
    level: 'error',
    effect: 'rejected',
    message: '{proxy} refuses what comes of it: {error}',
    fix: 'change what the proxy names; until then the last version that it took stays in force',
  }),
};
