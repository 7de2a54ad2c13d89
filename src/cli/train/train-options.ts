import { UsedWrongly } from '../exit-codes.js';

/** Options of `ratchet train` as commander gives them. */
export interface TrainOptions {
  readonly sequence?: readonly string[];
  readonly bucket?: string;
  readonly episodes?: string;
  /** A bucket to start from, or false for nothing to be handed on; as configured unless given. */
  readonly transfer?: string | false;
  /** Choose the order by measured benefit. */
  readonly curriculum?: boolean;
  /** Buckets trained at once. */
  readonly parallel?: string;
  readonly resume?: boolean;
  readonly pause?: boolean;
  readonly stop?: boolean;
  readonly wait?: boolean;
  /** On a scratch registry, which is removed again. */
  readonly selfTest?: boolean;
  readonly instrument?: string;
  readonly json?: boolean;
}

/** The body of `POST /api/v1/sequences` that the options mean. Throws `UsedWrongly`. */
export const sequenceBody = (options: TrainOptions, instrument: string): Readonly<Record<string, unknown>> => {
  const { sequence, bucket, episodes, transfer, curriculum, parallel, resume = false } = options;
  if (resume) {
    if ([sequence, episodes, curriculum, parallel].some((option) => option !== undefined) || typeof transfer === 'string')
      throw new UsedWrongly(
        '--resume goes on with the sequence as it was started: expected no option but --bucket and --instrument beside it',
      );
    return { instrument, resume, ...(bucket === undefined ? {} : { bucket }) };
  }
  if (sequence !== undefined && bucket !== undefined)
    throw new UsedWrongly('--sequence and --bucket are both given: expected one of them, or --bucket with --resume');
  return {
    instrument,
    ...(sequence === undefined ? {} : { sequence: namesIn(sequence) }),
    ...(bucket === undefined ? {} : { bucket }),
    ...(episodes === undefined ? {} : { episodes: episodesIn(episodes) }),
    ...(curriculum === undefined ? {} : { curriculum }),
    ...(parallel === undefined ? {} : { parallel: lanesIn(parallel) }),
    ...(transfer === undefined ? {} : { transfer: transfer !== false }),
    ...(typeof transfer === 'string' ? { from: transfer } : {}),
  };
};

/** `A B C`, `A,B,C` and mixtures. */
const namesIn = (words: readonly string[]): string[] => words.flatMap((word) => word.split(/[\s,]+/)).filter((name) => name !== '');

const episodesIn = (text: string): number | Readonly<Record<string, number>> => {
  if (!text.includes('=')) return countIn(text, text);
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [name = '', count = ''] = pair.split('=');
      return [name.trim(), countIn(count, pair)];
    }),
  );
};

const lanesIn = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 32) return count;
  throw new UsedWrongly(`--parallel ${text} is not valid: expected a number of buckets from 1 to 32`);
};

const countIn = (text: string, written: string): number => {
  if (/^\s*[1-9]\d{0,6}\s*$/.test(text)) return Number(text);
  throw new UsedWrongly(`--episodes ${written} is not valid: expected a whole number of sessions such as 20, or Scalping=50,Medium=100`);
};
