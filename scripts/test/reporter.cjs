const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** Mocha's usual report, and the totals as JSON in the file that `RATCHET_TEST_TOTALS` names. */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => writeFileSync(process.env.RATCHET_TEST_TOTALS, JSON.stringify(this.stats)));
  }
};
