import type { Lanes } from '../../learning/environment/lanes.js';

/**
 * A policy decides for many sessions at once: at the close of each active lane's bar it writes a price bin and a quantity bin into that lane.
 * What it writes for resting lanes is not read. It may answer later, as a model served by another library does.
 */
export type PolicyFunction = (now: Lanes, price: Int32Array, quantity: Int32Array) => void | Promise<void>;
