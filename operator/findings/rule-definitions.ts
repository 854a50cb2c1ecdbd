import { define, type FindingDefinition } from './definition.ts';

/** A rule of a CustomResourceDefinition: its text is in crds/, and ends with the code. */
function rule(title: string, fix: string): FindingDefinition<'{rule}'> {
  return define({ title, level: 'error', effect: 'unstored', message: '{rule}', fix });
}

/** What the API server refuses by a CEL rule: DK11xx for all kinds, DK12xx MeshPolicy, DK13xx TrafficSplit, DK14xx AuthorizationPolicy. */
export const RULE_DEFINITIONS = {
  DK1101: rule('TargetsAndSelector', 'keep targetRefs or selector; for both, write two policies'),
  DK1102: rule('DuplicateTarget', 'remove the target that is named again'),
  DK1103: rule('WrongLabelKey', 'write a key as pods carry it, like app or app.kubernetes.io/name'),
  DK1104: rule('ZeroDuration', 'write a longer duration, or remove the field for its default'),
  DK1105: rule('HeaderValue', 'add value, or remove it with the types Present and Absent'),
  DK1106: rule('WrongTemplate', 'let {*} and {**} stand for whole segments, and {**} be the last'),
  DK1107: rule('TemplateElsewhere', 'set type: Template, or write the characters in percent-encoding'),
  DK1201: rule('CallersBySelector', 'move the field to a policy with targetRefs, or with neither for the namespace'),
  DK1202: rule('PerTryAboveRequest', 'shorten timeouts.perTry or lengthen timeouts.request'),
  DK1203: rule('BackoffOrder', 'lengthen retries.backoff.max or shorten base'),
  DK1204: rule('OneHashKey', 'keep one of header, cookie and sourceIP'),
  DK1205: rule('HashWithoutEffect', 'set algorithm: RingHash or Maglev, or remove hash'),
  DK1206: rule('RingHashWithoutEffect', 'set algorithm: RingHash, or remove ringHash'),
  DK1207: rule('OneAbortStatus', 'keep one of httpStatus and grpcStatus'),
  DK1208: rule('EjectionOrder', 'lengthen maxEjectionTime or shorten baseEjectionTime'),
  DK1209: rule('NetworkPolicyOfPort', 'remove sectionName, or set networkPolicy in another policy'),
  DK1210: rule('SlowStartOfOthers', 'set algorithm: LeastRequest or RoundRobin, or remove slowStart'),
  DK1301: rule('NoWeight', 'give a backend a weight above 0'),
  DK1302: rule('NoEndpointsNamed', 'add service, labels or both; the root itself is named as service too'),
  DK1303: rule('OneStickyKey', 'keep one of cookie and header'),
  DK1401: rule('NoRules', 'add rules; - {} is a rule that fits every request'),
  DK1402: rule('ModeOfAudit', 'remove mode; Audit decides nothing in any case'),
  DK1403: rule('WrongAddress', 'write an address like 10.0.0.7 or a block like 10.0.0.0/8 or fd00::/8'),
};
