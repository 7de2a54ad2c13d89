import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/places.mjs';

/** Tiers that run one after another; the lanes run at the same time, for all but the first mostly wait, as for heartbeats of killed workers. */
const LANES = [['unit'], ['integration', 'replay'], ['end-to-end', 'faults']];

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
  faults: ['faults'],
};

/** Compiled test files of the tiers, in lanes that run at the same time. Throws when a folder of test/ belongs to no tier, for its tests would never run. */
export const tierLanes = async (tiers) => {
  const known = new Set(Object.values(TIERS).flat());
  const folders = (await readdir(join(root, 'test'), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const homeless = folders.map(({ name }) => name).filter((name) => !known.has(name));
  if (homeless.length > 0) throw new Error(`test/${homeless.join(', test/')} is in no tier: add it to scripts/test/tiers.mjs`);
  const present = new Set(folders.map(({ name }) => name));
  return LANES.map((lane) =>
    lane
      .filter((tier) => tiers.includes(tier))
      .flatMap((tier) => TIERS[tier])
      .filter((folder) => present.has(folder))
      .map((folder) => `dist/test/${folder}/**/*.test.js`),
  );
};
