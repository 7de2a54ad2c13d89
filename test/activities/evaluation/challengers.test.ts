import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChallengerActivities } from '../../../src/activities/evaluation/challengers.js';
import { verifyEvidence } from '../../../src/activities/evidence/verify-evidence.js';
import { judge } from '../../../src/domain/gate/judge.js';
import type { ChallengerLook, FrozenDataset } from '../../../src/domain/training/run-steps.js';
import { asActivity, judgedCandidate, smallWorld, type JudgedCandidate } from '../../support/evaluation/judged-candidate.js';

const place = { instrument: 'SIM', bucket: 'default' };

describe('a held version', function () {
  this.timeout(60_000);
  let folder: string;
  let judged: JudgedCandidate;
  /** With ten sessions more than it was judged on. */
  let grown: FrozenDataset;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ratchet-challenger-'));
    // Sixteen sessions can prove something, and the first look has ten.
    const world = await smallWorld(folder, { sessions: 34, exported: 24, evaluation: { evaluationEpisodes: 16 } });
    judged = await judgedCandidate(folder, world);
    grown = await world.freeze('train-SIM-000002', 34);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const challengers = () => createChallengerActivities(judged.world.dependencies);
  const look = (dataset: FrozenDataset, runId = 'train-SIM-000002'): Promise<ChallengerLook | null> =>
    asActivity((request) => challengers().evaluateChallenger(request), { ...place, runId, dataset });

  it('is not looked at again where there is nothing new', async () => {
    const { registry } = judged.world.dependencies;
    assert.equal((await registry.decisions.get(judged.registered.decision))?.verdict, 'HOLD');
    assert.equal((await registry.challengers.current('SIM', 'default', 30))?.version, judged.registered.version);
    assert.equal(await look(judged.dataset), null);
  });

  it('is judged again on all that neither has learned from, by bounds that hold for every look, once for a run', async () => {
    const { registry, artifacts } = judged.world.dependencies;
    const found = await look(grown);
    assert.ok(found !== null);
    assert.equal(found.version, judged.registered.version);
    const { evidence, gate } = found.candidate;
    assert.ok(evidence.sessions > judged.candidate.evidence.sessions + 5, `${evidence.sessions} sessions`);
    assert.equal(evidence.difference.everyLook, true);
    const { estimate, lower } = evidence.difference;
    const before = judged.candidate.evidence.difference;
    const width = (all: { readonly estimate: number | null; readonly lower: number | null }): number => all.estimate! - all.lower!;
    assert.ok(width({ estimate, lower }) > width(before) * Math.sqrt(judged.candidate.evidence.bars / evidence.bars));

    const request = { ...place, runId: 'train-SIM-000002', ...found, decision: judge(evidence, gate) };
    const held = await challengers().settleChallenger(request);
    const again = await challengers().settleChallenger(request);
    assert.deepEqual(again, held);
    const [decision, ...others] = (await registry.decisions.list({ instrument: 'SIM' })).filter(({ operationKey }) =>
      operationKey.startsWith('train-SIM-000002/'),
    );
    assert.ok(decision?.evidencePack != null && others.length === 0);
    const pack = new TextDecoder().decode(await artifacts.get(decision.evidencePack));
    assert.deepEqual((await verifyEvidence(artifacts, pack)).differences, []);
    assert.match(pack, /at every look/);
  });

  it('is promoted when that is the verdict, and is no challenger any more', async () => {
    const { registry } = judged.world.dependencies;
    const { candidate, registered } = judged;
    const decision = { ...judge(candidate.evidence, candidate.gate), verdict: 'PROMOTE' as const };
    const request = { ...place, runId: 'train-SIM-000003', version: registered.version, candidate, decision };
    const { installedAs, live } = await challengers().settleChallenger(request);
    assert.deepEqual([installedAs, live?.version], ['production', registered.version]);
    assert.deepEqual((await challengers().settleChallenger(request)).live, live);
    assert.equal((await registry.production.history('SIM', 'default')).length, 2);
    assert.equal(await registry.challengers.current('SIM', 'default', 30), null);
  });
});
