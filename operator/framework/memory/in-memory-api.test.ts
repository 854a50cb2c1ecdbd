import { apiContract } from '../testing/api-contract.ts';
import { WIDGET_SCHEMA } from '../testing/contract/widget.ts';
import { InMemoryApi } from './in-memory-api.ts';

apiContract('the in-memory API', async () => {
  const api = new InMemoryApi({ schemaOf: (kind) => (kind.kind === 'Widget' ? WIDGET_SCHEMA : undefined) });
  return {
    api,
    namespace: 'contract',
    collectsGarbage: true,
    compact: async () => api.compact(),
    bookmarkSeconds: 1,
  };
});
