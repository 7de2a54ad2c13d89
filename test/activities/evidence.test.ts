import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { evidenceOf, loadEvaluation } from '../../src/activities/evidence/load-evaluation.js';
import { publishEvidence } from '../../src/activities/evidence/publish-evidence.js';
import type { EvaluationRecord } from '../../src/activities/evidence/record.js';
import { readSeries, storeSeries } from '../../src/activities/evidence/series.js';
import { verifyEvidence } from '../../src/activities/evidence/verify-evidence.js';
import { judge } from '../../src/domain/gate/judge.js';
import { ArtifactMissing } from '../../src/domain/artifact-errors.js';
import type { EvidencePack } from '../../src/reports/evidence/pack.js';
import type { RecordedDecision } from '../../src/registry/decisions.js';
import { ratchet, ratchetProcess } from '../support/services/command-line.js';
import { judgedCandidate, type JudgedCandidate } from '../support/evaluation/judged-candidate.js';

describe('the evidence pack of a decision', function () {
  this.timeout(60_000);
  let folder: string;
  let judged: JudgedCandidate;
  let decision: RecordedDecision;
  let json: string;
  let page: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ratchet-evidence-'));
    judged = await judgedCandidate(folder);
    const { registry, artifacts } = judged.world.dependencies;
    const found = await registry.decisions.get(judged.registered.decision);
    assert.ok(found?.evidencePack && found.evidencePage);
    decision = found;
    json = new TextDecoder().decode(await artifacts.get(found.evidencePack));
    page = new TextDecoder().decode(await artifacts.get(found.evidencePage));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const verify = (text: string) => verifyEvidence(judged.world.dependencies.artifacts, text);
  const pack = (): EvidencePack => JSON.parse(json) as EvidencePack;

  it('holds the decision and the evidence that the registry has, and names its series by the hashes of the evidence', async () => {
    assert.deepEqual(pack().decision, decision.decision);
    assert.deepEqual(pack().evidence, decision.evidence);
    assert.equal(pack().subject.version, judged.registered.version);
    for (const hash of [decision.evidence.returnHashes.candidate, decision.evidence.returnHashes.production])
      assert.ok(hash !== null && (await judged.world.dependencies.artifacts.has(hash)));
  });

  it('adds up: costs to the net, regimes to the return, trade effects to the difference in profit, curves to their ends', () => {
    const { costs, regimes, trades, curves, evidence } = pack();
    const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a)), `${a} and ${b}`);
    for (const { gross, fee, spread, slippage, impact, net } of costs) near(gross - fee - spread - slippage - impact, net);
    const [candidate, production] = costs;
    near(
      regimes.reduce((sum, row) => sum + row.candidate.totalReturn, 0),
      evidence.candidate.totalReturn,
    );
    near(
      trades.totals.reduce((sum, { effect }) => sum + effect, 0),
      candidate!.net - production!.net,
    );
    near(curves.candidate.equity.at(-1)!, evidence.candidate.totalReturn);
    near(-Math.min(...curves.candidate.drawdown), evidence.candidate.maxDrawdown);
  });

  it('is verified as it was made, as a page and as JSON', async () => {
    for (const text of [json, page]) {
      const { differences, compared, subject } = await verify(text);
      assert.deepEqual(differences, []);
      assert.ok(compared > 2_000, `${compared}`);
      assert.equal(subject.version, judged.registered.version);
    }
  });

  it('is not verified with any one number changed, and the number is named', async () => {
    const paths = numbersIn(pack());
    assert.ok(paths.length > 1_000);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), async (path) => {
        const changed = pack();
        change(changed, path, (value) => value * (1 + 2 ** -40) + Number.MIN_VALUE * 1e20);
        const { differences } = await verify(JSON.stringify(changed));
        assert.deepEqual(differences.map((difference) => difference.path), [path.join('.')]); // prettier-ignore
      }),
      { seed: 5, numRuns: 12 },
    );
  });

  it('is not verified where the page shows something else than its numbers', async () => {
    const shown = /<dt>Sharpe<\/dt><dd>(\S+) /.exec(page)?.[1];
    assert.ok(shown);
    const { differences } = await verify(page.replace(`<dt>Sharpe</dt><dd>${shown}`, '<dt>Sharpe</dt><dd>9.99'));
    assert.equal(differences.length, 1);
    assert.match(differences[0]!.path, /^line \d+ of the page$/);
    assert.match(String(differences[0]!.given), /9\.99/);
  });

  it('cannot be verified without its series, and says which artifact is missing', async () => {
    const { artifacts } = judged.world.dependencies;
    const id = pack().evidence.returnHashes.stressed;
    const content = await artifacts.get(id);
    await artifacts.remove(id);
    await assert.rejects(verify(json), ArtifactMissing);
    await artifacts.put(content);
  });

  it('is not verified when its record says of the models what they do not do, though every number follows from the record', async () => {
    const { artifacts } = judged.world.dependencies;
    const record = JSON.parse(new TextDecoder().decode(await artifacts.get(pack().record))) as EvaluationRecord;
    const length = record.sessions.reduce((sum, { from, to }) => sum + to - from - 1, 0);
    const returns = await readSeries(artifacts, record.played.candidate.returns, length);
    const better = await storeSeries(artifacts, returns.map((value) => value + 1e-6)); // prettier-ignore
    const candidate = { ...record.played.candidate, returns: better };
    const forged = await artifacts.put(new TextEncoder().encode(JSON.stringify({ ...record, played: { ...record.played, candidate } })));
    const measured = evidenceOf(await loadEvaluation(artifacts, forged));
    const verdict = judge(measured, record.gate);
    const published = await publishEvidence(artifacts, {
      id: forged,
      version: judged.registered.version,
      evidence: measured,
      decision: verdict,
    });
    const { differences, notReplayed } = await verify(new TextDecoder().decode(await artifacts.get(published.pack)));
    assert.deepEqual(differences.map(({ path }) => path), ['replay.played.candidate.returns']); // prettier-ignore
    assert.equal(notReplayed, null);
  });

  it('is verified as far as the records go where a model was deleted, and says that it was not played again', async () => {
    const { artifacts } = judged.world.dependencies;
    const { candidate } = pack().subject;
    const content = await artifacts.get(candidate);
    await artifacts.remove(candidate);
    const { differences, notReplayed } = await verify(json);
    assert.deepEqual(differences, []);
    assert.match(notReplayed ?? '', new RegExp(`^artifact ${candidate} is not in the store`));
    await artifacts.put(content);
  });

  it('is a page that loads and runs nothing, and holds every chart', () => {
    assert.doesNotMatch(page, /\bsrc=|href=|url\(|@import|<script(?! type="application\/json")/);
    assert.match(page, /default-src 'none'/);
    for (const chart of [
      'Equity',
      'Drawdown',
      'Differences in Sharpe with their bounds',
      'Sessions by difference in return',
      'Return by regime',
    ])
      assert.match(page, new RegExp(`<svg [^>]*aria-label="${chart}"`));
    assert.doesNotMatch(page, /NaN|Infinity|undefined/);
  });

  it('is verified on the command line without a server: 0 as it was made, 1 with the number when tampered, 2 for another file', async () => {
    const env = { RATCHET_HOME: folder, NO_COLOR: '1' };
    const file = join(folder, 'evidence.html');
    await writeFile(file, page);
    const sound = await ratchetProcess(['verify-evidence', file], env);
    assert.equal(sound.code, 0, sound.stderr);
    assert.match(sound.stdout, /^verified: \w+ of v2_\w+ of SIM: all \d+ numbers.*\nThe models were played again, bar by bar/);
    const { sharpe } = pack().evidence.candidate;
    await writeFile(file, json.replaceAll(`"sharpe":${sharpe}`, '"sharpe":9.5'));
    const tampered = await ratchet(['verify-evidence', file], env);
    assert.equal(tampered.code, 1);
    assert.match(tampered.stdout, new RegExp(`evidence\\.candidate\\.sharpe: the file says 9\\.5, the artifacts give ${sharpe}`));
    await writeFile(file, '{}');
    const other = await ratchet(['verify-evidence', file], env);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /holds no evidence pack/);
    assert.equal((await ratchet(['verify-evidence', file, '--artifacts', join(folder, 'nowhere')], env)).code, 2);
  });
});

type Path = readonly string[];

/** Where the numbers of a pack are that the artifacts decide: all but the format. */
const numbersIn = (value: unknown, path: Path = []): Path[] => {
  if (typeof value === 'number') return path[0] === 'format' ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, [...path, key]));
};

const change = (root: object, path: Path, by: (value: number) => number): void => {
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, root as Record<string, unknown>);
  parent[path.at(-1)!] = by(parent[path.at(-1)!] as number);
};
