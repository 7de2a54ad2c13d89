import assert from 'node:assert/strict';
import type { TransferEffect } from '../../../src/domain/transfer/effect.js';
import { judgeTransfer, type TransferOccasion } from '../../../src/domain/transfer/transfer.js';

const interval = (lower: number, upper: number) => ({ estimate: (lower + upper) / 2, lower, upper });
const effect = (lower: number, upper: number): TransferEffect => ({
  measured: true,
  seeds: 3,
  treated: interval(0, 1),
  control: interval(0, 1),
  gain: interval(lower, upper),
});
const unmeasured: TransferEffect = { measured: false, reason: 'the control was switched off to save its time' };

describe('judgeTransfer', () => {
  for (const [what, shown, used, reason] of [
    [
      'what was shown to help',
      effect(0.01, 0.03),
      { initial: true, requested: true, reverse: true },
      /^it helps .* \+2\.000 % of cash, 95 % from \+1\.000 % to \+3\.000 %, over 3 seeds$/,
    ],
    [
      'what was shown to harm',
      effect(-0.03, -0.01),
      { initial: false, requested: false, reverse: false },
      /^it harms .* −2\.000 % of cash/,
    ],
    ['what shows neither', effect(-0.01, 0.03), { initial: true, requested: true, reverse: false }, /^neither help nor harm was shown/],
    ['what was not measured', unmeasured, { initial: true, requested: true, reverse: false }, /the control was switched off/],
  ] as const)
    // prettier-ignore
    for (const occasion of ['initial', 'requested', 'reverse'] as const satisfies readonly TransferOccasion[])
      it(`${used[occasion] ? 'uses' : 'refuses'} ${what}, ${occasion}`, () => {
        const verdict = judgeTransfer(occasion, shown);
        assert.equal(verdict.used, used[occasion]);
        assert.match(verdict.reason, reason);
      });
});
