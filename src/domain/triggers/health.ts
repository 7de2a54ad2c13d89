import { noticed } from './noticed.js';

/** Production no longer answers as a sound model does. */
export const health = noticed('health', { repeats: true });
