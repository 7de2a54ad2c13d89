import { z } from 'zod';
import { judge } from '../../domain/gate/judge.js';
import type { ArtifactStore } from '../../domain/ports.js';
import { evidencePage, PACK_ID } from '../../reports/evidence/page.js';
import { readEmbeddedJson } from '../../reports/html.js';
import { differencesBetween, type Difference } from './differences.js';
import { evidenceOf, loadEvaluation } from './load-evaluation.js';
import { makePack } from './make-pack.js';
import { replayEvaluation } from './replay-evaluation.js';

/** What was given is no evidence pack. */
export class NoEvidence extends Error {
  override readonly name = 'NoEvidence';
}

export interface Verification {
  /** Numbers and words that were compared. */
  readonly compared: number;
  /** What the file says and the artifacts do not; none when it is as it was made. */
  readonly differences: readonly Difference[];
  readonly subject: { readonly instrument: string; readonly version: string | null; readonly verdict: string };
  /** Why the models were not played again, which computes the returns by bar themselves: they or the bars were deleted. Null when they were. */
  readonly notReplayed: string | null;
  /** Version of the product that made the pack, where that is not this one: its arithmetic may have been another. */
  readonly madeByOther: string | null;
}

const claimed = z.looseObject({
  format: z.literal(1),
  record: z.string().regex(/^[0-9a-f]{64}$/),
  madeBy: z.string(),
  subject: z.looseObject({ instrument: z.string(), version: z.string().nullable() }),
  decision: z.looseObject({ verdict: z.string() }),
});

/**
 * Computes every number of an evidence pack (its page, or its JSON) again from the artifacts that it names, and says each that differs; of a page
 * each line that its numbers do not give, too. Where models and bars are there, they are played again, so that what the numbers are computed from is
 * itself computed. Throws `NoEvidence`, `ArtifactMissing`, `ArtifactCorrupt`.
 */
export const verifyEvidence = async (artifacts: ArtifactStore, text: string): Promise<Verification> => {
  const isPage = text.trimStart().startsWith('<');
  const given = readClaims(isPage ? readEmbeddedJson(PACK_ID, text) : text);
  const loaded = await loadEvaluation(artifacts, given.record);
  const evidence = evidenceOf(loaded);
  const decision = judge(evidence, loaded.record.gate);
  const pack = await makePack(loaded, { id: given.record, version: given.subject.version, evidence, decision });
  const again: unknown = JSON.parse(JSON.stringify({ ...pack, madeBy: given.madeBy }));
  const { compared, differences } = differencesBetween(given, again);
  const lines = isPage && differences.length === 0 ? pageDifferences(text, evidencePage({ ...pack, madeBy: given.madeBy })) : [];
  const replay = await replayEvaluation(artifacts, loaded.record);
  const replayed = replay.kind === 'played' ? replay : { compared: 0, differences: [] };
  return {
    compared: compared + replayed.compared,
    differences: [...differences, ...lines, ...replayed.differences],
    notReplayed: replay.kind === 'played' ? null : replay.reason,
    subject: { instrument: given.subject.instrument, version: given.subject.version, verdict: given.decision.verdict },
    madeByOther: given.madeBy === pack.madeBy ? null : given.madeBy,
  };
};

const readClaims = (json: string | null): z.output<typeof claimed> => {
  const { data, error } = claimed.safeParse(json === null ? null : parsed(json));
  if (data !== undefined) return data;
  throw new NoEvidence(
    `the file holds no evidence pack (${error.issues[0]?.message ?? 'no JSON'}): expected the page or the JSON of a decision, as "ratchet gate explain --save FILE" writes it`,
  );
};

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
};

const pageDifferences = (given: string, made: string): Difference[] => {
  const [before, after] = [given.split('\n'), made.split('\n')];
  return Array.from({ length: Math.max(before.length, after.length) }, (_, line) => line).flatMap((line) =>
    before[line] === after[line]
      ? []
      : [{ path: `line ${line + 1} of the page`, given: before[line] ?? null, computed: after[line] ?? null }],
  );
};
