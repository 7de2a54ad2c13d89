import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/places.mjs';

/**
 * Folders that run one after another, in lanes that run at the same time and take about equally long; all but the first mostly wait, as for heartbeats
 * of killed workers. What is in no lane is what needs no service: it goes into the first, which begins when the checks are over.
 */
const LANES = [
  ['cli'],
  ['activities', 'workers', 'api'],
  ['workflows', 'runtime', 'client', 'faults', 'registry', 'replay', 'support'],
  ['kills', 'end-to-end'],
];

/** Folders of test/ by what they need: `unit` no service, the others real ones. Every folder but `support` is in one tier. */
export const TIERS = {
  unit: [
    'annotation',
    'architecture',
    'artifacts',
    'config',
    'contracts',
    'domain',
    'evaluation',
    'learning',
    'market',
    'reports',
    'scripts',
    'serving',
    'telemetry',
  ],
  integration: ['activities', 'api', 'cli', 'client', 'registry', 'runtime', 'support', 'workers', 'workflows'],
  replay: ['replay'],
  'end-to-end': ['end-to-end'],
  faults: ['faults', 'kills'],
};

/** Compiled test files of the tiers, in lanes that run at the same time. Throws when a folder of test/ belongs to no tier, for its tests would never run. */
export const tierLanes = async (tiers) => {
  const known = new Set(Object.values(TIERS).flat());
  const folders = (await readdir(join(root, 'test'), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const homeless = folders.map(({ name }) => name).filter((name) => !known.has(name));
  if (homeless.length > 0) throw new Error(`test/${homeless.join(', test/')} is in no tier: add it to scripts/test/tiers.mjs`);
  const wanted = tiers.flatMap((tier) => TIERS[tier]).filter((folder) => folders.some(({ name }) => name === folder));
  const rest = wanted.filter((folder) => !LANES.flat().includes(folder));
  return LANES.map((lane, index) =>
    [...(index === 0 ? rest : []), ...lane.filter((folder) => wanted.includes(folder))].map((folder) => `dist/test/${folder}/**/*.test.js`),
  );
};
