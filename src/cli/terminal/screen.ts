import type { Terminal } from './terminal.js';

/** Lines that stay, and below them one that is rewritten. */
export interface Screen {
  readonly line: (text: string) => void;
  /** Rewrites the last line; without a terminal there is none. Cut to the terminal's width; it may hold no emphasis. */
  readonly live: (text: string) => void;
}

const CLEAR_LINE = '\r\u001b[2K';

/** Writes onto a terminal or into a pipe. */
export const createScreen = ({ write, isTty, columns }: Terminal): Screen => {
  let shown = '';
  return {
    line(text) {
      write(shown === '' ? `${text}\n` : `${CLEAR_LINE}${text}\n`);
      shown = '';
    },
    live(text) {
      if (!isTty) return;
      const cut = text.slice(0, columns() - 1);
      if (cut === shown) return;
      write(cut === '' ? CLEAR_LINE : `${CLEAR_LINE}${cut}`);
      shown = cut;
    },
  };
};
