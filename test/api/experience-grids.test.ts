import assert from 'node:assert/strict';
import { testApi, type Answer, type TestApi } from '../support/services/test-api.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TRADES =
  'Trade number,Instrument,Account,Strategy,Market pos.,Qty,Entry price,Exit price,Entry time,Exit time,Entry name,Exit name,Profit,Cum. net profit,Commission,Clearing Fee,Exchange Fee,IP Fee,NFA Fee,MAE,MFE,ETD,Bars,';
const EXECUTIONS = 'Instrument,Action,Quantity,Price,Time,ID,E/X,Position,Order ID,Name,Commission,Rate,Account,Connection,';

describe('grids of NinjaTrader 8 over HTTP', () => {
  const folder = temporaryFolder();
  let opened: TestApi;
  beforeEach(async () => {
    opened = await testApi({ folder: folder() });
  });
  afterEach(() => opened.close());
  const send = (lines: readonly string[], query = 'time_zone=America/New_York'): Promise<Answer> =>
    opened.call('POST', `/api/v1/experiences/nt8?${query}`, `\uFEFF${lines.join('\r\n')}\r\n`, { 'content-type': 'text/csv' });
  const all = async (): Promise<readonly Record<string, unknown>[]> => {
    const answer = await opened.api.request('/api/v1/experiences/days/2026-09-15?instrument=ES');
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const long =
    '1,ES 12-26,Sim101,,Long,2,5000.00,5010.00,9/15/2026 9:35:00 AM,9/15/2026 9:42:00 AM,Entry,Exit,$1000.00,$1000.00,$9.00,$0.50,$1.00,$0.00,$0.10,$45.00,$220.00,$20.00,7,';
  const short =
    '2,ES 12-26,Sim101,,Short,1,5020.00,5025.00,9/15/2026 10:05:00 AM,9/15/2026 10:15:00 AM,Entry,Exit,($250.00),$750.00,$4.50,,,,,$400.00,$40.00,$440.00,10,';

  it('of trades become one experience a row, in UTC and net of costs, and the same file again adds none', async () => {
    assert.deepEqual((await send([TRADES, long, short])).body, { stored: 2, known: 0, refused: 0, open: 0 });
    assert.deepEqual((await send([TRADES, short, long])).body, { stored: 0, known: 2, refused: 0, open: 0 });
    const [first, second] = await all();
    assert.deepEqual(
      [first?.decision_time, first?.action, first?.trade_outcome, first?.fill, first?.reward],
      ['2026-09-15T13:35:00.000Z', 1, { pnl: 989.4, duration: 420, action: 'BUY' }, { price: 5_000, slippage: 0 }, 989.4 / 500_000],
    );
    assert.deepEqual(second?.trade_outcome, { pnl: -254.5, duration: 600, action: 'SELL' });
  });

  it('of another culture say the same', async () => {
    const german = [
      TRADES.replaceAll(',', ';'),
      '2;ES 12-26;Sim101;;Short;1;5.020,00;5.025,00;15.09.2026 10:05:00;15.09.2026 10:15:00;Entry;Exit;-250,00 $;750,00 $;4,50 $;;;;;400,00 $;40,00 $;440,00 $;10;',
    ];
    assert.deepEqual((await send([TRADES, short])).body.stored, 1);
    assert.deepEqual((await send(german, 'time_zone=America/New_York&culture=de-DE')).body, { stored: 0, known: 1, refused: 0, open: 0 });
    const { body } = await send(german);
    assert.match(String(body.detail), /Entry price is "5\.020,00": expected a number above zero as this culture writes it/);
  });

  it('of executions are matched first in, first out, to the same trades as the grid of trades', async () => {
    const executions = [
      'ES 12-26,Sell,2,5010.00,9/15/2026 9:42:00 AM,e3,Exit,-,o3,Exit,$5.00,1,Sim101,Sim,',
      'ES 12-26,Buy,1,5000.00,9/15/2026 9:35:00 AM,e2,Entry,2 L,o2,Entry,$2.80,1,Sim101,Sim,',
      'ES 12-26,Buy,1,5000.00,9/15/2026 9:35:00 AM,e1,Entry,1 L,o1,Entry,$2.80,1,Sim101,Sim,',
      'ES 12-26,SellShort,3,5020.00,9/15/2026 11:00:00 AM,e0,Entry,3 S,o0,Entry,$6.00,1,Other,Sim,',
    ];
    assert.deepEqual((await send([EXECUTIONS, ...executions, executions[0] ?? ''])).body, { stored: 2, known: 0, refused: 0, open: 1 });
    const found = await all();
    assert.deepEqual(
      found.map(({ trade_outcome: outcome }) => outcome),
      Array.from({ length: 2 }, () => ({ pnl: 494.7, duration: 420, action: 'BUY' })),
    );
    assert.equal(new Set(found.map(({ id }) => id)).size, 2);
    const half = ['1', '2'].map((number) =>
      long
        .replace(/^1/, number)
        .replace('Long,2', 'Long,1')
        .replace('$1000.00', '$500.00')
        .replace('$9.00,$0.50,$1.00,$0.00,$0.10', '$5.30,,,,'),
    );
    assert.deepEqual((await send([TRADES, ...half])).body, { stored: 0, known: 2, refused: 0, open: 0 });
  });

  it('keep what can be used and tell line, reason and text of every other row', async () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      [long.replace('ES 12-26', 'ZB 12-26'), /^Instrument is "ZB 12-26", and "ZB" is not configured here; known: ES, NQ/],
      [long.replace('Long', 'Flat'), /^Market pos\. is "Flat": expected one of long, short/],
      [long.replace('Long,2', 'Long,0'), /^Qty is "0": expected a number above zero/],
      [long.replace('9/15/2026 9:35:00 AM', '15/9/2026 9:35:00 AM'), /^Entry time is "15\/9\/2026 9:35:00 AM": expected a date and time/],
      [long.replace('9/15/2026 9:42:00 AM', '9/15/2026 9:30:00 AM'), /^Exit time is .*, before its entry at /],
      [long.replace('$1000.00', '$400.00'), /^Profit is 400, but by its prices it is 1000\.00 \(989\.40 after costs\) with 50 a point/],
      ['2,ES 12-26,Sim101', /^has 3 cells: expected 23/],
    ];
    const { status, body } = await send([TRADES, long, ...wrong.map(([row]) => row), '', short]);
    assert.deepEqual([status, body.stored, body.refused], [422, 2, wrong.length]);
    const told = body.lines as readonly { line: number; detail: string; text: string }[];
    told.forEach(({ line, detail, text }, at) => {
      assert.deepEqual([line, text], [at + 3, wrong[at]![0]]);
      assert.match(detail, wrong[at]![1]);
    });
    const orphan = 'ES 12-26,Sell,1,5010.00,9/15/2026 9:42:00 AM,x1,Exit,-,o3,Exit,$2.50,1,Lost,Sim,';
    assert.match(String((await send([EXECUTIONS, orphan])).body.detail), /closes 1 that were opened before this grid begins/);
  });

  it('that are none, without a zone or of no culture are refused whole', async () => {
    assert.match(
      String((await send(['a,b,c', '1,2,3'])).body.detail),
      /^file is no grid of NinjaTrader 8: its columns are a, b, c; expected/,
    );
    assert.equal((await send([TRADES, long], '')).status, 422);
    assert.match(String((await send([TRADES, long], 'time_zone=Mars')).body.detail), /^time_zone "Mars" does not exist/);
    assert.match(String((await send([TRADES, long], 'time_zone=UTC&culture=not a tag')).body.detail), /^culture is "not a tag"/);
    assert.equal((await all()).length, 0);
  });
});
