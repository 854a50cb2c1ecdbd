import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAdmissionReview, InvalidReviewError, parseAdmissionReview } from './admission-review.ts';

const request = {
  uid: '7',
  operation: 'CREATE',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
  oldObject: null,
};
const review = (more: object = {}, envelope: object = {}): string =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { ...request, ...more },
    ...envelope,
  });

describe('an admission review', () => {
  it('is read, with what the API server leaves out filled in', () => {
    const parsed = parseAdmissionReview(review());
    assert.deepEqual([parsed.uid, parsed.dryRun, parsed.userInfo], ['7', false, {}]);
    assert.deepEqual([parsed.object, parsed.oldObject], [request.object, undefined]);
    assert.equal(parseAdmissionReview(review({ dryRun: true })).dryRun, true);
  });

  const wrong: Readonly<Record<string, string>> = {
    'what is no JSON': '{',
    'another version': review({}, { apiVersion: 'admission.k8s.io/v1beta1' }),
    'another kind': review({}, { kind: 'ConversionReview' }),
    'no request': review({}, { request: null }),
    'no uid': review({ uid: '' }),
    'an operation that there is not': review({ operation: 'LOOK' }),
    'no kind': review({ kind: 'Pod' }),
    'an object that is none': review({ object: 'a' }),
  };
  for (const [name, text] of Object.entries(wrong)) {
    it(`refuses ${name}`, () => assert.throws(() => parseAdmissionReview(text), InvalidReviewError));
  }

  it('is answered with a verdict', () => {
    const answer = (verdict: Parameters<typeof formatAdmissionReview>[1]): unknown =>
      (JSON.parse(formatAdmissionReview('7', verdict)) as { response: unknown }).response;
    assert.deepEqual(answer({ kind: 'allow', patch: [] }), { uid: '7', allowed: true });
    assert.deepEqual(answer({ kind: 'deny', message: 'no', warnings: ['w'] }), {
      uid: '7',
      allowed: false,
      status: { code: 403, message: 'no' },
      warnings: ['w'],
    });
    const patch = [{ op: 'remove', path: '/a' }] as const;
    assert.deepEqual(answer({ kind: 'allow', patch, auditAnnotations: { a: 'b' } }), {
      uid: '7',
      allowed: true,
      auditAnnotations: { a: 'b' },
      patchType: 'JSONPatch',
      patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    });
  });
});
