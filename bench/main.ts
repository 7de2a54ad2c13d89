import type { Bench, Figure } from './figure.js';

/** Every bench by name, loaded when it is asked for: nothing else is in the process that it measures. To add one, a file and a line here. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  experiences: async () => (await import('./loops/experiences.js')).experiences,
  step: async () => (await import('./speed/step.js')).step,
  loop: async () => (await import('./speed/loop.js')).loop,
  'time-to-score': async () => (await import('./speed/time-to-score.js')).timeToScore,
  env: async () => (await import('./speed/environment.js')).environment,
  replay: async () => (await import('./speed/replay.js')).replay,
  checkpoint: async () => (await import('./speed/checkpoint.js')).checkpoint,
  compiled: async () => (await import('./learning/compiled.js')).compiled,
  leaks: async () => (await import('./learning/leaks.js')).leaks,
  health: async () => (await import('./learning/health.js')).health,
  cartpole: async () => (await import('./learning/cartpole.js')).cartpole,
  ablation: async () => (await import('./learning/ablation.js')).ablation,
  continual: async () => (await import('./learning/continual.js')).continual,
  recycling: async () => (await import('./learning/recycling.js')).recycling,
  determinism: async () => (await import('./learning/determinism.js')).determinism,
  optimum: async () => (await import('./learning/oracles/optimum.js')).optimum,
  'random-walk': async () => (await import('./learning/oracles/random-walk.js')).randomWalk,
  planted: async () => (await import('./learning/oracles/planted.js')).planted,
  lessons: async () => (await import('./learning/lessons.js')).lessons,
  'first-run': async () => (await import('./loops/first-run.js')).firstRun,
  'gate-aa': async () => (await import('./evaluation/gate.js')).gate,
  looks: async () => (await import('./evaluation/looks.js')).looks,
  backtest: async () => (await import('./evaluation/backtest.js')).backtest,
  bootstrap: async () => (await import('./evaluation/bootstrap.js')).bootstrap,
  pbo: async () => (await import('./evaluation/pbo.js')).pbo,
  reproduce: async () => (await import('./evaluation/reproduce.js')).reproduce,
  swap: async () => (await import('./evaluation/swap.js')).swap,
  learners: async () => (await import('./loops/learners.js')).learners,
  overhead: async () => (await import('./loops/overhead.js')).overhead,
};

const format = ({ figure, value, unit, peer, limit, ratio }: Figure): string => {
  const beside = peer === undefined ? `limit ${Number(limit?.toPrecision(3))}` : `${peer.name} ${peer.value.toPrecision(3)}`;
  return `${figure.padEnd(48)} ${value.toPrecision(4).padStart(8)} ${unit.padEnd(8)} ${beside.padEnd(16)} ratio ${ratio.toFixed(2)}`;
};

const [name = '', ...flags] = process.argv.slice(2);
const load = benches[name];
if (load === undefined) {
  process.stderr.write(
    `bench ${JSON.stringify(name)} does not exist: npm run bench -- NAME [--json], with NAME one of ${Object.keys(benches).join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  const bench = await load();
  const figures = await bench(flags.filter((flag) => flag !== '--json'));
  const missed = figures.filter(({ limit, ratio }) => limit !== undefined && ratio < 1);
  process.stdout.write(flags.includes('--json') ? `${JSON.stringify(figures, null, 2)}\n` : `${figures.map(format).join('\n')}\n`);
  for (const { figure } of missed) process.stderr.write(`missed its limit: ${figure}\n`);
  if (missed.length > 0) process.exitCode = 1;
}
