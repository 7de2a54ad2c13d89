const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;

/** Emphasis for a terminal. */
export type Style = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

/** ANSI emphasis, or none where it would only be noise. */
export const createStyle = (colours: boolean): Style => {
  const emphasise = (name: keyof typeof CODES) => {
    const [on, off] = CODES[name];
    return (text: string): string => (colours ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  };
  return {
    bold: emphasise('bold'),
    dim: emphasise('dim'),
    red: emphasise('red'),
    green: emphasise('green'),
    yellow: emphasise('yellow'),
    cyan: emphasise('cyan'),
  };
};
