import { noticed } from './noticed.js';

/** A module of the user's own asked for it. */
export const custom = noticed('custom', { repeats: true });
