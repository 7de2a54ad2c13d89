import type { RandomStream } from '../../../src/domain/ports.js';

/** Constants of Gymnasium's CartPole-v1 (Barto, Sutton & Anderson 1983), in SI units. */
export const CART_POLE = {
  gravity: 9.8,
  cartMass: 1,
  poleMass: 0.1,
  halfPoleLength: 0.5,
  force: 10,
  secondsPerStep: 0.02,
  farthest: 2.4,
  largestAngle: (12 * 2 * Math.PI) / 360,
  longestEpisode: 500,
  /** Each number of a state at the start is uniform within ± this. */
  start: 0.05,
} as const;

/** Numbers of a state: place and speed of the cart, angle and angular speed of the pole. */
export const STATE = 4;

/** Poles balanced side by side: the reward is 1 a step, until one falls, or 500 steps. */
export interface CartPoles {
  /** lanes × 4. */
  readonly state: Float64Array;
  /** Steps of each lane's episode so far, which is its return. */
  readonly age: Int32Array;
  /** Pushes every cart, to the right where the action is 1, and says how each lane stands; what ended is to be reset before the next step. */
  step(actions: Int32Array): readonly ('balanced' | 'fallen' | 'timeUp')[];
  reset(lane: number, random: RandomStream): void;
}

export const createCartPoles = (lanes: number): CartPoles => {
  const state = new Float64Array(lanes * STATE);
  const age = new Int32Array(lanes);
  return {
    state,
    age,
    step: (actions) =>
      Array.from(actions, (action, lane) => {
        push(state.subarray(lane * STATE, (lane + 1) * STATE), action === 1 ? CART_POLE.force : -CART_POLE.force);
        age[lane]!++;
        const [place, , angle] = state.subarray(lane * STATE);
        if (Math.abs(place!) > CART_POLE.farthest || Math.abs(angle!) > CART_POLE.largestAngle) return 'fallen';
        return age[lane] === CART_POLE.longestEpisode ? 'timeUp' : 'balanced';
      }),
    reset(lane, random) {
      age[lane] = 0;
      for (let i = 0; i < STATE; i++) state[lane * STATE + i] = (2 * random.uniform() - 1) * CART_POLE.start;
    },
  };
};

/** One Euler step of the equations of motion, without friction (Florian 2007), in Gymnasium's order of operations. */
const push = (state: Float64Array, force: number): void => {
  const { gravity, cartMass, poleMass, halfPoleLength, secondsPerStep } = CART_POLE;
  const [place, speed, angle, turn] = state;
  const mass = poleMass + cartMass;
  const [cos, sin] = [Math.cos(angle!), Math.sin(angle!)];
  const drive = (force + poleMass * halfPoleLength * turn! ** 2 * sin) / mass;
  const turning = (gravity * sin - cos * drive) / (halfPoleLength * (4 / 3 - (poleMass * cos ** 2) / mass));
  const speeding = drive - (poleMass * halfPoleLength * turning * cos) / mass;
  state[0] = place! + secondsPerStep * speed!;
  state[1] = speed! + secondsPerStep * speeding;
  state[2] = angle! + secondsPerStep * turn!;
  state[3] = turn! + secondsPerStep * turning;
};
