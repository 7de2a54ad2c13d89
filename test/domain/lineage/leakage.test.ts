import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ancestorsOf,
  placeName,
  type Ancestor,
  type DataSource,
  type LineageLink,
  type VersionPlace,
} from '../../../src/domain/lineage/ancestors.js';
import { checkWindow } from '../../../src/domain/lineage/check-window.js';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();
const version = (number: number): VersionPlace => ({ instrument: 'ES', bucket: 'default', name: `v${number}` });
const data = (horizon: number, reach = 0, kind: DataSource['kind'] = 'dataset'): DataSource => ({
  kind,
  source: `data to ${horizon}`,
  horizon: at(horizon),
  reachMs: reach * MINUTE,
});

/** What each version learned from, horizons and reaches in minutes, and which versions it took over from. */
interface RandomVersion {
  readonly data: readonly { readonly kind: DataSource['kind']; readonly horizon: number; readonly reach: number }[];
  readonly from: readonly { readonly kind: 'parent' | 'transfer'; readonly index: number }[];
}

const randomVersion = fc.record({
  data: fc.array(
    fc.record({
      kind: fc.constantFrom('dataset' as const, 'normaliser' as const, 'tuning' as const, 'replay' as const),
      horizon: fc.nat(2_000),
      reach: fc.nat(60),
    }),
    { maxLength: 3 },
  ),
  from: fc.array(fc.record({ kind: fc.constantFrom('parent' as const, 'transfer' as const), index: fc.nat(11) }), { maxLength: 3 }),
});
const randomGraph = fc.array(randomVersion, { minLength: 1, maxLength: 12 });

const linksOf = (graph: readonly RandomVersion[]): LineageLink[] =>
  graph.flatMap((own, index): LineageLink[] => [
    ...own.from.map((link) => ({ of: version(index), kind: link.kind, version: version(link.index % graph.length) })),
    ...own.data.map(({ kind, horizon, reach }) => ({ of: version(index), ...data(horizon, reach, kind) })),
  ]);

/** Everything that the versions which can be reached from the first one learned from, by the closure of the matrix of direct links. */
const learnedByMatrix = (graph: readonly RandomVersion[]): RandomVersion['data'][number][] => {
  const reaches = graph.map((own, i) => graph.map((_, j) => i === j || own.from.some(({ index }) => index % graph.length === j)));
  graph.forEach((_, k) =>
    graph.forEach((_, i) => graph.forEach((_, j) => (reaches[i]![j] = reaches[i]![j]! || (reaches[i]![k]! && reaches[k]![j]!)))),
  );
  return graph.flatMap((own, index) => (reaches[0]![index]! ? own.data : []));
};

describe('the leakage guard', () => {
  it('refuses every window that overlaps a random lineage and no clean one, over 10,000 graphs', () => {
    let [refused, allowed, inherited] = [0, 0, 0];
    fc.assert(
      fc.property(randomGraph, fc.integer({ min: -30, max: 30 }), fc.nat(60), (graph, offset, reach) => {
        const learned = learnedByMatrix(graph);
        const embargo = Math.max(reach, ...learned.map((source) => source.reach));
        const horizon = Math.max(-100, ...learned.map((source) => source.horizon));
        const from = horizon + embargo + offset; // half of the windows begin about where they may
        const overlaps = learned.length > 0 && learned.some((source) => from <= source.horizon + embargo);
        const verdict = checkWindow({ from: at(from), reachMs: reach * MINUTE }, ancestorsOf(version(0), linksOf(graph)));
        assert.equal(verdict.clean, !overlaps);
        if (!verdict.clean) assert.equal(verdict.ancestor.horizon, at(horizon));
        if (overlaps) refused++;
        else allowed++;
        if (overlaps && from > Math.max(-100, ...graph[0]!.data.map((own) => own.horizon)) + embargo) inherited++;
      }),
      { numRuns: 10_000, seed: 5 },
    );
    assert.ok(refused > 2_000 && allowed > 2_000, `${refused} refused, ${allowed} allowed`);
    assert.ok(inherited > 500, `${inherited} refused for an ancestor's sake alone`);
  });

  it('asks for the largest reach of every ancestor after the newest horizon of any', () => {
    const learned = [data(100, 5), data(40, 30)];
    assert.equal(checkWindow({ from: at(130), reachMs: 10 * MINUTE }, learned).clean, false);
    assert.equal(checkWindow({ from: at(131), reachMs: 10 * MINUTE }, learned).clean, true);
    assert.equal(checkWindow({ from: at(140), reachMs: 40 * MINUTE }, learned).clean, false);
  });

  it('names the ancestor that reaches farthest, its horizon, the way to it, and where clean windows begin', () => {
    const links: LineageLink[] = [
      { of: version(7), kind: 'parent', version: version(5) },
      { of: version(7), ...data(10, 1) },
      { of: version(5), kind: 'transfer', version: version(2) },
      { of: version(2), ...data(50, 20, 'tuning') },
    ];
    const verdict = checkWindow({ from: at(60), reachMs: MINUTE }, ancestorsOf(version(7), links));
    assert.ok(!verdict.clean);
    assert.equal(
      verdict.reason,
      `a window from ${at(60)} is not clean: tuning data to 50 of ES/default/v7 from ES/default/v5 from ES/default/v2 was learned from up to ${at(50)}, and with the embargo a clean one begins after ${at(70)}`,
    );
  });

  it('finds nothing wrong with a window when nothing was learned from, and refuses times that are none', () => {
    assert.equal(checkWindow({ from: at(0), reachMs: MINUTE }, []).clean, true);
    assert.equal(checkWindow({ from: 'yesterday', reachMs: 0 }, [data(0)]).clean, false);
    assert.equal(checkWindow({ from: at(1_000), reachMs: 0 }, [{ ...data(0), horizon: 'unknown' }]).clean, false);
  });
});

describe('ancestorsOf', () => {
  it('comes to an end on a graph that goes round, and takes the shortest way', () => {
    const links: LineageLink[] = [
      { of: version(1), kind: 'parent', version: version(2) },
      { of: version(2), kind: 'parent', version: version(1) },
      { of: version(1), kind: 'transfer', version: version(3) },
      { of: version(2), kind: 'transfer', version: version(3) },
      { of: version(3), ...data(9) },
    ];
    const found: Ancestor[] = ancestorsOf(version(1), links);
    assert.deepEqual(
      found.map(({ through }) => through.map(placeName)),
      [['ES/default/v1', 'ES/default/v3']],
    );
  });

  it('leaves out what only other versions learned from', () => {
    assert.deepEqual(ancestorsOf(version(1), [{ of: version(2), ...data(9) }]), []);
  });
});
