import { noticed } from './noticed.js';

/** The market is no longer distributed as it was when production was trained. */
export const drift = noticed('drift', { repeats: false });
