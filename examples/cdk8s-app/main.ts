/** The same canary for two environments: `node main.ts` writes one file for each to `dist`. */
import { App } from 'cdk8s';
import { Canary } from './canary.ts';

const app = new App();
for (const { namespace, percent } of [
  { namespace: 'bookstore-staging', percent: 50 },
  { namespace: 'bookstore', percent: 10 },
]) {
  const canary = new Canary(app, namespace, { namespace, service: 'reviews', percent, callers: ['storefront'] });
  process.stdout.write(`${canary.node.id}: ${percent} % of reviews\n`);
}
app.synth();
