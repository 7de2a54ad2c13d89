import type { FinishedFile } from '../../domain/market/ingest.js';
import type { Clock, Logger } from '../../domain/ports.js';
import { createAlarm } from './alarm.js';
import { hashFile, lookAtFile } from './look-at-file.js';
import type { FoundFile } from './scan-folder.js';
import { observeFile, sameSight } from './settle-gate.js';
import type { FileSight, GateState } from './settle-gate.js';
import type { ProblemBook } from './watch-problem.js';

export interface FileQueueOptions {
  readonly settleMs: number;
  readonly onFile: (file: FinishedFile) => Promise<void>;
  readonly problems: ProblemBook;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Follows files until they are finished, and reports each finished content until the report is taken. */
export interface FileQueue {
  /** Something may have happened to the file: it is looked at soon. */
  touch(file: FoundFile, instrument: string): void;
  counts(): { readonly files: number; readonly pending: number; readonly lastChange: number | null };
  /** Ends after the report under way. */
  close(): Promise<void>;
}

interface Candidate extends FoundFile {
  readonly instrument: string;
  gate: GateState | null;
  /** When to look again; Infinity until something happens. */
  due: number;
  failures: number;
  /** The content that was reported last. */
  reported: { readonly sha256: string; readonly sight: FileSight } | null;
}

const LONGEST_BACK_OFF_MS = 60_000;

/** Starts following files. Reports are made one at a time, oldest file first. */
export const createFileQueue = ({ settleMs, onFile, problems, logger, clock }: FileQueueOptions): FileQueue => {
  const candidates = new Map<string, Candidate>();
  const alarm = createAlarm();
  let closed = false;
  let lastChange: number | null = null;

  const backOff = (candidate: Candidate): void => {
    candidate.due = clock.now() + Math.min(LONGEST_BACK_OFF_MS, settleMs * 2 ** Math.min(candidate.failures, 20));
    candidate.failures++;
  };

  /** True when the file is finished and was not reported yet. */
  const isReady = async (candidate: Candidate, now: number): Promise<boolean> => {
    candidate.due = Infinity;
    const sight = await lookAtFile(candidate.path);
    problems.solved('file-unreadable', candidate.path);
    if (sight === null) {
      candidates.delete(candidate.pathId);
      for (const kind of ['file-empty', 'report-failed'] as const) problems.solved(kind, candidate.path);
    }
    if (sight === null || (candidate.reported !== null && sameSight(candidate.reported.sight, sight))) return false;
    if (candidate.gate === null || !sameSight(candidate.gate.sight, sight)) lastChange = now;
    const { state, verdict } = observeFile(candidate.gate, sight, now, settleMs);
    candidate.gate = state;
    if (verdict.kind === 'wait') candidate.due = Math.min(candidate.due, now + verdict.forMs);
    if (verdict.kind === 'empty') {
      problems.report({ kind: 'file-empty', path: candidate.path, message: `${candidate.path} is empty: export it again` });
    } else problems.solved('file-empty', candidate.path);
    return verdict.kind === 'finished';
  };

  const report = async (candidate: Candidate): Promise<void> => {
    const before = candidate.gate?.sight;
    const sha256 = await hashFile(candidate.path);
    const after = await lookAtFile(candidate.path);
    if (before === undefined || after === null || !sameSight(before, after)) {
      candidate.due = clock.now(); // changed while it was read: the gate begins again
      return;
    }
    if (candidate.reported?.sha256 !== sha256) {
      const { pathId, path, instrument } = candidate;
      logger.info(`New data detected: ${path}`, { instrument, bytes: after.bytes, sha256 });
      await onFile({ pathId, path, bytes: after.bytes, sha256, instrument });
    }
    candidate.reported = { sha256, sight: after };
    candidate.failures = 0;
    problems.solved('report-failed', candidate.path);
  };

  const attempt = async <T>(candidate: Candidate, kind: 'file-unreadable' | 'report-failed', work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      backOff(candidate);
      const reason = error instanceof Error ? error.message : String(error);
      logger.debug('watched file failed', { path: candidate.path, kind, reason, failures: candidate.failures });
      problems.report({ kind, path: candidate.path, message: `${candidate.path}: ${reason}; it is tried again until it works` });
      return null;
    }
  };

  const run = async (): Promise<void> => {
    while (!closed) {
      const ready: Candidate[] = [];
      const now = clock.now(); // one time for the whole round, so that files seen together settle together and are reported in order
      for (const candidate of [...candidates.values()].filter(({ due }) => due <= now)) {
        if (await attempt(candidate, 'file-unreadable', () => isReady(candidate, now))) ready.push(candidate);
      }
      ready.sort((a, b) => (a.gate?.sight.modifiedMs ?? 0) - (b.gate?.sight.modifiedMs ?? 0) || (a.pathId < b.pathId ? -1 : 1));
      for (const candidate of ready) if (!isClosed()) await attempt(candidate, 'report-failed', () => report(candidate));
      const next = Math.min(...[...candidates.values()].map(({ due }) => due));
      if (!isClosed()) await alarm.wait(next - clock.now());
    }
  };
  const isClosed = (): boolean => closed;
  const running = run();

  return {
    touch({ pathId, path }, instrument) {
      const known = candidates.get(pathId);
      // A failing report keeps its back-off; everything else is looked at now.
      if (known === undefined) candidates.set(pathId, { pathId, path, instrument, gate: null, due: 0, failures: 0, reported: null });
      else if (known.failures === 0) known.due = 0;
      alarm.ring();
    },
    counts() {
      const pending = [...candidates.values()].filter(
        ({ reported, gate }) => reported === null || (gate !== null && !sameSight(reported.sight, gate.sight)),
      );
      return { files: candidates.size, pending: pending.length, lastChange };
    },
    async close() {
      closed = true;
      alarm.ring();
      await running;
    },
  };
};
