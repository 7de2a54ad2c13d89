import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Figures } from '../../../src/learning/monitoring/check.js';
import { healthLimits } from '../../../src/learning/monitoring/check.js';
import { healthChecks } from '../../../src/learning/monitoring/checks.js';
import { createHealthMonitor, type HealthFinding } from '../../../src/learning/monitoring/create-health-monitor.js';
import { createRandom } from '../../../src/learning/random.js';

/** Healthy steps: a falling loss and gradients that vary by an order of magnitude from batch to batch. */
const healthy = (seed: number, steps: number): Figures[] => {
  const random = createRandom(seed, 'figures');
  return Array.from({ length: steps }, (_, step) => ({
    qLoss: (2 / (1 + step / 200)) * Math.exp(random.normal() / 2),
    gradientNorm: 0.5 * Math.exp(random.normal()),
    ...(step % 50 === 0 ? { dormantShare: 0.3 * random.uniform() } : {}),
  }));
};

/** What goes wrong from a step on, and which check is to find it. */
const faults: Readonly<Record<keyof typeof healthChecks, (figures: Figures, since: number) => Figures>> = {
  notANumber: (figures, since) => (since === 3 ? { ...figures, gradientNorm: NaN } : figures),
  divergence: (figures, since) => ({ ...figures, qLoss: figures.qLoss! + 200 * 1.05 ** since }),
  explosion: (figures) => ({ ...figures, gradientNorm: figures.gradientNorm! * 1e5 }),
  vanishing: (figures) => ({ ...figures, gradientNorm: figures.gradientNorm! * 1e-9 }),
  dormant: (figures) => ('dormantShare' in figures ? { ...figures, dormantShare: 0.97 } : figures),
};

/** The first finding and the step that it came at. */
const watch = (steps: readonly Figures[]): { readonly step: number; readonly finding: HealthFinding } | null => {
  const monitor = createHealthMonitor();
  for (const [step, figures] of steps.entries()) {
    const finding = monitor.observe(figures);
    if (finding !== null) return { step, finding };
  }
  return null;
};

describe('the health checks', () => {
  it('find nothing in 20 healthy trainings of 3,000 steps', () => {
    for (let seed = 0; seed < 20; seed++) assert.equal(watch(healthy(seed, 3_000)), null, `seed ${seed}`);
  });

  for (const [name, spoil] of Object.entries(faults))
    it(`find ${name} within 100 steps of its onset, and name it, in each of 20 trainings`, () => {
      for (let seed = 0; seed < 20; seed++) {
        const onset = 400 + 37 * seed;
        const found = watch(healthy(seed, 2_000).map((figures, step) => (step < onset ? figures : spoil(figures, step - onset))));
        assert.equal(found?.finding.check, name, `seed ${seed}`);
        assert.ok(found.step >= onset && found.step < onset + 100, `found at ${found.step}, began at ${onset}`);
      }
    });

  it('forgive a bad batch now and then', () => {
    const spiky = healthy(1, 2_000).map((figures, step) => (step % 10 === 0 ? { ...figures, qLoss: 1e6, gradientNorm: 1e7 } : figures));
    assert.equal(watch(spiky), null);
  });

  it('forgive a loss that grows a thousandfold, as long as honest values can have it', () => {
    const growing = healthy(2, 2_000).map((figures, step) => ({ ...figures, qLoss: 0.01 + (step / 2_000) * healthLimits.plausibleLoss }));
    assert.equal(watch(growing), null);
  });

  it('take a figure that is missing for silence, not for a fault', () => {
    assert.equal(watch(Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? {} : { loss: 1 }))), null);
  });
});

describe('createHealthMonitor', () => {
  it('finds the same at the same step when it was stopped and restored anywhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(faults)), fc.integer({ min: 0, max: 500 }), (spoil, stop) => {
        const steps = healthy(3, 600).map((figures, step) => (step < 300 ? figures : spoil(figures, step - 300)));
        let monitor = createHealthMonitor();
        const found = steps.findIndex((figures, step) => {
          if (step === stop) {
            const state = structuredClone(monitor.state());
            monitor = createHealthMonitor();
            monitor.restore(state);
          }
          return monitor.observe(figures) !== null;
        });
        assert.equal(found, watch(steps)?.step);
      }),
      { numRuns: 40 },
    );
  });

  it('asks a check of the user, after the others, and refuses the state of other checks', () => {
    const cold = { initial: [7], observe: (state: readonly number[]) => ({ state, fault: { figure: 'heat', value: 1, expected: '2' } }) };
    const monitor = createHealthMonitor({ checks: { ...healthChecks, cold } });
    assert.deepEqual(monitor.observe({ qLoss: 1 }), { check: 'cold', figure: 'heat', value: 1, expected: '2' });
    assert.equal(monitor.observe({ qLoss: NaN })?.check, 'notANumber');
    assert.throws(() => monitor.restore(createHealthMonitor().state()), { name: 'RangeError', message: /saved column cold is missing/ });
  });
});
