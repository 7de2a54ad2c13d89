import { judgeDifference } from '../difference.js';
import type { GateRule } from '../types.js';

/** The lower bound of the paired difference from production (or from cash) is above zero, at the profile's confidence. */
export const evidence: GateRule = ({ difference, production, bars }, settings) =>
  judgeDifference(difference, production === null ? 'cash' : 'production', bars, settings);
