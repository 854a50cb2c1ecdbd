import { after, before, describe } from 'node:test';
import { applyContract } from './contract/apply.ts';
import { listContract } from './contract/lists.ts';
import { objectContract } from './contract/objects.ts';
import type { ApiUnderTest } from './contract/subject.ts';

/** An {@link ApiUnderTest}, and how to put it away. */
export interface ApiFixture extends ApiUnderTest {
  readonly close?: () => Promise<void>;
}

/** Registers the tests that every implementation of `Api` has to pass, with node:test. */
export function apiContract(name: string, setUp: () => Promise<ApiFixture>): void {
  describe(name, () => {
    let fixture: ApiFixture | undefined;
    const subject = (): ApiUnderTest => {
      if (fixture === undefined) throw new Error('the subject is not set up');
      return fixture;
    };
    before(async () => {
      fixture = await setUp();
    });
    after(async () => {
      await fixture?.close?.();
    });
    objectContract(subject);
    applyContract(subject);
    listContract(subject);
  });
}
