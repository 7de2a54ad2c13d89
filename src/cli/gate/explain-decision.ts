import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import Table from 'cli-table3';
import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { gateRates } from '../../domain/gate/rates.js';
import { percent } from '../../domain/gate/wording.js';
import { apiAddress, openApi, readDocument, type AskApi } from '../ask-api.js';
import { UsedWrongly } from '../exit-codes.js';
import { figure } from '../terminal/figures.js';
import { createStyle, type Style } from '../terminal/style.js';
import type { Terminal } from '../terminal/terminal.js';

export interface ExplainOptions {
  readonly instrument?: string;
  /** File that the evidence is written to: its numbers where the name ends with `.json`, else its page. */
  readonly save?: string;
  readonly json?: boolean;
}

/** There is no decision to explain. */
export class NoDecision extends Error {
  override readonly name = 'NoDecision';
}

const verdict = z.enum(['PROMOTE', 'HOLD', 'REJECT']);
const rule = z.looseObject({
  rule: z.string(),
  verdict,
  binding: z.boolean(),
  passed: z.boolean(),
  value: z.number().nullable(),
  bound: z.number().nullable(),
  reason: z.string(),
  barsNeeded: z.number().nullable(),
});
const money = z.number();
const bps = z.number().nullable();
const breakdown = z.looseObject({ gross: money, fee: money, spread: money, slippage: money, impact: money, net: money, paidBps: bps, breakEvenBps: bps }); // prettier-ignore
const recorded = z.looseObject({
  id: z.number(),
  instrument: z.string(),
  version: z.string().nullable(),
  run: z.string().nullable(),
  decidedAt: z.string(),
  evidencePage: z.string().nullish(),
  decision: z.looseObject({
    verdict,
    profile: z.enum(['simple', 'balanced', 'strict']),
    summary: z.string(),
    rules: z.array(rule),
  }),
  evidence: z.looseObject({ costs: z.looseObject({ candidate: breakdown, production: breakdown.nullable() }).optional() }),
});
type Recorded = z.infer<typeof recorded>;

/** Writes why the gate decided as it did: by default its newest decision, beside what each profile is measured to let through. Throws `UsedWrongly`, `NoDecision`, `NotRunning`, `ApiRefused`. */
export const explainDecision = async (
  id: string | undefined,
  options: ExplainOptions,
  environment: Environment,
  { write, colours }: Terminal,
): Promise<void> => {
  if (id !== undefined && !/^[1-9]\d{0,15}$/.test(id))
    throw new UsedWrongly(`DECISION ${JSON.stringify(id)} is no number of a decision: "ratchet gate explain" alone explains the newest`);
  const ask = await openApi(environment);
  const decision = id === undefined ? await newest(ask, options.instrument) : await ask(recorded, `/api/v1/decisions/${id}`);
  const link = `/api/v1/decisions/${decision.id}/evidence`;
  if (options.save !== undefined) await save(options.save, environment, link);
  const evidence = decision.evidencePage == null ? [] : ['', `Evidence: ${new URL(link, await apiAddress(environment.home)).href}`];
  const text =
    options.json === true
      ? JSON.stringify({ decision, profiles: gateRates }, null, 2)
      : [describe(decision, createStyle(colours)), ...evidence].join('\n');
  write(`${text}\n`);
};

const save = async (path: string, environment: Environment, link: string): Promise<void> =>
  writeFile(path, await readDocument(environment, extname(path) === '.json' ? `${link}?format=json` : link));

const newest = async (ask: AskApi, instrument: string | undefined): Promise<Recorded> => {
  const [first] = await ask(z.array(recorded), '/api/v1/decisions', { instrument, limit: '1' });
  if (first !== undefined) return first;
  throw new NoDecision(
    `no candidate${instrument === undefined ? '' : ` of ${instrument}`} was judged yet: the first training ends with a decision`,
  );
};

const describe = ({ id, instrument, version, run, decidedAt, decision, evidence }: Recorded, style: Style): string =>
  [
    `${style.bold(`Decision ${id} on ${instrument}: ${decision.verdict}`)}  ${style.dim(`${version ?? 'not registered'}, ${run ?? 'no run'}, ${decidedAt}, profile ${decision.profile}`)}`,
    decision.summary,
    '',
    rulesTable(decision.rules, style),
    ...decision.rules.map((outcome) => `  ${outcome.rule}: ${outcome.reason}`),
    ...costLines(evidence.costs),
    '',
    'What each profile lets through, measured (docs/gate-power.md):',
    ratesTable(decision.profile),
  ].join('\n');

/** Profit and costs of both, on the evaluation's sessions; nothing for a decision of before they were kept. */
const costLines = (costs: Recorded['evidence']['costs']): string[] =>
  costs === undefined ? [] : ['', costLine('candidate', costs.candidate), ...(costs.production ? [costLine('production', costs.production)] : [])]; // prettier-ignore

const costLine = (whose: string, { gross, fee, spread, slippage, impact, net, paidBps, breakEvenBps }: z.infer<typeof breakdown>): string =>
  `  costs of ${whose}: gross ${figure(gross)} - fee ${figure(fee)} - spread ${figure(spread)} - slippage ${figure(slippage)} - impact ${figure(impact)} = net ${figure(net)}; paid ${figure(paidBps)} bps of what it traded, break-even at ${figure(breakEvenBps)} bps`;

const rulesTable = (rules: Recorded['decision']['rules'], style: Style): string => {
  const table = new Table({
    head: ['rule', 'verdict', 'value', 'bound', 'more bars'],
    colAligns: ['left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { rule: name, binding, passed, verdict: asked, value, bound, barsNeeded } of rules) {
    const shown = passed ? style.green('passed') : asked === 'HOLD' ? style.yellow(asked) : style.red(asked);
    const row = [binding ? name : style.dim(`${name} (not asked)`), shown, figure(value), figure(bound)];
    table.push([...row, barsNeeded === null ? '' : figure(barsNeeded)]);
  }
  return table.toString();
};

const ratesTable = (profile: string): string => {
  const table = new Table({
    head: ['profile', 'promotes without an improvement', 'promotes +1 Sharpe after a year', 'after five years'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, { falsePromotions, powerOneYear, powerFiveYears }] of Object.entries(gateRates))
    table.push([name === profile ? `${name} (in use)` : name, percent(falsePromotions), percent(powerOneYear), percent(powerFiveYears)]);
  return table.toString();
};
