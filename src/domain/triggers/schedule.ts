import { noticed } from './noticed.js';

/** A Temporal Schedule ticked: the periodic retrain, or the weekly full one. */
export const schedule = noticed('schedule', { repeats: false });
