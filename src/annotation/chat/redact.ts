/** What free text may hold that is nobody else's business, and what stands in its place; in this order, since an address may hold a path. */
const PRIVATE: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '[address]'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
  [/(?:\b[A-Za-z]:\\|\\\\)[^\s"'<>|]*/g, '[path]'],
  [/(?<![\w.])(?:~|\.{1,2})?\/[\w.@~-]+[^\s"'<>|]*/g, '[path]'],
  [
    /\b(?:account|acct|konto|login|user(?:name)?|password|passwort|api[ _-]?key|secret|token|bearer)\b(?:\s+(?:is|no\.?|number|id))?[\s:=#]*\S+/gi,
    '[private]',
  ],
  [/\b(?:sk|pk|rk|ghp|xox[a-z])[-_]\S+/gi, '[key]'],
  [/\b(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{16,}/g, '[key]'],
  [/\b[A-Za-z]{0,4}-?\d{5,}\b/g, '[number]'],
];

/**
 * Free text as it may leave this machine: without addresses, paths, keys, account names and numbers, on one line, and cut at `longest` characters. Of
 * text that is much longer the rest is not even looked at, nor the word in which it is cut.
 */
export const redact = (text: string, longest: number): string => {
  const looked = 4 * longest;
  const begun = text.length <= looked ? text : text.slice(0, looked).replace(/\S*$/, '');
  const line = begun.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  const clean = PRIVATE.reduce((said, [pattern, instead]) => said.replace(pattern, instead), line);
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1)}…`;
};
