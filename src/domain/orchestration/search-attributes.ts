/** Search attributes that must be registered with Temporal before anything runs, by name, with the type's name there. */
export const searchAttributes = {
  Instrument: 'Keyword',
  Bucket: 'Keyword',
  Phase: 'Keyword',
  ProductionVersion: 'Keyword',
  Pending: 'Int',
  Cycle: 'Int',
  LastSharpe: 'Double',
  LastTrainedAt: 'Datetime',
} as const satisfies Record<string, 'Keyword' | 'Int' | 'Double' | 'Datetime'>;
