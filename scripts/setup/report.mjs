import { performance } from 'node:perf_hooks';

/** Something that set-up cannot do; its message is one paragraph for a person: what, why, and what to do. */
export class SetupProblem extends Error {}

const NAME_WIDTH = 12;

/** Prints what a step does and why, then its outcome, with the seconds when it did something. */
export const startStep = (name, { print = console.log, now = () => performance.now() } = {}) => {
  const started = now();
  let announced = false;
  const line = (mark, text) => print(`${mark} ${name.padEnd(NAME_WIDTH)} ${text}`);
  return {
    doing(text) {
      announced = true;
      line('…', text);
    },
    done(text) {
      const seconds = (now() - started) / 1000;
      line('✓', announced || seconds >= 1 ? `${text} (${seconds.toFixed(1)} s)` : text);
    },
    warn(text) {
      line('!', text);
    },
  };
};
