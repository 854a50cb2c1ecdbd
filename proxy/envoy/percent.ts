import type { Init } from './init.ts';
import { FractionalPercent_DenominatorType, type FractionalPercentSchema } from './proto/index.ts';

/** A percentage with up to four decimals; what is beyond 0-100 is cut off. */
export function fraction(percent: number): Init<typeof FractionalPercentSchema> {
  const numerator = Math.round(Math.min(Math.max(percent, 0), 100) * 10_000);
  return { numerator, denominator: FractionalPercent_DenominatorType.MILLION };
}
