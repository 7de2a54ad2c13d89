/** What a schedule asks of an instrument: a training, one from scratch, or a look at production and the user's own triggers. */
export interface Tick {
  readonly instrument: string;
  readonly bucket: string;
  readonly kind: TickKind;
}

export type TickKind = 'retrain' | 'fullRetrain' | 'check';

/** Why a training is asked for, for people. */
export const describeTick = ({ kind }: Pick<Tick, 'kind'>): string => reasons[kind];

const reasons: Readonly<Record<TickKind, string>> = {
  retrain: 'by schedule',
  fullRetrain: 'from scratch by schedule',
  check: 'looked at by schedule',
};
