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

/** The terminal or pipe behind a stream of this process. What is written after its reader has gone is lost. */
export const streamTerminal = (stream: NodeJS.WriteStream, { noColor }: { readonly noColor: boolean }): Terminal => {
  const isTty = stream.isTTY;
  stream.on('error', () => undefined); // the reader or the terminal has gone: nobody is left to tell
  return {
    write: (text) => void stream.write(text),
    isTty,
    colours: isTty && !noColor,
    columns: () => stream.columns || USUAL_COLUMNS,
  };
};
