/** A sleep that can be cut short. */
export interface Alarm {
  /** Resolves after `ms` (for ever when that is Infinity), or at the next ring; at once when it rang since the last wait. */
  wait(ms: number): Promise<void>;
  ring(): void;
}

const LONGEST_TIMER_MS = 2_147_483_647;

/** Makes an alarm; whoever waits must ring it to end. */
export const createAlarm = (): Alarm => {
  let wake: (() => void) | null = null;
  let rang = false;
  return {
    async wait(ms) {
      if (!rang) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = null;
      rang = false;
    },
    ring() {
      rang = true;
      wake?.();
    },
  };
};
