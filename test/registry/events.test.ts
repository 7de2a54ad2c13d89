import assert from 'node:assert/strict';
import { freshRegistry } from '../support/registry/registry.js';

describe('the events', () => {
  it('are read on from any id, each once, while many are written', async () => {
    const registry = await freshRegistry();
    const writes = Promise.all(
      Array.from({ length: 200 }, (_, i) => registry.events.append({ kind: 'tested', instrument: 'ES', actor: 'ratchet', payload: { i } })),
    );
    const seen: number[] = [];
    let last = 0;
    const read = async () => {
      for (const event of await registry.events.since(last)) {
        seen.push(Number(event.payload.i));
        last = event.id;
      }
    };
    const writers = { areDone: false };
    void writes.then(() => (writers.areDone = true));
    for (let isLast = false; !isLast;) {
      isLast = writers.areDone;
      await read();
    }
    assert.deepEqual(
      seen.toSorted((a, b) => a - b),
      Array.from({ length: 200 }, (_, i) => i),
    );
  });

  it('are added once per operation key', async () => {
    const { events } = await freshRegistry();
    const added = { kind: 'tested', instrument: null, actor: 'ratchet', payload: {}, operationKey: 'once' };
    await events.append(added);
    await events.append(added);
    assert.equal((await events.latest()).length, 1);
  });
});

describe('the settings', () => {
  it('keep the newest value with who set it, and tell of each change', async () => {
    const registry = await freshRegistry();
    await registry.settings.set('serving.serveUnproven', true, 'first');
    await registry.settings.set('serving.serveUnproven', false, 'second');
    const setting = await registry.settings.get('serving.serveUnproven');
    assert.deepEqual([setting?.value, setting?.setBy], [false, 'second']);
    assert.deepEqual(
      (await registry.events.since(0)).map((event) => [event.kind, event.actor, event.payload.value]),
      [
        ['settingChanged', 'first', true],
        ['settingChanged', 'second', false],
      ],
    );
    assert.equal(await registry.settings.get('none'), null);
  });
});
