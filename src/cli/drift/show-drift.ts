import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { describeLook } from '../../domain/drift/drift-look.js';
import { driftMeasures } from '../../domain/drift/measures.js';
import { instrumentsAsked, openApi } from '../ask-api.js';
import type { Terminal } from '../terminal/terminal.js';
import { plainTable } from '../transfers/transfer-table.js';

export interface DriftOptions {
  readonly instrument?: string;
  readonly bucket?: string;
  readonly json?: boolean;
}

/** A look for drift as the API tells of it. */
export const listedLook = z.object({
  version: z.string(),
  learnedTo: z.string(),
  to: z.string(),
  window: z.number(),
  market: z
    .object({
      drifted: z.boolean(),
      pValue: z.number(),
      windows: z.number(),
      series: z.string(),
      measure: z.string(),
      value: z.number(),
      usual: z.number(),
      looks: z.array(z.object({ series: z.string(), measure: z.string(), value: z.number(), usual: z.number() })),
    })
    .nullable(),
  production: z
    .object({
      changed: z.boolean(),
      pValue: z.number(),
      sessions: z.number(),
      stream: z.string(),
      detector: z.string(),
      since: z.number(),
      before: z.number(),
      after: z.number(),
    })
    .nullable(),
  at: z.string(),
});
export type ListedLook = z.infer<typeof listedLook>;

/** Writes the newest look for drift of each instrument. Throws `NotRunning`, `ApiRefused`. */
export const showDrift = async (options: DriftOptions, environment: Environment, { write }: Terminal): Promise<void> => {
  const { instrument, bucket = 'default' } = options;
  const ask = await openApi(environment);
  const instruments = await instrumentsAsked(ask, instrument);
  const found = await Promise.all(
    instruments.map(async (id) => ({ instrument: id, looks: await ask(z.array(listedLook), '/api/v1/drift', { instrument: id, bucket }) })),
  );
  if (options.json === true) {
    write(`${JSON.stringify(found, null, 2)}\n`);
    return;
  }
  for (const { instrument: id, looks } of found) {
    const [newest] = looks;
    write(newest === undefined ? `${id}: not looked for yet; a look needs production, and whole windows of sessions after its training\n` : driftLines(id, newest)); // prettier-ignore
  }
};

/** What a look has found, for people. */
export const driftLines = (instrument: string, look: ListedLook): string => {
  const head = `${instrument}: ${look.version}, which has learned to ${look.learnedTo.slice(0, 10)}, looked at in the ${look.window} sessions to ${look.to.slice(0, 10)}`;
  return [head, ...describeLook(look), ...(look.market === null ? [] : [tableOf(look.market.looks)]), ''].join('\n');
};

/** A row for each feature: every measure, and how many times what it usually is. */
const tableOf = (looks: NonNullable<ListedLook['market']>['looks']): string => {
  const measures = Object.keys(driftMeasures);
  const rows = [...new Set(looks.map(({ series }) => series))].map((series) => [
    series,
    ...measures.map((measure) => {
      const look = looks.find((one) => one.series === series && one.measure === measure);
      if (look === undefined) return '';
      const times = look.usual === 0 ? '' : ` (${(look.value / look.usual).toFixed(1)} ×)`;
      return `${look.value.toPrecision(3)}${times}`;
    }),
  ]);
  return plainTable(['feature', ...measures.map((measure) => `${measure} (× usual)`)], rows);
};
