import { sessionStarts } from '../../domain/market/bars.js';
import type { BarSeries } from '../../domain/market/bars.js';
import type { Simulation } from './create-simulation.js';
import { knownOptimal } from './known-optimal.js';
import type { OptimalPolicy } from './optimal-policy.js';

/**
 * Position (-1, 0 or 1) that the best policy wants after the close of each of `bars`: the simulated minutes, or longer bars joined from them.
 * It starts flat in each session and sees the flow. Throws `RangeError` on a bar that does not close with a simulated minute.
 */
export const optimalPositions = (simulation: Simulation, bars: BarSeries = simulation.bars): Float64Array => {
  const minutes = positionsByMinute(simulation);
  const { closeTime } = simulation.bars;
  let minute = 0;
  return bars.closeTime.map((time) => {
    while (minute < closeTime.length && closeTime[minute]! < time) minute++;
    if (closeTime[minute] !== time)
      throw new RangeError(`no simulated minute closes at ${time}: expected bars joined from the simulated ones`);
    return minutes[minute]!;
  });
};

const positionsByMinute = ({ bars, flow, regime, task }: Simulation): Float64Array => {
  const optimal = knownOptimal(task);
  const policies = new Map<number, OptimalPolicy>();
  const positions = new Float64Array(bars.length);
  const starts = sessionStarts(bars);
  for (let session = 0; session + 1 < starts.length; session++) {
    const [from, to] = [starts[session]!, starts[session + 1]!];
    const policy = policies.get(to - from) ?? optimal.policy(to - from);
    policies.set(to - from, policy);
    let held = 0;
    for (let bar = from; bar < to - 1; bar++) held = positions[bar] = policy.position(bar - from, regime[bar]!, flow[bar]!, held);
  }
  return positions;
};
