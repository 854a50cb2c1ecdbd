import type { Init } from './init.ts';
import type { Fault } from '../model/index.ts';
import { fraction } from './percent.ts';
import { duration, type HTTPFaultSchema } from './proto/index.ts';

/** What the called workload's proxy does to requests before the application sees them. */
export function httpFault(fault: Fault): Init<typeof HTTPFaultSchema> {
  const { delay, abort } = fault;
  return {
    ...(delay === undefined
      ? {}
      : {
          delay: {
            faultDelaySecifier: { case: 'fixedDelay', value: duration(delay.delayMs) },
            percentage: fraction(delay.percent),
          },
        }),
    ...(abort === undefined
      ? {}
      : {
          abort: {
            errorType: { case: abort.kind === 'http' ? 'httpStatus' : 'grpcStatus', value: abort.status },
            percentage: fraction(abort.percent),
          },
        }),
  };
}
