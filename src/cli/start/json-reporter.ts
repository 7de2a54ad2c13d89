import type { Terminal } from '../terminal/terminal.js';
import type { StartReporter } from './reporter.js';

/** One JSON object a line, each with `event` and `time`; what a program reads. */
export const createJsonReporter = ({ write }: Pick<Terminal, 'write'>, now: () => number = Date.now): StartReporter => {
  const tell = (event: string, content: object): void => {
    write(`${JSON.stringify({ event, time: new Date(now()).toISOString(), ...content })}\n`);
  };
  return {
    settings: ({ preset, source, notices }, { root }, version) => tell('settings', { version, home: root, preset, source, notices }),
    demo: (demo) => tell('simulatedMarket', demo),
    part: (event) => tell('part', event),
    notice: (text) => tell('notice', { text }),
    ready: ({ api, temporalAddress, temporalNamespace, temporalUi }, instruments, seconds) =>
      tell('ready', { seconds, instruments, api, temporalAddress, temporalNamespace, temporalUi }),
    progress: (progress) => tell('progress', progress),
    ended: (end, served) => tell('ended', { ...end, ...served }),
    stopping: () => tell('stopping', {}),
  };
};
