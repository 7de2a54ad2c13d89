import { placeName, type Ancestor, type DataSource } from './ancestors.js';

/** Bars that models are to be judged on. */
export interface EvaluationWindow {
  /** Close of its first bar, ISO 8601. */
  readonly from: string;
  /** How far decisions look back and labels look ahead under the configuration that it is judged with: bars of the purge × their length, in ms. */
  readonly reachMs: number;
}

/** Something that a model learned from; `through` is missing where the model under judgement learned from it itself. */
export type Learned = DataSource & Partial<Pick<Ancestor, 'through'>>;

export type WindowVerdict = { readonly clean: true } | { readonly clean: false; readonly ancestor: Learned; readonly reason: string };

/** The last moment, epoch ms, at which no window may begin yet: the newest horizon of all that was learned from, and the largest reach of all after it. */
export const embargoedUntil = (learned: readonly DataSource[], reachMs: number): number =>
  learned.reduce((newest, { horizon }) => Math.max(newest, Date.parse(horizon)), -Infinity) +
  learned.reduce((longest, ancestor) => Math.max(longest, ancestor.reachMs), reachMs);

/**
 * Whether nobody concerned has learned from a window: it must begin later than the data horizon of every ancestor and the embargo after it. A
 * refusal names the ancestor that reaches farthest. What cannot be compared (a time that is none) is refused.
 */
export const checkWindow = ({ from, reachMs }: EvaluationWindow, learned: readonly Learned[]): WindowVerdict => {
  const until = embargoedUntil(learned, reachMs);
  const [first, ...others] = learned;
  if (first === undefined || Date.parse(from) > until) return { clean: true };
  const ancestor = others.reduce((newest, other) => (Date.parse(newest.horizon) >= Date.parse(other.horizon) ? newest : other), first);
  const last = Number.isFinite(until) ? new Date(until).toISOString() : 'a time that is not known';
  return {
    clean: false,
    ancestor,
    reason: `a window from ${from} is not clean: ${describe(ancestor)} was learned from up to ${ancestor.horizon}, and with the embargo a clean one begins after ${last}`,
  };
};

const describe = ({ kind, source, through = [] }: Learned): string =>
  `${kind} ${source.slice(0, 12)}${through.length === 0 ? '' : ` of ${through.map(placeName).join(' from ')}`}`;
