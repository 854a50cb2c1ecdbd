import { define } from './definition.ts';

/** What the control plane says of its certificates, in its log: DK50xx. No object is stopped by it. */
export const CERTIFICATE_DEFINITIONS = {
  DK5001: define({
    title: 'RootNotReplaced',
    level: 'warning',
    effect: 'noted',
    message: 'half of the life of the root certificate is over, no other has taken its place, and it ends at {end}',
    fix: 'put another one into the Secret where the root is given; where it is made, the log says what its change waits for',
  }),
  DK5002: define({
    title: 'CertificateNotRenewed',
    level: 'warning',
    effect: 'noted',
    message: 'the certificate of {identity} could not be made: {error}',
    fix: 'nothing while it is tried again; if it goes on, see why the root cannot sign: dotkube check',
  }),
  DK5003: define({
    title: 'RootUnreadable',
    level: 'warning',
    effect: 'noted',
    message: 'the root certificate cannot be read: {error}',
    fix: 'mend the Secret, or delete one that the operator made, and a replica that runs puts it back; until then do not restart the replicas, which go on with what they have in memory',
  }),
};
