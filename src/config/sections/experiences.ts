import { z } from 'zod';

const whole = z.number().int().positive();

/** An OpenAI-compatible chat endpoint that explains trades. Its key comes from the environment alone (`RATCHET_CHAT_KEY`). */
const chatConfig = z.strictObject({
  /** Where `/chat/completions` is found, such as https://api.deepseek.com/v1. */
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => isBare(url), 'expected an address without user, password, query and fragment: the key belongs into RATCHET_CHAT_KEY')
    .optional(),
  model: z.string().min(1).max(200).optional(),
  /** For one answer. */
  timeoutSeconds: z.number().positive().max(240).default(60),
  /** Longest answer, in tokens. */
  answerTokens: whole.max(8_000).default(600),
  /** What may be asked in a day (UTC), of all instruments together; trades beyond it are explained by the rules. */
  requestsPerDay: whole.default(500),
  tokensPerDay: whole.default(500_000),
});
export type ChatConfig = z.infer<typeof chatConfig>;

/** What is kept of traded decisions, and what is made of it. */
export const experiencesConfig = z
  .strictObject({
    /** Newest experiences of an instrument that train; older ones are archived by day. */
    bufferSize: whole.default(10_000),
    /** Days that archived experiences are kept; for ever unless set. */
    archiveDays: whole.optional(),
    /** Who explains trades that nobody has explained: ten rules, a chat model, or nobody. */
    annotator: z.enum(['rules', 'chat', 'off']).default('rules'),
    chat: chatConfig.prefault({}),
    /** Trades explained since the newest fine-tuning set that make another one due. */
    minAnnotatedForFinetune: whole.default(100),
    /** Length of a state vector that names no schema. */
    stateLength: whole.default(200),
    /** Lengths of foreign state vectors by the hash of their schema. */
    schemas: z.record(z.string(), whole).default({}),
    /** For so long after a version stopped being live its schema is still accepted. */
    schemaGraceHours: z.number().nonnegative().default(24),
  })
  .refine(
    ({ annotator, chat }) => annotator !== 'chat' || (chat.url !== undefined && chat.model !== undefined),
    'annotator chat needs chat.url and chat.model, such as https://api.deepseek.com/v1 and deepseek-chat',
  );
export type ExperiencesConfig = z.infer<typeof experiencesConfig>;

const isBare = (url: string): boolean => {
  if (!URL.canParse(url)) return true; // which is said by itself
  const { username, password, search, hash } = new URL(url);
  return [username, password, search, hash].every((part) => part === '');
};
