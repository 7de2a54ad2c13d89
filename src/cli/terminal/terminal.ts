/** Where a command writes to, and what it can show. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** A person watches: a line may be rewritten. */
  readonly isTty: boolean;
  readonly colours: boolean;
  /** Width in characters, which may change. */
  readonly columns: () => number;
}

const USUAL_COLUMNS = 80;

/** A stream of a process, which may be a terminal. */
export type Output = NodeJS.WritableStream & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>;

/** The terminal or pipe behind a stream. What is written after its reader has gone is lost. */
export const streamTerminal = (stream: Output, { noColor }: { readonly noColor: boolean }): Terminal => {
  const isTty = stream.isTTY === true;
  stream.on('error', () => undefined); // the reader or the terminal has gone: nobody is left to tell
  return {
    write: (text) => void stream.write(text),
    isTty,
    colours: isTty && !noColor,
    columns: () => (stream.columns ?? 0) || USUAL_COLUMNS,
  };
};
