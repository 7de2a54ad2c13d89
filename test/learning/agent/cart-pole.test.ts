import assert from 'node:assert/strict';
import { CART_POLE, createCartPoles } from '../../../bench/learning/cartpole/cart-pole.js';
import { createRandom } from '../../../src/learning/random.js';

/** States of Gymnasium 1.4.0's CartPole-v1 after each push from [0.01, -0.02, 0.03, 0.04]. */
const published = [
  [1, 0.009600000000000001, 0.17467919574755525, 0.030799999999999998, -0.2430687179600081],
  [1, 0.013093583914951107, 0.3693479760579556, 0.025938625640799837, -0.5258796280501483],
  [0, 0.02048054343611022, 0.17387081260481596, 0.01542103307979687, -0.22513741609237464],
  [1, 0.02395795968820654, 0.3687690101747617, 0.010918284757949377, -0.5129163478026587],
  [0, 0.03133333989170178, 0.17349499275068458, 0.0006599578018962032, -0.21681286835696195],
  [0, 0.03480323974671547, -0.021636386741578473, -0.0036762995652430356, 0.07607816471983775],
  [1, 0.034370512011883896, 0.17353807374944197, -0.0021547362708462803, -0.21776237729324466],
  [1, 0.03784127348687273, 0.3686907609605089, -0.006509983816711174, -0.5111242205294209],
  [1, 0.04521508870608291, 0.5639038076688638, -0.016732468227299593, -0.8058515075068],
  [0, 0.05649316485946018, 0.36901517137137, -0.032849498377435594, -0.5184785912499668],
] as const;

describe('createCartPoles', () => {
  it("moves as Gymnasium's CartPole-v1 does, to 1e-12, whatever the other lanes do", () => {
    const poles = createCartPoles(2);
    poles.reset(0, createRandom(1, 'cart'));
    poles.state.set([0.01, -0.02, 0.03, 0.04], 4);
    for (const [action, ...expected] of published) {
      poles.step(Int32Array.of(1 - action, action));
      expected.forEach((value, i) => assert.ok(Math.abs(poles.state[4 + i]! - value) <= 1e-12, `${poles.state[4 + i]} is not ${value}`));
    }
  });

  it('lets a pole that is pushed one way fall after nine steps, with the state that Gymnasium gives', () => {
    const poles = createCartPoles(1);
    const ends = Array.from({ length: 9 }, () => poles.step(Int32Array.of(1))[0]);
    assert.deepEqual(ends, [...Array<string>(8).fill('balanced'), 'fallen']);
    const expected = [0.14065097203306187, 1.7603811257683097, -0.21518604988500967, -2.777886494012814];
    expected.forEach((value, i) => assert.ok(Math.abs(poles.state[i]! - value) <= 1e-12));
  });

  it('ends an episode that never falls after 500 steps, and starts the next within ± 0.05', () => {
    const poles = createCartPoles(1);
    for (let step = 1; step <= CART_POLE.longestEpisode; step++) {
      poles.state.fill(0); // held upright
      assert.equal(poles.step(Int32Array.of(step % 2))[0], step === 500 ? 'timeUp' : 'balanced');
    }
    poles.reset(0, createRandom(2, 'cart'));
    assert.equal(poles.age[0], 0);
    assert.ok(poles.state.every((value) => Math.abs(value) <= 0.05) && new Set(poles.state).size === 4);
  });
});
