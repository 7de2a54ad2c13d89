import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Figure } from '../figure.js';

/** A program of another library that does the same work when it is asked to, so that both sides take turns within one run. */
export interface Peer {
  /** Has a line of words carried out and returns the number that the program answers with. Rejects when it ends before. */
  ask(...words: readonly (string | number)[]): Promise<number>;
  close(): void;
}

const GET_PEERS = `peers are left out: RATCHET_PEERS is not set. To measure against them:
  python3 -m venv peers && peers/bin/pip install torch stable-baselines3 "gymnasium[classic-control]"
  RATCHET_PEERS=peers/bin/python npm run bench -- NAME (torch.compile needs a C++ compiler too)
`;

/** Starts a program of `bench/speed/peers` in the Python that `RATCHET_PEERS` names; without that variable says how to get one, and gives null. */
export const openPeer = async (program: string, ...words: readonly (string | number)[]): Promise<Peer | null> => {
  const python = process.env.RATCHET_PEERS;
  if (python === undefined || python === '') {
    process.stderr.write(GET_PEERS);
    return null;
  }
  return open(python, fileURLToPath(new URL(`../../../bench/speed/peers/${program}`, import.meta.url)), words, {});
};

/** Starts a compiled program of this folder in a process with more variables than this one has. */
export const openOwn = (program: string, variables: NodeJS.ProcessEnv, ...words: readonly (string | number)[]): Promise<Peer> =>
  open(process.execPath, fileURLToPath(new URL(program, import.meta.url)), words, variables);

const open = async (command: string, program: string, words: readonly (string | number)[], variables: NodeJS.ProcessEnv): Promise<Peer> => {
  const child = spawn(command, [program, ...words.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...variables },
  });
  child.stdin.on('error', () => undefined); // a program that is gone is told by its end
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async (): Promise<number> => {
    const line = await lines.next();
    if (line.done !== true) return Number(line.value);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    throw new Error(`the peer ${basename(program)} ended with ${child.exitCode ?? child.signalCode}; what it said is above`);
  };
  await answer(); // it says 0 when it is ready
  return {
    ask: (...words) => {
      child.stdin.write(`${words.join(' ')}\n`);
      return answer();
    },
    close: () => void child.kill(),
  };
};

/** A rate beside a peer's, measured in turns. */
export interface Comparison {
  readonly figure: string;
  readonly unit: string;
  readonly value: number;
  readonly peer: { readonly name: string; readonly value: number };
  /** How many times the peer's rate ours is. */
  readonly times: number;
  /** How many times it is promised to be. */
  readonly limit?: number | undefined;
}

/** A comparison as figures: the two rates and, where something is promised, their ratio beside the promise. */
export const comparisonFigures = ({ figure, unit, value, peer, times, limit }: Comparison): Figure[] => [
  { figure, value, unit, peer, ratio: times },
  ...(limit === undefined ? [] : [{ figure: `${figure}, over ${peer.name}`, value: times, unit: 'times', limit, ratio: times / limit }]),
];
