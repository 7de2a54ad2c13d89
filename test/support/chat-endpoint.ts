import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the endpoint does with a request. */
export type ChatBehaviour = (response: ServerResponse, question: string) => void;

export interface ChatPeer {
  readonly url: string;
  /** What was asked so far. */
  readonly asked: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** What is done with the next requests, in order; with those beyond, the last again. */
  readonly behave: (...behaviours: readonly ChatBehaviour[]) => void;
  readonly close: () => Promise<void>;
}

/** A chat completion with this content, that took these tokens. */
export const says =
  (content: unknown, tokens: number | null = 700): ChatBehaviour =>
  (response) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    const usage = tokens === null ? {} : { usage: { prompt_tokens: tokens - 50, completion_tokens: 50, total_tokens: tokens } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: 'c', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: text } }], ...usage })); // prettier-ignore
  };

/** An answer that is what was asked for. */
export const explains = (lesson = 'Wait for the pullback', tokens?: number | null): ChatBehaviour =>
  says({ reasoning: 'The price went against the position first.', lessons_learned: [lesson], confidence: 0.6 }, tokens);

export const fails =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = '{"error":{"message":"no"}}'): ChatBehaviour =>
  (response) =>
    void response.writeHead(status, headers).end(body);

/** Never answers, and never hangs up. */
export const silent: ChatBehaviour = () => undefined;

/** An OpenAI-compatible endpoint on this machine, for as long as the test wants it. */
export const chatPeer = async (): Promise<ChatPeer> => {
  const asked: ChatPeer['asked'] = [];
  let behaviours: readonly ChatBehaviour[] = [explains()];
  let next = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push({ path: request.url ?? '', headers: request.headers, body });
    behaviours[Math.min(next++, behaviours.length - 1)]?.(response, body);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    behave(...all) {
      [behaviours, next] = [all, 0];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
