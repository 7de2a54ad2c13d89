/** What a look at a file shows. Any change of the file changes it, also a replacement of equal size and time. */
export interface FileSight {
  readonly bytes: number;
  /** Epoch ms. */
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
  /** The file's last byte, or null when it is empty. */
  readonly lastByte: number | null;
}

/** The file as last seen, and since when it has looked like that (epoch ms). */
export interface GateState {
  readonly sight: FileSight;
  readonly since: number;
}

export type GateVerdict = { readonly kind: 'wait'; readonly forMs: number } | { readonly kind: 'finished' } | { readonly kind: 'empty' };

const LINE_FEED = 0x0a;
/** A file whose last line has no end, or that is empty, may be a writer's pause: it must stay as it is this many times longer. */
const PATIENCE = 15;

/** Whether two looks show the same file with the same content. */
export const sameSight = (a: FileSight, b: FileSight): boolean =>
  a.bytes === b.bytes && a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs && a.inode === b.inode;

/**
 * Decides whether a file is finished: unchanged for `settleMs` and ending in a line feed, or unchanged for 15 times as long.
 * Should it grow later after all, it is another file by its hash and is reported again.
 */
export const observeFile = (
  state: GateState | null,
  sight: FileSight,
  now: number,
  settleMs: number,
): { readonly state: GateState; readonly verdict: GateVerdict } => {
  if (state === null || !sameSight(state.sight, sight)) return { state: { sight, since: now }, verdict: { kind: 'wait', forMs: settleMs } };
  const needed = sight.lastByte === LINE_FEED ? settleMs : settleMs * PATIENCE;
  const steady = now - state.since;
  if (steady < needed)
    return { state, verdict: { kind: 'wait', forMs: steady < settleMs ? settleMs - steady : Math.min(settleMs, needed - steady) } };
  return { state, verdict: { kind: sight.lastByte === null ? 'empty' : 'finished' } };
};
