import type { GateDecision } from '../../domain/gate/types.js';
import { moment, number, percent } from '../figures.js';
import { embeddedJson, escapeHtml, figure, page, section, table, type Cell } from '../html.js';
import { reportStyle } from '../style.js';
import type { EvidencePack } from './pack.js';
import { costsSection, differencesSection, equitySection, regimesSection, sharpeSection } from './chart-sections.js';
import { tradesSection } from './trades-section.js';

/** Where the page carries its numbers. */
export const PACK_ID = 'evidence';

const TONES = { PROMOTE: 'gain', HOLD: 'hold', REJECT: 'loss' } as const satisfies Record<GateDecision['verdict'], string>;

/** One self-contained page on a decision of the gate: every number with its chart, and all of them as JSON inside. The same pack gives the same bytes. */
export const evidencePage = (pack: EvidencePack): string => {
  const { instrument, version, run } = pack.subject;
  return page(`${pack.decision.verdict}: ${version ?? run ?? 'candidate'} of ${instrument}`, reportStyle, [
    headerOf(pack),
    rulesSection(pack.decision),
    equitySection(pack),
    '<div class="pair">',
    sharpeSection(pack),
    differencesSection(pack),
    '</div>',
    regimesSection(pack),
    costsSection(pack),
    tradesSection(pack),
    scoresSection(pack),
    sourcesSection(pack),
    embeddedJson(PACK_ID, pack),
  ]);
};

const headerOf = ({ subject, decision, evidence, window }: EvidencePack): string => {
  const { instrument, bucket, version, run, comparedWith, simulated } = subject;
  const against = comparedWith ?? 'staying in cash';
  const { estimate, lower } = evidence.difference;
  return [
    '<header>',
    `<h1><span class="verdict ${TONES[decision.verdict]}">${decision.verdict}</span>${escapeHtml(version ?? run ?? 'candidate')}</h1>`,
    `<p class="sub">${escapeHtml(`${instrument}${simulated ? ' (simulated)' : ''}, bucket ${bucket}, against ${against}, profile ${decision.profile}; judged on ${moment(window.from)} to ${moment(window.to)}`)}</p>`,
    `<p class="lead">${escapeHtml(decision.summary)}</p>`,
    '<dl class="figures">',
    figure(
      'Sharpe',
      number(evidence.candidate.sharpe),
      evidence.production === null ? '' : `production ${number(evidence.production.sharpe)}`,
    ),
    figure('Sharpe difference', number(estimate), `at least ${number(lower)}`),
    figure('Return', percent(evidence.candidate.totalReturn), 'of cash, after costs'),
    figure('Deepest drawdown', percent(evidence.candidate.maxDrawdown), 'of cash'),
    figure('Deflated Sharpe', number(evidence.dsr, 3), `${evidence.trials} trial${evidence.trials === 1 ? '' : 's'}`),
    figure('Sessions', number(evidence.sessions, 0), `${number(evidence.bars, 0)} bars, ${number(evidence.candidate.trades, 0)} trades`),
    '</dl>',
    '</header>',
  ].join('\n');
};

const rulesSection = ({ rules, profile }: GateDecision): string =>
  section(
    'What the gate asked',
    `Every rule is applied; those of profile ${profile} count.`,
    table(
      ['rule', 'finding', 'value', 'bound', 'more bars', 'in words'],
      rules.map(({ rule, binding, passed, verdict, value, bound, barsNeeded, reason }): Cell[] => [
        binding ? rule : { text: `${rule} (not asked)`, tone: 'soft' },
        { text: passed ? 'passed' : verdict, tone: passed ? 'gain' : TONES[verdict] },
        number(value, 3),
        number(bound, 3),
        barsNeeded === null ? '' : number(barsNeeded, 0),
        reason,
      ]),
      { from: 2, to: 5 },
    ),
  );

const scoresSection = ({ evidence }: EvidencePack): string => {
  const { candidate, production, baselines } = evidence;
  const columns = [candidate, ...(production === null ? [] : [production]), baselines.buyAndHold.score];
  const rows: [string, (score: typeof candidate) => string][] = [
    ['Sharpe, annualised', ({ sharpe }) => number(sharpe)],
    ['Return', ({ totalReturn }) => percent(totalReturn)],
    ['Deepest drawdown', ({ maxDrawdown }) => percent(maxDrawdown)],
    ['Trades', ({ trades }) => number(trades, 0)],
    ['Trades that won', ({ winRate }) => percent(winRate, 1)],
    ['Profit factor', ({ profitFactor }) => number(profitFactor)],
    ['Turnover by bar', ({ turnover }) => percent(turnover)],
  ];
  return section(
    'Scores',
    'After all costs, on fixed capital, on the same bars for all.',
    table(
      ['', 'candidate', ...(production === null ? [] : ['production']), 'buy and hold'],
      rows.map(([name, read]) => [name, ...columns.map(read)]),
    ),
  );
};

const sourcesSection = ({ subject, record, evidence, settings, madeBy }: EvidencePack): string =>
  section(
    'Where each number comes from',
    'Artifacts are named by the SHA-256 of their content. "ratchet verify-evidence FILE" computes every number of this page again from them, without a server.',
    table(
      ['what', 'artifact'],
      [
        ['record of the evaluation', record],
        ['dataset', subject.dataset],
        ['candidate', subject.candidate],
        ...(subject.production === null ? [] : [['production', subject.production]]),
        ...Object.entries(evidence.returnHashes).flatMap(([name, hash]) => (hash === null ? [] : [[`returns by bar, ${name}`, hash]])),
      ],
      { from: 2, to: 2 },
    ),
    `<p class="note">Settings: <code>${escapeHtml(JSON.stringify(settings))}</code>. Computed by Ratchet ${escapeHtml(madeBy)}.</p>`,
  );
