import assert from 'node:assert/strict';
import { createScreen } from '../../src/cli/terminal/screen.js';

const recorded = (isTty: boolean) => {
  let written = '';
  const screen = createScreen({ isTty, colours: false, columns: () => 11, write: (text) => void (written += text) });
  return { screen, written: () => written };
};

describe('createScreen', () => {
  it('rewrites one line on a terminal, cut to its width, and moves it below the lines that stay', () => {
    const { screen, written } = recorded(true);
    screen.live('0123456789abc');
    screen.live('next');
    screen.live('next');
    screen.line('stays');
    screen.line('too');
    assert.equal(written(), '\r\u001b[2K0123456789\r\u001b[2Knext\r\u001b[2Kstays\ntoo\n');
  });

  it('writes nothing but whole lines into a pipe', () => {
    const { screen, written } = recorded(false);
    screen.live('12 %');
    screen.line('phase');
    assert.equal(written(), 'phase\n');
  });
});
