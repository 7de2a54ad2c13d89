/** Rounds of a fault test: few with every `npm test`, as many as the fault was promised to be survived with `RATCHET_FAULTS=long`. */
export const faultRounds = (rounds: { readonly short: number; readonly long: number }): number[] =>
  Array.from({ length: process.env.RATCHET_FAULTS === 'long' ? rounds.long : rounds.short }, (_, round) => round + 1);
