import type { TriggerName } from '../triggers/trigger.js';

/** A trigger of the table, or the learner trying again after a failure. */
export type TriggerKind = TriggerName | 'retry';

/** What became of a trigger. `waiting` and `deferred` are the open ones. */
export type TriggerOutcome =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'deferred'; readonly until: string; readonly because: string }
  | {
      readonly kind: 'actedOn';
      readonly run: string;
      readonly result: string | null;
      /** Whether a better model came of it: one that replaced production. Absent until its training has ended with a decision. */
      readonly helped?: boolean;
    }
  | { readonly kind: 'mergedInto'; readonly trigger: number; readonly run: string }
  | { readonly kind: 'dropped'; readonly because: string };

/** One trigger from its arrival to its end. What joins a trigger of its kind that is still open is counted in it. */
export interface LedgerEntry {
  readonly number: number;
  readonly trigger: TriggerKind;
  readonly at: string;
  readonly reason: string;
  readonly files: number;
  /** Messages that joined it; absent for none. Those of new data are counted by their files. */
  readonly joined?: number;
  readonly outcome: TriggerOutcome;
}

/** The newest entries, and how many there were of each outcome since the learner began. */
export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  readonly count: number;
  readonly actedOn: number;
  readonly mergedInto: number;
  readonly dropped: number;
}

const KEPT = 100;

export const emptyLedger: Ledger = { entries: [], count: 0, actedOn: 0, mergedInto: 0, dropped: 0 };

/** Whether a trigger still waits for its end. */
export const isOpen = ({ outcome }: LedgerEntry): boolean => outcome.kind === 'waiting' || outcome.kind === 'deferred';

/** Adds a trigger. Only closed entries are forgotten when the ledger is full. */
export const openTrigger = (ledger: Ledger, trigger: Omit<LedgerEntry, 'number'>): Ledger => ({
  ...ledger,
  count: ledger.count + 1,
  dropped: ledger.dropped + (trigger.outcome.kind === 'dropped' ? 1 : 0),
  entries: forgetOldest([...ledger.entries, { ...trigger, number: ledger.count + 1 }]),
});

/** Counts new files into the open trigger of new data, or opens one. */
export const recordData = (ledger: Ledger, files: number, at: string, outcome: TriggerOutcome): Ledger => {
  const open = ledger.entries.findLast((entry) => entry.trigger === 'newData' && isOpen(entry));
  if (open === undefined || outcome.kind === 'dropped')
    return openTrigger(ledger, { trigger: 'newData', at, reason: 'new data', files, outcome });
  return replaceEntry(ledger, { ...open, files: open.files + files, outcome });
};

/** Opens a trigger, or counts it into the open one of its kind, which takes over the outcome. */
export const openOrJoin = (ledger: Ledger, trigger: Omit<LedgerEntry, 'number'>): Ledger => {
  const open = ledger.entries.findLast((entry) => entry.trigger === trigger.trigger && isOpen(entry));
  if (open === undefined || trigger.outcome.kind === 'dropped') return openTrigger(ledger, trigger);
  return replaceEntry(ledger, { ...open, joined: (open.joined ?? 0) + 1, outcome: trigger.outcome });
};

/** Ends open triggers without a training: all, or those of one kind. */
export const dropOpen = (ledger: Ledger, because: string, only: TriggerKind | null = null): Ledger => {
  const isDropped = (entry: LedgerEntry): boolean => isOpen(entry) && (only === null || entry.trigger === only);
  return {
    ...ledger,
    dropped: ledger.dropped + ledger.entries.filter(isDropped).length,
    entries: ledger.entries.map((entry) => (isDropped(entry) ? { ...entry, outcome: { kind: 'dropped', because } } : entry)),
  };
};

/** Closes all open triggers as the start of `run`: the oldest manual one, or else the oldest, is acted on and the others merged into it. */
export const actOn = (ledger: Ledger, run: string): Ledger => {
  const open = ledger.entries.filter(isOpen);
  const lead = open.find((entry) => entry.trigger === 'manual') ?? open[0];
  if (lead === undefined) return ledger;
  return {
    ...ledger,
    actedOn: ledger.actedOn + 1,
    mergedInto: ledger.mergedInto + open.length - 1,
    entries: ledger.entries.map((entry): LedgerEntry => {
      if (entry === lead) return { ...entry, outcome: { kind: 'actedOn', run, result: null } };
      return isOpen(entry) ? { ...entry, outcome: { kind: 'mergedInto', trigger: lead.number, run } } : entry;
    }),
  };
};

/** Notes what came of a run with the trigger that it was started for, and whether it helped; null while that is not known. */
export const noteResult = (ledger: Ledger, run: string, result: string, helped: boolean | null): Ledger => ({
  ...ledger,
  entries: ledger.entries.map((entry) =>
    entry.outcome.kind === 'actedOn' && entry.outcome.run === run
      ? { ...entry, outcome: { ...entry.outcome, result, ...(helped === null ? {} : { helped }) } }
      : entry,
  ),
});

/** Moves every open trigger to `outcome`: deferred, say, when the learner is paused, and waiting again when it is not. */
export const moveOpen = (ledger: Ledger, outcome: TriggerOutcome): Ledger => ({
  ...ledger,
  entries: ledger.entries.map((entry) => (isOpen(entry) ? { ...entry, outcome } : entry)),
});

const replaceEntry = (ledger: Ledger, changed: LedgerEntry): Ledger => ({
  ...ledger,
  entries: ledger.entries.map((entry) => (entry.number === changed.number ? changed : entry)),
});

const forgetOldest = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] => {
  if (entries.length <= KEPT) return entries;
  const oldest = entries.findIndex((entry) => !isOpen(entry));
  return entries.filter((_, index) => index !== oldest);
};
