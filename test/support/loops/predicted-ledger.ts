import type { LearnerEvent, VirtualWorld } from './virtual-learner.js';

/** One trigger's fate: acted on by a run, merged into the trigger that was, or dropped. */
export interface PredictedEntry {
  readonly trigger: string;
  readonly atMs: number;
  fate: string;
}

const MINUTE = 60_000;

/**
 * What must become of each trigger, worked out minute by minute from the rules as they are written for people, without the learner's own code.
 * `isBlackedOut` says it for a minute. Open triggers at the end are left out.
 */
export const predictLedger = (world: VirtualWorld, isBlackedOut: (ms: number) => boolean): readonly PredictedEntry[] => {
  const { settings, events, fromMs, toMs, trainingMs } = world;
  const entries: PredictedEntry[] = [];
  const open = new Map<string, PredictedEntry[]>();
  let [firstFile, lastFile, files, fresh, total, cycle] = [0, 0, 0, 0, 0, 0];
  let lastStart = -Infinity;
  let endsAt = 0;
  let running = false;
  let next = 0;

  const add = (trigger: string, atMs: number, alwaysOpens: boolean): boolean => {
    if (running && !settings.queueOnCompletion && trigger !== 'manual') {
      entries.push({ trigger, atMs, fate: 'dropped' });
      return false;
    }
    const before = open.get(trigger) ?? [];
    if (before.length > 0 && !alwaysOpens) return true;
    const entry = { trigger, atMs, fate: 'open' };
    entries.push(entry);
    open.set(trigger, [...before, entry]);
    return true;
  };

  const arrive = (event: LearnerEvent): void => {
    const { atMs } = event;
    if (event.kind === 'manual') add('manual', atMs, true);
    else if (event.kind === 'notice') add(event.trigger, atMs, false);
    else if (event.kind === 'measured') {
      if (event.netReturn < settings.performanceThreshold) add('performance', atMs, false);
      else {
        for (const entry of open.get('performance') ?? []) entry.fate = 'dropped';
        open.delete('performance');
      }
    } else if (event.kind === 'experiences') {
      fresh += event.count;
      total += event.count;
      const enough = fresh >= settings.retrainFrequency && total >= settings.minExperiences;
      if (enough && !open.has('experiences') && !add('experiences', atMs, false)) fresh = 0;
    } else if (add('newData', atMs, false)) {
      if (files === 0) firstFile = atMs;
      lastFile = atMs;
      files++;
    }
  };

  for (let now = fromMs; now < toMs; now += MINUTE) {
    if (running && now >= endsAt) running = false;
    while (events[next]?.atMs === now) arrive(events[next++]!);
    if (running || isBlackedOut(now)) continue;
    const isSpaced = now >= lastStart + settings.intervalMs;
    const isAged = settings.expirationMs > 0 && now >= lastStart + settings.expirationMs && lastStart > 0;
    const isSettled = files >= settings.minFiles && now >= Math.min(lastFile + settings.quietMs, firstFile + settings.maxWaitMs);
    const others = [...open.keys()].some((trigger) => trigger !== 'manual' && trigger !== 'newData');
    if (!(open.has('manual') || isSettled || (isSpaced && (others || isAged)))) continue;
    if (isSpaced && isAged) add('age', now, false);
    const waiting = entries.filter(({ fate }) => fate === 'open');
    const lead = waiting.find(({ trigger }) => trigger === 'manual') ?? waiting[0]!;
    cycle++;
    for (const entry of waiting) entry.fate = entry === lead ? `run ${cycle}` : `into ${entries.indexOf(lead) + 1}`;
    open.clear();
    files = 0;
    fresh = 0;
    lastStart = now;
    running = true;
    endsAt = now + trainingMs(cycle);
  }
  return entries.filter(({ fate }) => fate !== 'open');
};
