import { learnerId } from '../../domain/ids.js';
import type { Endpoints } from '../../runtime/endpoints.js';
import type { PartEvent } from '../../runtime/keep-running.js';
import { createScreen } from '../terminal/screen.js';
import { createStyle } from '../terminal/style.js';
import type { Terminal } from '../terminal/terminal.js';
import { describeDecision, describeLive } from './describe-decision.js';
import { describeRun, type RunDescription } from './describe-run.js';
import { describeDemo, describeSource, describeTrainingSettings } from './describe-settings.js';
import type { StartReporter } from './reporter.js';

const NAME_WIDTH = 15;
const MOST_LINKS = 5;
/** Without a terminal, figures that change all the time are said this often. */
const LINE_EVERY_MS = 5_000;

const MARKS = {
  starting: '…',
  waiting: '…',
  ready: '✓',
  adopted: '✓',
  stopped: '✓',
  ended: '!',
  failed: '!',
  tripped: '!',
} as const satisfies Record<PartEvent['kind'], string>;

/**
 * For people: on a terminal one line is rewritten, and stays when its phase is over; in a pipe each change of phase is a line, and figures are every
 * five seconds.
 */
export const createTextReporter = (terminal: Terminal, now: () => number = Date.now): StartReporter => {
  const screen = createScreen(terminal);
  const style = createStyle(terminal.colours);
  const said = new Map<string, { description: RunDescription; at: number }>();
  const row = (mark: string, name: string, text: string): void => screen.line(`${mark} ${name.padEnd(NAME_WIDTH)} ${text}`);
  const colour = (mark: string): string => (mark === '✓' ? style.green(mark) : mark === '!' ? style.yellow(mark) : mark);

  return {
    settings(settings, home, version) {
      screen.line(style.bold(`Ratchet ${version}`));
      row(' ', 'state', home.root);
      row(' ', 'training', describeTrainingSettings(settings));
      row(' ', 'data', describeSource(settings));
      const unused = settings.source.kind === 'exports' ? settings.source.unused : [];
      for (const text of [...settings.notices, ...unused.slice(0, 5)]) row(colour('!'), 'note', text);
    },
    demo: (demo) => row(colour('✓'), 'data', describeDemo(demo)),
    part: ({ part, kind, text }) => row(colour(MARKS[kind]), part, kind === 'adopted' ? `${text} (taken over from the last start)` : text),
    notice: (text) => row(colour('!'), 'note', text),
    ready(endpoints, instruments, seconds) {
      screen.line(`${style.bold('Ready')} in ${seconds.toFixed(1)} s. Ctrl-C stops everything in order.`);
      for (const [name, text] of links(endpoints, instruments)) row(' ', name, style.cyan(text));
    },
    progress(progress) {
      const { instrument } = progress.learner;
      const description = describeRun(progress, now());
      const last = said.get(instrument);
      const isNew = last?.description.phase !== description.phase;
      if (terminal.isTty) {
        if (isNew && last !== undefined) screen.line(last.description.text);
        said.set(instrument, { description, at: now() });
        screen.live(description.live);
        return;
      }
      const isDue = last !== undefined && last.description.text !== description.text && now() - last.at >= LINE_EVERY_MS;
      if (!isNew && !isDue) return;
      screen.line(description.text);
      said.set(instrument, { description, at: now() });
    },
    ended(end, { live, curl, buckets }) {
      said.delete(end.instrument);
      if (end.outcome.kind !== 'decided') {
        screen.line(`${style.red(`${end.instrument}: ${end.outcome.runId} ${end.outcome.kind}`)}: ${end.outcome.summary}`);
        return;
      }
      for (const text of ['', ...describeDecision(end, style), '', describeLive(live, buckets)]) screen.line(text);
      if (curl !== null) screen.line(`Ask it, while Ratchet runs:\n  ${curl}`);
    },
    stopping: () => screen.line('Stopping …'),
  };
};

const links = ({ api, temporalUi, temporalAddress, temporalNamespace }: Endpoints, instruments: readonly string[]): [string, string][] => {
  const workflows = `${temporalUi ?? ''}/namespaces/${temporalNamespace}/workflows`;
  const shown = instruments.length === 0 ? [workflows] : instruments.slice(0, MOST_LINKS).map((id) => `${workflows}/${learnerId(id)}`);
  return [
    ...(api === null ? [] : [['API', api] satisfies [string, string]]),
    ...(temporalUi === null
      ? [['Temporal', `${temporalAddress}, namespace ${temporalNamespace}`] satisfies [string, string]]
      : shown.map((link): [string, string] => ['Temporal Web UI', link])),
  ];
};
