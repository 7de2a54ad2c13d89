const closers: (() => Promise<void>)[] = [];

/** Registers what must be closed once all tests of the process have run; last in, first out. */
export const afterAllTests = (close: () => Promise<void>): void => void closers.push(close);

/** Closes it all; for programs that use the tests' support without mocha. */
export const closeAfterAllTests = async (): Promise<void> => {
  for (const close of closers.splice(0).reverse()) await close();
};

export const mochaHooks = { afterAll: closeAfterAllTests };
