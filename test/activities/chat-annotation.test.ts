import assert from 'node:assert/strict';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAnnotationActivities } from '../../src/activities/annotation/annotate-trades.js';
import { readMarkets } from '../../src/activities/dependencies.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import type { Experience } from '../../src/domain/experience/experience.js';
import { chatPeer, explains, fails, says, silent, type ChatBehaviour, type ChatPeer } from '../support/chat-endpoint.js';
import { experience } from '../support/experiences.js';
import { recordingLogger } from '../support/recording-logger.js';
import { freshRegistry } from '../support/registry/registry.js';

const KEY = 'sk-very-secret-0123456789';

describe('annotateTrades with a chat model', function () {
  this.timeout(60_000);
  let peer: ChatPeer;
  let registry: Awaited<ReturnType<typeof freshRegistry>>;
  let logger: ReturnType<typeof recordingLogger>;
  before(async () => void (peer = await chatPeer()));
  after(() => peer.close());
  beforeEach(async () => {
    registry = await freshRegistry();
    logger = recordingLogger();
    peer.asked.length = 0;
    peer.behave(explains());
  });

  const trades = async (count: number, changed: Partial<Experience> = {}): Promise<void> => {
    const all = Array.from({ length: count }, (_, at) =>
      experience(`trade-${at}`, {
        decisionTime: `2026-03-02T15:${String(10 + at)}:00.000Z`,
        tradeOutcome: { pnl: 10 * at - 15, durationSeconds: 600, action: 'BUY' },
        ...changed,
      }),
    );
    await registry.experiences.write(all);
  };
  const annotate = async (
    chat: object = {},
    { attempt = 1, key = KEY }: { readonly attempt?: number; readonly key?: string | null } = {},
  ): Promise<{ annotated: number; more: boolean }> => {
    const folder = '/nowhere';
    const activities = createAnnotationActivities({
      registry,
      logger,
      config: ratchetConfig.parse({
        experiences: { annotator: 'chat', chat: { url: peer.url, model: 'wise-1', timeoutSeconds: 20, ...chat } },
      }),
      markets: await readMarkets([]),
      folders: { watched: null, bars: folder, checkpoints: folder, artifacts: folder, temporary: folder },
      chatKey: key,
    });
    const environment = new MockActivityEnvironment({ attempt, retryPolicy: { maximumAttempts: 5 } });
    return environment.run((request: { instrument: string }) => activities.annotateTrades(request), { instrument: 'ES' });
  };
  const explained = async (): Promise<(readonly [string | null, string])[]> =>
    (await registry.experiences.newest('ES', 100)).reverse().map(({ annotatedBy, insight }) => [annotatedBy, insight?.reasoning ?? '']);

  it('keeps what the model says of each trade under its name, once, with how sure it is, and tells it the lessons so far', async () => {
    await trades(3);
    peer.behave(explains('Wait for the pullback'), explains('Take profit sooner'));
    assert.deepEqual(await annotate(), { annotated: 3, more: false });
    assert.deepEqual(await annotate(), { annotated: 0, more: false });
    assert.equal(peer.asked.length, 3);
    assert.ok(peer.asked.every(({ path, headers }) => path === '/v1/chat/completions' && headers.authorization === `Bearer ${KEY}`));
    assert.deepEqual(
      (await explained()).map(([by]) => by),
      ['wise-1', 'wise-1', 'wise-1'],
    );
    const { insight, reasoningConfidence } = (await registry.experiences.get('trade-0'))!;
    assert.deepEqual(insight?.lessonsLearned, ['Wait for the pullback']);
    assert.equal(reasoningConfidence, 0.78, 'what the reporter said stays');
    await registry.experiences.write([experience('one-more', { reasoningConfidence: null })]);
    await annotate({}, { key: null });
    assert.equal((await registry.experiences.get('one-more'))?.reasoningConfidence, 0.6);
    assert.equal(peer.asked[3]?.headers.authorization, undefined);
    assert.match(peer.asked[3]?.body ?? '', /Take profit sooner/);
  });

  it('tells nobody who traded, where, with what model or key, nor what people wrote beyond a bound', async () => {
    const secret = 'DU1234567';
    await trades(1, { id: `account-${secret}`, episodeId: `/home/ada/${secret}`, modelVersion: `v-${secret}` });
    const told = `Account ${secret} of ada@desk.example in C:\\Users\\Ada\\keys and /home/ada/.ssh with sk-abcdef0123456789 was late, see https://desk.example/x; `;
    await registry.experiences.explain(`account-${secret}`, { reasoning: told, lessonsLearned: [told + 'and so on '.repeat(200)] }, 'ada');
    await registry.experiences.write([experience(`next-${secret}`)]);
    await annotate();
    assert.equal(peer.asked.length, 1);
    const { body } = peer.asked[0]!;
    for (const private_ of [secret, 'ada', 'Ada', 'desk.example', '.ssh', 'abcdef', KEY, 'ES', 'v1_2026', '2026-03'])
      assert.ok(!body.includes(private_), private_);
    assert.match(body, /was late, see/);
    assert.ok(body.length < 6_000, `${body.length} characters`);
  });

  const passing: readonly (readonly [string, ChatBehaviour, number | null])[] = [
    ['is overloaded and says for how long', fails(429, { 'retry-after': '7' }), 7_000],
    ['is overloaded and says until when', fails(503, { 'retry-after': 'Fri, 01 Jan 1999 00:00:00 GMT' }), 0],
    ['is broken', fails(500), null],
    ['is too slow', silent, null],
    ['hangs up', (response) => void response.destroy(), null],
  ];
  for (const [what, behaviour, delay] of passing)
    it(`is tried again by Temporal where the endpoint ${what}, and the rules explain, saying why, when the last attempt fails`, async () => {
      await trades(3);
      peer.behave(explains(), behaviour);
      await assert.rejects(
        annotate({ timeoutSeconds: 1 }),
        (error: Error & { type?: string; nonRetryable?: boolean; nextRetryDelay?: number }) => {
          assert.deepEqual([error.type, error.nonRetryable], ['ChatUnavailable', false]);
          assert.equal(error.nextRetryDelay ?? null, delay);
          return true;
        },
      );
      assert.deepEqual(
        (await explained()).map(([by]) => by),
        ['wise-1', null, null],
        'what was answered is kept',
      );
      assert.deepEqual(await annotate({ timeoutSeconds: 1 }, { attempt: 5 }), { annotated: 2, more: false });
      const [, ...rest] = await explained();
      for (const [by, reasoning] of rest) {
        assert.equal(by, 'rules');
        assert.match(reasoning, /^Explained by rules, since the chat endpoint is not available: .*\. A long trade /);
      }
      assert.match(logger.lines.at(-1)?.message ?? '', /^trades are explained by rules, since the chat endpoint is not available/);
    });

  it('is done without at once where the endpoint refuses, is elsewhere, or wants to be left alone for long', async () => {
    for (const [at, behaviour] of [
      fails(401, {}, `{"error":"key ${KEY} is wrong"}`),
      fails(302, { location: 'http://127.0.0.1:1/' }),
      fails(429, { 'retry-after': '86400' }),
    ].entries()) {
      await registry.experiences.write([experience(`a-${at}`), experience(`b-${at}`)]);
      peer.behave(behaviour);
      peer.asked.length = 0;
      assert.deepEqual(await annotate(), { annotated: 2, more: false });
      assert.equal(peer.asked.length, 1);
    }
    const all = await explained();
    assert.ok(all.every(([by]) => by === 'rules'));
    assert.ok(!JSON.stringify([all, logger.lines]).includes(KEY), 'the key is repeated nowhere');
  });

  const useless: readonly (readonly [string, ChatBehaviour])[] = [
    ['prose', says('The trade was good.')],
    ['another form', says({ reasoning: 'so', lessons_learned: 'one', confidence: 1 })],
    ['a key too many', says({ reasoning: 'so', lessons_learned: ['one'], confidence: 1, order: 'BUY' })],
    ['no lesson', says({ reasoning: 'so', lessons_learned: [], confidence: 1 })],
    ['a certainty beyond one', says({ reasoning: 'so', lessons_learned: ['one'], confidence: 2 })],
    ['text that no database stores', says({ reasoning: 'a\0b', lessons_learned: ['one'], confidence: 1 })],
    ['endless text', says({ reasoning: 'x'.repeat(500_000), lessons_learned: ['one'], confidence: 1 })],
    ['a web page', (response) => void response.end('<html>hello</html>')],
  ];
  it('asks once more after an answer that is not what was asked for, then lets the rules explain that trade alone, saying so', async () => {
    for (const [what, behaviour] of useless) {
      const ids = [`first ${what}`, `second ${what}`, `third ${what}`];
      await registry.experiences.write(ids.map((id, at) => experience(id, { decisionTime: `2026-03-03T15:0${at}:00.000Z` })));
      peer.behave(behaviour, behaviour, behaviour, explains(), explains());
      peer.asked.length = 0;
      assert.deepEqual(await annotate(), { annotated: 3, more: false }, what);
      const made = await Promise.all(ids.map((id) => registry.experiences.get(id)));
      assert.deepEqual(
        made.map((one) => one?.annotatedBy),
        ['rules', 'wise-1', 'wise-1'],
        what,
      );
      assert.match(made[0]?.insight?.reasoning ?? '', /^Explained by rules, since the chat model gave no usable answer \(/, what);
      assert.equal(peer.asked.length, 5);
      assert.match(peer.asked[1]!.body, /Your last answer could not be used/);
    }
  });

  it('spends no more than the day allows, in requests or tokens, whoever asks and however often it starts anew', async () => {
    await trades(5);
    assert.deepEqual(await annotate({ requestsPerDay: 2 }), { annotated: 5, more: false });
    assert.equal(peer.asked.length, 2);
    const [, , ...rest] = await explained();
    for (const [by, reasoning] of rest) {
      assert.equal(by, 'rules');
      assert.match(reasoning, /^Explained by rules, since the day's budget for the chat model \(2 requests, 500000 tokens\) is spent\. /);
    }
    await registry.experiences.write([experience('later')]);
    await annotate({ requestsPerDay: 2 });
    assert.equal(peer.asked.length, 2);

    const { chatBudget } = registry;
    const [day, most] = ['2026-01-05', { requests: 50, tokens: 1_000 }];
    const taken = await Promise.all(Array.from({ length: 40 }, () => chatBudget.take(day, 90, most)));
    assert.equal(taken.filter(Boolean).length, 11);
    assert.deepEqual(await chatBudget.used(day), { requests: 11, tokens: 990 });
    await chatBudget.settle(day, 90, 20);
    assert.deepEqual([await chatBudget.take(day, 90, most), await chatBudget.take('2026-01-06', 1_001, most)], [false, false]);
    assert.deepEqual([await chatBudget.take(day, 80, most), await chatBudget.take('2026-01-06', 90, most)], [true, true]);
  });

  it('counts what the endpoint says that it used, and the most that it may have used where it does not say', async () => {
    await trades(2);
    const today = (): Promise<{ readonly tokens: number }> => registry.chatBudget.used(new Date().toISOString().slice(0, 10));
    peer.behave(explains('a', 321), explains('b', null));
    await annotate({ answerTokens: 400 });
    const { tokens } = await today();
    assert.ok(tokens > 321 + 400 + 300 && tokens < 321 + 400 + 2_000, String(tokens));
  });

  it('sends no key in the clear to another machine', async () => {
    await trades(1);
    await assert.rejects(annotate({ url: 'http://10.1.2.3/v1' }), { name: 'BadConfig', message: /would go to 10\.1\.2\.3 unencrypted/ });
  });
});
