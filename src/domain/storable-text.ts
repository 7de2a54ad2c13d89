/** Whether PostgreSQL takes the text, as text and within JSON: it holds no NUL and no half of a surrogate pair, at which a write would fail for ever. */
export const isStorableText = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text);
