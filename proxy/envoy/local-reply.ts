import type { Init } from './init.ts';
import { DIALLED_HEADER } from './names.ts';
import type { HttpConnectionManagerSchema } from './proto/index.ts';

/**
 * The answer to a first call for which the control plane has not said in time where it leads: it names the reason, as "stream timeout" and
 * an empty body name none. That header is gone from what has a route and a cluster, whose time-outs are others'.
 */
export function unansweredReply(milliseconds: number): Init<typeof HttpConnectionManagerSchema>['localReplyConfig'] {
  const asked = `dot-kube: the control plane has not said within ${milliseconds / 1000} s where %REQ(${DIALLED_HEADER})% leads`;
  return {
    mappers: [
      {
        filter: {
          filterSpecifier: {
            case: 'andFilter',
            value: {
              filters: [
                // No route in time, no cluster in time.
                { filterSpecifier: { case: 'responseFlagFilter', value: { flags: ['SI', 'NC'] } } },
                {
                  filterSpecifier: {
                    case: 'headerFilter',
                    value: {
                      header: { name: DIALLED_HEADER, headerMatchSpecifier: { case: 'presentMatch', value: true } },
                    },
                  },
                },
              ],
            },
          },
        },
        bodyFormatOverride: {
          format: {
            case: 'textFormatSource',
            value: { specifier: { case: 'inlineString', value: `${asked} (%RESPONSE_CODE_DETAILS%)\n` } },
          },
        },
      },
    ],
  };
}
