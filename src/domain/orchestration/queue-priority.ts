/** Longest key that Temporal takes, in bytes; instrument ids are ASCII. */
const LONGEST_KEY = 64;

/** A place in Temporal's queues: the lowest of 1 to 5 first, and of equals by turns between instruments. Without a number it is an ordinary one. */
export const queuePriority = (instrument: string, priorityKey = 3): { readonly priorityKey: number; readonly fairnessKey: string } => ({
  priorityKey,
  fairnessKey: instrument.slice(0, LONGEST_KEY),
});
