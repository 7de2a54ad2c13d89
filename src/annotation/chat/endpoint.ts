/** An OpenAI-compatible chat endpoint. */
export interface ChatEndpoint {
  /** Where `/chat/completions` is found. */
  readonly url: string;
  readonly model: string;
  /** Null for an endpoint that asks for none. */
  readonly key: string | null;
  readonly timeoutMs: number;
  /** Longest answer, in tokens. */
  readonly answerTokens: number;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** The endpoint cannot answer now: it is overloaded, broken, too slow or not to be reached. */
export class ChatUnavailable extends Error {
  override readonly name = 'ChatUnavailable';
  constructor(
    message: string,
    /** When it wants to be asked again; null where it does not say. */
    readonly retryAfterMs: number | null,
  ) {
    super(message);
  }
}

/** The endpoint refuses what it is asked, and would again: the key, the address, the model or the account is wrong. */
export class ChatRefused extends Error {
  override readonly name = 'ChatRefused';
}

/** What came is no answer; the message says what was wrong with it. */
export class AnswerInvalid extends Error {
  override readonly name = 'AnswerInvalid';
}
