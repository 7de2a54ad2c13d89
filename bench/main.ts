import { ablation } from './learning/ablation.js';
import { backtest } from './evaluation/backtest.js';
import { bootstrap } from './evaluation/bootstrap.js';
import { cartpole } from './learning/cartpole.js';
import { compiled } from './learning/compiled.js';
import { continual } from './learning/continual.js';
import { determinism } from './learning/determinism.js';
import { experiences } from './loops/experiences.js';
import type { Bench, Figure } from './figure.js';
import { firstRun } from './loops/first-run.js';
import { gate } from './evaluation/gate.js';
import { health } from './learning/health.js';
import { leaks } from './learning/leaks.js';
import { optimum } from './learning/oracles/optimum.js';
import { planted } from './learning/oracles/planted.js';
import { randomWalk } from './learning/oracles/random-walk.js';
import { recycling } from './learning/recycling.js';
import { lessons } from './learning/lessons.js';
import { learners } from './loops/learners.js';
import { looks } from './evaluation/looks.js';
import { overhead } from './loops/overhead.js';
import { pbo } from './evaluation/pbo.js';
import { checkpoint } from './speed/checkpoint.js';
import { environment } from './speed/environment.js';
import { loop } from './speed/loop.js';
import { replay } from './speed/replay.js';
import { reproduce } from './evaluation/reproduce.js';
import { step } from './speed/step.js';
import { timeToScore } from './speed/time-to-score.js';
import { swap } from './evaluation/swap.js';

/** Every bench by name; to add one, a file and a line here. */
const benches: Readonly<Record<string, Bench>> = {
  experiences,
  step,
  loop,
  'time-to-score': timeToScore,
  env: environment,
  replay,
  checkpoint,
  compiled,
  leaks,
  health,
  cartpole,
  ablation,
  continual,
  recycling,
  determinism,
  optimum,
  'random-walk': randomWalk,
  planted,
  lessons,
  'first-run': firstRun,
  'gate-aa': gate,
  looks,
  backtest,
  bootstrap,
  pbo,
  reproduce,
  swap,
  learners,
  overhead,
};

const format = ({ figure, value, unit, peer, limit, ratio }: Figure): string => {
  const beside = peer === undefined ? `limit ${Number(limit?.toPrecision(3))}` : `${peer.name} ${peer.value.toPrecision(3)}`;
  return `${figure.padEnd(48)} ${value.toPrecision(4).padStart(8)} ${unit.padEnd(8)} ${beside.padEnd(16)} ratio ${ratio.toFixed(2)}`;
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(
    `bench ${JSON.stringify(name)} does not exist: npm run bench -- NAME [--json], with NAME one of ${Object.keys(benches).join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  const figures = await bench(flags.filter((flag) => flag !== '--json'));
  const missed = figures.filter(({ limit, ratio }) => limit !== undefined && ratio < 1);
  process.stdout.write(flags.includes('--json') ? `${JSON.stringify(figures, null, 2)}\n` : `${figures.map(format).join('\n')}\n`);
  for (const { figure } of missed) process.stderr.write(`missed its limit: ${figure}\n`);
  if (missed.length > 0) process.exitCode = 1;
}
