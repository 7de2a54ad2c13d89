/** A registered version whose model is kept. */
export interface KeptModel {
  readonly instrument: string;
  readonly bucket: string;
  readonly name: string;
  /** ISO 8601. */
  readonly registeredAt: string;
  /** Why it is kept whatever the rule says; null when nothing needs it. */
  readonly neededAs: string | null;
  /** The files that it consists of; versions may share some. */
  readonly files: readonly ModelFile[];
}

export interface ModelFile {
  readonly id: string;
  readonly bytes: number;
}

/** What is kept beside what is needed; a limit that is not given does not hold. */
export interface RetentionRule {
  /** Newest versions of an instrument and bucket. */
  readonly maxModelVersions: number;
  readonly maxModelAgeDays?: number | undefined;
  /** Of all models together, in millions of bytes. */
  readonly maxModelsMb?: number | undefined;
}

export interface Superfluous<Model extends KeptModel> {
  readonly model: Model;
  readonly reason: string;
}

const DAY_MS = 86_400_000;
const BYTES_PER_MB = 1e6;

/** The models to delete, oldest first: those beyond the newest of their place, those that are too old, and then the oldest until the rest fits. None that is needed is among them. */
export const superfluousModels = <Model extends KeptModel>(
  kept: readonly Model[],
  { maxModelVersions, maxModelAgeDays = Infinity, maxModelsMb = Infinity }: RetentionRule,
  nowMs: number,
): Superfluous<Model>[] => {
  const oldestFirst = kept.toSorted((a, b) => Date.parse(a.registeredAt) - Date.parse(b.registeredAt));
  const newer = new Map<string, number>();
  const reasons = new Map<Model, string>();
  for (const model of oldestFirst.toReversed()) {
    const place = `${model.instrument}/${model.bucket}`;
    const rank = newer.get(place) ?? 0;
    newer.set(place, rank + 1);
    if (model.neededAs !== null) continue;
    if (rank >= maxModelVersions) reasons.set(model, `${maxModelVersions} newer versions are registered (retention.max_model_versions)`);
    else if (Date.parse(model.registeredAt) < nowMs - maxModelAgeDays * DAY_MS)
      reasons.set(model, `it was registered more than ${maxModelAgeDays} days ago (retention.max_model_age_days)`);
  }
  const remaining = oldestFirst.filter((model) => !reasons.has(model));
  const users = new Map<string, number>();
  let bytes = 0;
  for (const { files } of remaining)
    for (const { id, bytes: size } of files) {
      const known = users.get(id) ?? 0;
      users.set(id, known + 1);
      if (known === 0) bytes += size;
    }
  for (const model of remaining) {
    if (bytes <= maxModelsMb * BYTES_PER_MB) break;
    if (model.neededAs !== null) continue;
    reasons.set(model, `all models together take more than ${maxModelsMb} MB (retention.max_models_mb)`);
    for (const { id, bytes: size } of model.files) {
      const left = (users.get(id) ?? 1) - 1;
      users.set(id, left);
      if (left === 0) bytes -= size;
    }
  }
  return oldestFirst.flatMap((model) => {
    const reason = reasons.get(model);
    return reason === undefined ? [] : [{ model, reason }];
  });
};
