import assert from 'node:assert/strict';
import fc from 'fast-check';
import { curveOf, thinnedBars } from '../../../src/reports/evidence/curves.js';
import { histogramOf } from '../../../src/reports/histogram.js';
import { mark, number, percent, percentMark } from '../../../src/reports/figures.js';
import { embeddedJson, escapeHtml, readEmbeddedJson } from '../../../src/reports/html.js';
import { linearScale } from '../../../src/reports/svg/scale.js';

const finite = (size: number) => fc.double({ min: -size, max: size, noNaN: true });
const settings = { seed: 3, numRuns: 200 };

describe('curveOf', () => {
  it('ends at the sum of the returns, and its deepest point is the drawdown over all bars, however few points are kept', () => {
    fc.assert(
      fc.property(fc.array(finite(1), { minLength: 1, maxLength: 1_500 }), (values) => {
        const at = thinnedBars(values.length);
        const { equity, drawdown } = curveOf(Float64Array.from(values), at);
        let [sum, peak, deepest] = [0, 0, 0];
        for (const value of values) {
          sum += value;
          peak = Math.max(peak, sum);
          deepest = Math.min(deepest, sum - peak);
        }
        assert.equal(at.length, Math.min(400, values.length));
        assert.equal(equity.at(-1), sum);
        assert.equal(Math.min(...drawdown), deepest);
      }),
      settings,
    );
  });
});

describe('histogramOf', () => {
  it('counts every value once, within its edges', () => {
    fc.assert(
      fc.property(fc.array(finite(10), { maxLength: 300 }), (values) => {
        const { edges, counts, positive } = histogramOf(Float64Array.from(values));
        const isFlat = new Set(values).size < 2;
        assert.equal(counts.reduce((sum, count) => sum + count, 0), isFlat ? 0 : values.length); // prettier-ignore
        assert.equal(edges.length, isFlat ? 0 : counts.length + 1);
        if (values.length > 0) assert.equal(positive, values.filter((value) => value > 0).length / values.length);
      }),
      settings,
    );
  });

  it('has an edge at zero where values lie on both sides', () => {
    const { edges } = histogramOf(Float64Array.of(-3, -1, 0.5, 2, 7));
    assert.ok(edges.some((edge) => Math.abs(edge) < 1e-12));
  });
});

describe('linearScale', () => {
  it('marks round numbers in order, from below the lowest to above the highest', () => {
    fc.assert(
      fc.property(finite(1e6), finite(1e6), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high - low > 1e-6);
        const { ticks, place } = linearScale(low, high, 0, 100);
        assert.ok(ticks.length >= 2 && ticks.length <= 14, `${ticks.length} marks`);
        assert.ok(place(low) >= -1e-6 && place(high) <= 100 + 1e-6);
        assert.ok(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]!));
      }),
      settings,
    );
  });
});

describe('the figures of reports', () => {
  it('are the same on every machine', () => {
    assert.deepEqual(
      [number(-1234567.891), number(0.001), number(-0.001), number(null), number(12, 0), percent(0.12345), mark(-2.5), percentMark(0.02)],
      ['−1\u202f234\u202f567.89', '0.00', '0.00', '–', '12', '12.35\u202f%', '−2.5', '2\u202f%'],
    );
  });
});

describe('embeddedJson', () => {
  it('cannot end its element, and is read back as it was', () => {
    const value = { text: '</script><script>alert(1)</script>', more: '<!--' };
    const page = `<p>before</p>${embeddedJson('data', value)}<p>after</p>`;
    assert.equal(page.match(/<\/script>/g)?.length, 1);
    assert.deepEqual(JSON.parse(readEmbeddedJson('data', page) ?? ''), value);
    assert.equal(readEmbeddedJson('other', page), null);
    assert.equal(escapeHtml('<a href="x">&'), '&lt;a href=&quot;x&quot;&gt;&amp;');
  });
});
