/** How people name a version: by its own name, by a part of it, or by the part it plays. */
export type VersionReference =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'number'; readonly number: number }
  /** `YYYYMMDD_HHMMSS`, which several versions may share. */
  | { readonly kind: 'stamp'; readonly stamp: string }
  /** Of the reader's own instrument and bucket, or of `place`, an instrument or INSTRUMENT_Bucket (both may hold `_`). */
  | { readonly kind: 'production'; readonly place: string | null }
  | { readonly kind: 'previous' };

export class InvalidVersionReference extends Error {
  override readonly name = 'InvalidVersionReference';
  constructor(readonly value: string) {
    super(
      `${JSON.stringify(value)} names no version: expected v7_20261121_101500, v7, v_20261121_101500, continuous_learning_7, best_model, production, champion or previous`,
    );
  }
}

/** `v7_20261121_101500`: the seventh version of its instrument and bucket, registered at that time in UTC. */
export const versionName = (number: number, registeredAt: Date): string => {
  const [date = '', time = ''] = registeredAt.toISOString().replaceAll(/[-:]/g, '').split('T');
  return `v${number}_${date}_${time.slice(0, 6)}`;
};

/**
 * Reads a version's name, an older form of it (`v_YYYYMMDD_HHMMSS`, `continuous_learning_7`), or an alias of production
 * (`best_model`, `best_model_ES`, `best_model_ES_Scalping`, `models/best_model.pt`). Throws `InvalidVersionReference`.
 */
export const parseVersionReference = (written: string): VersionReference => {
  const text = written.trim().replace(/^models\/(.+)\.(pt|onnx)$/, '$1');
  if (/^v[1-9]\d*_\d{8}_\d{6}$/.test(text)) return { kind: 'name', name: text };
  const number = /^(?:v|continuous_learning_)([1-9]\d{0,8})$/.exec(text)?.[1];
  if (number !== undefined) return { kind: 'number', number: Number(number) };
  const stamp = /^v_(\d{8}_\d{6})$/.exec(text)?.[1];
  if (stamp !== undefined) return { kind: 'stamp', stamp };
  if (text === 'production' || text === 'champion') return { kind: 'production', place: null };
  if (text === 'previous') return { kind: 'previous' };
  const best = /^best_model(?:_([A-Za-z0-9][A-Za-z0-9._-]*))?$/.exec(text);
  if (best !== null) return { kind: 'production', place: best[1] ?? null };
  throw new InvalidVersionReference(written);
};
