import { z } from 'zod';
import { AnswerInvalid, ChatRefused, ChatUnavailable, type ChatEndpoint, type ChatMessage } from './endpoint.js';
import { redact } from './redact.js';

export interface ChatReply {
  readonly content: string;
  /** What the endpoint says that question and answer took; null where it does not. */
  readonly tokens: number | null;
}

const MOST_BYTES = 256 * 1024;

const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ total_tokens: z.number().int().nonnegative() }).nullish(),
});

/**
 * Asks for one answer in JSON. A redirection is not followed: the key and the question are for this endpoint alone. Throws `ChatUnavailable`,
 * `ChatRefused`, `AnswerInvalid`, and the reason of `signal`.
 */
export const askChat = async (endpoint: ChatEndpoint, messages: readonly ChatMessage[], signal: AbortSignal): Promise<ChatReply> => {
  const { url, model, key, timeoutMs, answerTokens } = endpoint;
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`${url.replace(/\/+$/, '')}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ model, messages, max_tokens: answerTokens, temperature: 0, response_format: { type: 'json_object' } }),
      signal: AbortSignal.any([signal, deadline]),
      redirect: 'manual',
    });
    const text = await bodyOf(response);
    if (response.ok) return replyOf(text);
    throw refusalOf(response, key === null ? text : text.replaceAll(key, '[key]'));
  } catch (error) {
    if (error instanceof ChatUnavailable || error instanceof ChatRefused || error instanceof AnswerInvalid) throw error;
    signal.throwIfAborted();
    if (deadline.aborted) throw new ChatUnavailable(`no answer within ${timeoutMs / 1_000} s`, null);
    throw new ChatUnavailable(`it cannot be reached, ${reasonOf(error)}`, null);
  }
};

/** The body as text; of one that is too long, the beginning. */
const bodyOf = async ({ body }: Response): Promise<string> => {
  if (body === null) return '';
  const chunks: AsyncIterable<Uint8Array> = body;
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
  }
  return text;
};

const replyOf = (text: string): ChatReply => {
  const { data } = completion.safeParse(jsonOf(text));
  const content = data?.choices[0]?.message.content;
  if (content === undefined) throw new AnswerInvalid(`it is no chat completion: ${redact(text, 100)}`);
  return { content, tokens: data?.usage?.total_tokens ?? null };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Statuses after which the same question may be answered; every other one would come again. */
const isPassing = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

const refusalOf = ({ status, headers }: Response, said: string): Error => {
  const message = `status ${status}, ${redact(said, 200)}`;
  return isPassing(status) ? new ChatUnavailable(message, retryAfterMs(headers.get('retry-after'))) : new ChatRefused(message);
};

/** The header in seconds or as an HTTP date (RFC 9110, 10.2.3); null where it is neither. */
const retryAfterMs = (header: string | null): number | null => {
  if (header === null) return null;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return 1_000 * Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
};

const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
