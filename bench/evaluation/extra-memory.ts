/**
 * Bytes that a work held at most: of resident size, the highest ever seen less the present one, or of array buffers, all that it made and nobody has
 * collected yet, whichever is more; so never too little.
 */
export const extraMemory = async (work: () => unknown): Promise<number> => {
  const before = process.memoryUsage();
  await work();
  const buffers = process.memoryUsage().arrayBuffers - before.arrayBuffers;
  return Math.max(buffers, process.resourceUsage().maxRSS * 1_024 - before.rss);
};
