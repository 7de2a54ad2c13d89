/**
 * Marks of messages that a learner has taken in, newest last, each followed by a space: carried across continue-as-new, so they are 48 bits of each id
 * instead of the id. Two of 24,000 ids share a mark with a probability of one in a million.
 */
export type MessageMarks = string;

/** Ids that are remembered: as many as fit into the server's advice for one payload. */
const REMEMBERED = 24_000;
const WIDTH = 9;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export const noMarks: MessageMarks = '';

/** Whether a message was taken in before. */
export const isMarked = (marks: MessageMarks, id: string): boolean => marks.includes(markOf(id));

/** Remembers messages; the oldest are forgotten first. */
export const mark = (marks: MessageMarks, ids: readonly string[]): MessageMarks =>
  (marks + ids.map(markOf).join('')).slice(-REMEMBERED * WIDTH);

/** Those of some messages that were neither taken in before nor are repeated among them. */
export const unmarked = <Message extends { readonly id: string }>(
  marks: MessageMarks,
  messages: readonly Message[],
): readonly Message[] => {
  const known = messages.length < MANY ? null : new Set(marks.split(' '));
  const found = new Set<string>();
  return messages.filter(({ id }) => {
    const isKnown = known === null ? isMarked(marks, id) : known.has(markOf(id).trimEnd());
    if (found.has(id) || isKnown) return false;
    found.add(id);
    return true;
  });
};

/** So many ids are looked up faster in a set than one after another in the text. */
const MANY = 8;

/** Ends with the only character that is no digit: found nowhere but where it is a mark. */
const markOf = (id: string): string => `${digits(hash(id, 0x9747b28c))}${digits(hash(id, 0x3c6ef372))} `;

/** 24 bits as four digits. */
const digits = (value: number): string => [18, 12, 6, 0].map((shift) => DIGITS.charAt((value >>> shift) & 63)).join('');

/** MurmurHash3 over UTF-16 units, one a round (Appleby 2011), down to 24 bits. */
const hash = (text: string, seed: number): number => {
  let state = seed;
  for (let index = 0; index < text.length; index++) {
    const mixed = Math.imul(text.charCodeAt(index), 0xcc9e2d51);
    state ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0;
  }
  state ^= text.length;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) & 0xffffff;
};
