import { z } from 'zod';

const share = z.number().gt(0).max(1);

/** Shares of the memory of a trainer's GPU, else of its cgroup or host, above which something is done. */
export const memoryConfig = z
  .strictObject({
    /** Above it people are warned. */
    warning: share.default(0.65),
    /** Above it knowledge is handed on in lighter forms. */
    transfer: share.default(0.8),
    /** Above it a training goes on from its checkpoint with half the batch. */
    limit: share.default(0.85),
  })
  .refine(
    ({ warning, transfer, limit }) => warning <= transfer && transfer <= limit,
    'warning, transfer and limit must rise in this order',
  );
