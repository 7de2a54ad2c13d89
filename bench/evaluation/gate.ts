import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { GateDecision, GateProfile } from '../../src/domain/gate/types.js';
import type { Bench, Figure } from '../figure.js';
import { drawCycle, type Cycle } from './gate/cycle.js';
import { marketReturns } from './gate/market-returns.js';
import { powerTable } from './gate/power-table.js';

const YEAR = 252;
const FIVE_YEARS = 1_260;
/** As the product's default. */
const REPLICATES = 2_000;
const FALSE_PROMOTIONS = { balanced: 0.1, strict: 0.05 } as const;
const POWER = 0.7;

/**
 * What the gate lets through, on block-resampled real daily returns: how many of `--cycles` (1,000) candidates without an improvement, how many of a
 * third as many that are better by an annual Sharpe of 1. The limit on the evidence rule's power is for the confidence of the default profile; that
 * of strict is printed beside it. With `--table FILE` the table over Sharpe, trials and bars is written, of `--table-cycles` (400) each.
 */
export const gate: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: {
      cycles: { type: 'string', default: '1000' },
      table: { type: 'string' },
      'table-cycles': { type: 'string', default: '400' },
    },
  });
  const { returns: market, origin } = await marketReturns();
  process.stderr.write(`drawn from ${origin}\n`);
  const cycles = Number(options.cycles);
  const draw = (bars: number, production: number, candidate: number, count: number): Cycle[] =>
    Array.from({ length: count }, (_, seed) => drawCycle({ seed, market, bars, production, candidate, bootstrapReplicates: REPLICATES }));

  const figures = [
    ...withoutImprovement('no skill, 252 days', draw(YEAR, 0, 0, cycles)),
    ...withoutImprovement('Sharpe 1 both, 252 days', draw(YEAR, 1, 1, cycles)),
    ...improved(draw(YEAR, 0, 1, Math.ceil(cycles / 3)), draw(FIVE_YEARS, 1, 2, Math.ceil(cycles / 3))),
  ];
  if (options.table !== undefined) await writeFile(options.table, powerTable(market, origin, Number(options['table-cycles'])));
  return figures;
};

const withoutImprovement = (what: string, cycles: readonly Cycle[]): Figure[] => {
  const figure = (name: string, value: number): Pick<Figure, 'figure' | 'value' | 'unit'> => ({
    figure: `${what}: ${name}`,
    value,
    unit: 'share',
  });
  const beside = (name: string, value: number, peer: { readonly name: string; readonly value: number }): Figure => ({
    ...figure(name, value),
    peer,
    ratio: peer.value / Math.max(value, 1 / cycles.length),
  });
  const falsely = (profile: keyof typeof FALSE_PROMOTIONS): Figure => {
    const rate = FALSE_PROMOTIONS[profile];
    const limit = rate + 2 * Math.sqrt((rate * (1 - rate)) / cycles.length);
    const value = share(cycles, promotes(profile, 1));
    return { ...figure(`promoted by ${profile}`, value), limit, ratio: limit / Math.max(value, 1 / cycles.length) };
  };
  const balanced = share(cycles, promotes('balanced', 1));
  return [
    beside('promoted by simple', share(cycles, promotes('simple', 1)), { name: 'balanced', value: balanced }),
    falsely('balanced'),
    falsely('strict'),
    beside('evidence rule alone at 0.90', share(cycles, passesEvidence('balanced')), { name: 'nominal', value: 0.1 }),
    beside('evidence rule alone at 0.95', share(cycles, passesEvidence('strict')), { name: 'nominal', value: 0.05 }),
  ];
};

const improved = (year: readonly Cycle[], fiveYears: readonly Cycle[]): Figure[] => {
  const power = (figure: string, value: number): Figure => ({ figure, value, unit: 'share', limit: POWER, ratio: value / POWER });
  const usual = share(year, passesEvidence('balanced'));
  const strict = share(year, passesEvidence('strict'));
  return [
    power('+1 Sharpe, 252 days: evidence rule at 0.90', usual),
    {
      figure: '+1 Sharpe, 252 days: evidence rule at 0.95',
      value: strict,
      unit: 'share',
      peer: { name: 'at 0.90', value: usual },
      ratio: strict / usual,
    },
    power('+1 Sharpe on 1, 1,260 days, N = 5: strict', share(fiveYears, promotes('strict', 5))),
  ];
};

const share = (cycles: readonly Cycle[], counts: (cycle: Cycle) => boolean): number => cycles.filter(counts).length / cycles.length;

const promotes =
  (profile: GateProfile, trials: number) =>
  ({ decide }: Cycle): boolean =>
    decide(profile, trials).verdict === 'PROMOTE';

const passesEvidence =
  (profile: GateProfile) =>
  ({ decide }: Cycle): boolean =>
    passed(decide(profile, 1), 'evidence');

const passed = ({ rules }: GateDecision, name: string): boolean => rules.some((outcome) => outcome.rule === name && outcome.passed);
