/** Why a whole file cannot be used. */
export type Refusal = 'empty' | 'binary' | 'unknown-format' | 'time-zone-missing' | 'no-rows' | 'frequency-unknown' | 'changed';

/** A whole file was not ingested; trying again without changing it or the settings gives the same. */
export class IngestRefused extends Error {
  override readonly name = 'IngestRefused';
  constructor(
    readonly refusal: Refusal,
    message: string,
  ) {
    super(message);
  }
}
