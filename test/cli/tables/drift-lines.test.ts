import assert from 'node:assert/strict';
import { driftLines, listedLook } from '../../../src/cli/drift/show-drift.js';
import { camelKeys, snakeMapping } from '../../../src/config/keys.js';
import type { RecordedDriftLook } from '../../../src/registry/drift-looks.js';

const measured = (measure: string, value: number) => ({ series: 'range', measure, value, usual: 0.1 });
const look: RecordedDriftLook = {
  version: 'v3_20260306_210000',
  learnedTo: '2026-03-06T21:00:00.000Z',
  to: '2026-03-20T20:00:00.000Z',
  window: 5,
  market: { ...measured('Wasserstein', 0.25), drifted: false, pValue: 0.25, windows: 24, looks: [measured('Kolmogorov-Smirnov', 0.2), measured('Wasserstein', 0.25)] }, // prettier-ignore
  production: {
    changed: true,
    pValue: 0.004,
    sessions: 40,
    stream: 'net return',
    detector: 'ADWIN',
    since: 30,
    before: 0.002,
    after: -0.001,
  },
  at: '2026-03-20T21:00:00.000Z',
};

describe('what ratchet drift shows', () => {
  it('is the newest look from the API: what was found, and every feature by every measure', () => {
    const shown = driftLines('ES', listedLook.parse(camelKeys(snakeMapping({ ...look }))));
    for (const part of [
      'ES: v3_20260306_210000, which has learned to 2026-03-06, looked at in the 5 sessions to 2026-03-20',
      'no drift: range in the 5 sessions to 2026-03-20 differs most from before: Wasserstein 0.250, usually 0.100; 6 of 24 windows differ as much',
      'change: the net return of v3_20260306_210000 has changed in the 10 sessions to 2026-03-20: -0.00100 on average, 0.00200 in the 30 before; ADWIN finds as much in 0.40 % of other orders of them',
      '0.250 (2.5 ×)',
    ])
      assert.ok(shown.includes(part), `${part} is not in\n${shown}`);
  });

  it('says what could not be compared', () => {
    const shown = driftLines('ES', { ...look, market: null, production: null });
    assert.match(shown, /the market: too few windows .*\nproduction: too few sessions/);
  });
});
