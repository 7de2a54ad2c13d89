const POLL_MS = 500;

/**
 * Calls back once when the process that started this one ends: npm is killed without passing the signal on, and this process would
 * go on unseen. Watches only under npm, for a shell may leave its background jobs on purpose. Gives the function that ends the watch.
 */
export const watchParent = (onGone: () => void, underNpm: boolean = process.env.npm_lifecycle_event !== undefined): (() => void) => {
  if (!underNpm) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(parent)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
};

/** Windows keeps reporting the number of a parent that is gone. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
