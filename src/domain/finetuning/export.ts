import type { ChatExample } from './chat-example.js';
import { HELD_OUT, type FineTuningCounts, type FineTuningRow, type FineTuningSet } from './fine-tuning-set.js';
import { NEAR_DUPLICATE } from './near-duplicates.js';

export interface FineTuningRequest {
  /** Null for all. */
  readonly instrument: string | null;
  /** Day of the set, `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** The same key again is the same export. */
  readonly operationKey: string;
}

/** What became of a request. */
export type FineTuningResult = FineTuningNotDue | FineTuningWritten;

export interface FineTuningNotDue {
  readonly kind: 'notDue';
  /** Trades that were explained since the newest set, and how many it takes. */
  readonly annotated: number;
  readonly needed: number;
}

export interface FineTuningWritten {
  readonly kind: 'written';
  /** Absolute, on the machine that wrote it. */
  readonly folder: string;
  readonly manifest: FineTuningManifest;
}

/** What a set consists of, and by which rules. Plain JSON. */
export interface FineTuningManifest {
  readonly format: 1;
  readonly day: string;
  readonly instruments: readonly string[];
  readonly rules: {
    readonly heldOutShare: number;
    readonly nearDuplicateSimilarity: number;
    /** What is known at the moment of the decision, and what is written in hindsight. */
    readonly prompt: string;
    readonly answer: string;
  };
  readonly heldOutFrom: string | null;
  readonly counts: FineTuningCounts & { readonly training: number; readonly heldOut: number };
  readonly files: readonly FineTuningFile[];
  /** Ids of the experiences, in the order of the rows. */
  readonly training: readonly string[];
  readonly heldOut: readonly string[];
}

export interface FineTuningFile {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** Of its content, by which it lies among the artifacts, too. */
  readonly sha256: string;
}

/** Workflow id of the export of an instrument's set, or of that of all. */
export const fineTuningId = (instrument: string | null): string => (instrument === null ? 'fine-tuning' : `fine-tuning-${instrument}`);

const stem = (part: 'training' | 'heldout', day: string): string => `deepseek_${part}_${day.replaceAll('-', '')}`;

/** Name of a set's manifest: `deepseek_training_20260302.manifest.json`. */
export const manifestName = (day: string): string => `${stem('training', day)}.manifest.json`;

/** The files of a set, each part as one JSON list and as one example a line. */
export const fineTuningFiles = ({ training, heldOut }: FineTuningSet, day: string): { name: string; rows: number; content: string }[] =>
  (
    [
      ['training', training],
      ['heldout', heldOut],
    ] as const
  ).flatMap(([part, rows]) => {
    const examples = rows.map(({ example }) => example);
    return [
      { name: `${stem(part, day)}.json`, rows: rows.length, content: `${JSON.stringify(examples, null, 2)}\n` },
      { name: `${stem(part, day)}.jsonl`, rows: rows.length, content: examples.map(lineOf).join('') },
    ];
  });

const lineOf = (example: ChatExample): string => `${JSON.stringify(example)}\n`;

/** The manifest of a set whose files are stored. */
export const fineTuningManifest = (
  { training, heldOut, heldOutFrom, counts }: FineTuningSet,
  { day, instruments, files }: Pick<FineTuningManifest, 'day' | 'instruments' | 'files'>,
): FineTuningManifest => ({
  format: 1,
  day,
  instruments,
  rules: {
    heldOutShare: HELD_OUT,
    nearDuplicateSimilarity: NEAR_DUPLICATE,
    prompt: 'system and user messages: only what was known when the trade was decided',
    answer: 'assistant message: written in hindsight',
  },
  heldOutFrom,
  counts: { ...counts, training: training.length, heldOut: heldOut.length },
  files,
  training: training.map(idOf),
  heldOut: heldOut.map(idOf),
});

const idOf = ({ id }: FineTuningRow): string => id;
