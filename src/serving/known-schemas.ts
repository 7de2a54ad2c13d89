import { ArtifactMissing } from '../domain/artifact-errors.js';
import { observationSize, PRIVATE_STATE } from '../domain/agent/observation.js';
import type { ArtifactStore, Clock } from '../domain/ports.js';
import { readModelBundle } from '../learning/export/model-bundle.js';

/** Lengths that the vectors of each schema may have, by the schema's hash. */
export type VectorLengths = ReadonlyMap<string, readonly number[]>;

export interface KnownSchemasOptions {
  readonly artifacts: ArtifactStore;
  /** Artifact ids of the bundles that answered for an instrument at any time since `time` (ISO 8601). */
  readonly bundlesSince: (instrument: string, time: string) => Promise<readonly string[]>;
  /** Lengths of foreign vectors by the hash of their schema. */
  readonly foreign: Readonly<Record<string, number>>;
  /** For so long after a version stopped being live its schema is known. */
  readonly graceMs: number;
  readonly clock: Clock;
}

/** What is known holds for so long. */
const FRESH_MS = 1_000;

/**
 * The schemas in which experiences of an instrument may be told: those of its live models and of those that were live a moment ago, of which the
 * private state alone will do, and the foreign ones of the configuration. A schema that is not among them is old or was never known.
 */
export const createKnownSchemas = ({ artifacts, bundlesSince, foreign, graceMs, clock }: KnownSchemasOptions) => {
  const ofBundle = new Map<string, { readonly hash: string; readonly lengths: readonly number[] }>();
  const ofInstrument = new Map<string, { readonly until: number; readonly lengths: Promise<VectorLengths> }>();
  const fixed = Object.entries(foreign).map(([hash, length]) => [hash, [length]] as const);

  /** Null of a model that was deleted since: what it was is known no more, and nobody else's experiences are to suffer from it. */
  const schemaOf = async (bundle: string): Promise<{ readonly hash: string; readonly lengths: readonly number[] } | null> => {
    const known = ofBundle.get(bundle);
    if (known !== undefined) return known;
    const content = await artifacts.get(bundle).catch((error: unknown) => {
      if (error instanceof ArtifactMissing) return null;
      throw error;
    });
    if (content === null) return null;
    const { schemaHash, observation } = readModelBundle(content);
    const read = { hash: schemaHash, lengths: [observationSize(observation), PRIVATE_STATE.length] };
    ofBundle.set(bundle, read);
    return read;
  };

  const look = async (instrument: string): Promise<VectorLengths> => {
    const bundles = await bundlesSince(instrument, new Date(clock.now() - graceMs).toISOString());
    const own = (await Promise.all(bundles.map(schemaOf))).filter((schema) => schema !== null);
    return new Map([...fixed, ...own.map(({ hash, lengths }) => [hash, lengths] as const)]);
  };

  return (instrument: string): Promise<VectorLengths> => {
    const now = clock.now();
    const known = ofInstrument.get(instrument);
    if (known !== undefined && now < known.until) return known.lengths;
    const lengths = look(instrument);
    ofInstrument.set(instrument, { until: now + FRESH_MS, lengths });
    lengths.catch(() => ofInstrument.delete(instrument));
    return lengths;
  };
};
