import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // Most files wait for clocks and sockets: one at a time would leave a core idle.
    maxWorkers: 3,
    // The exchanges with the stand-ins are recorded, and held against the vendors' documents at the end.
    globalSetup: ['test/support/witness/global-setup.ts'],
    teardownTimeout: 60_000,
    // Many tests kill processes and race connections on purpose; on a loaded machine one may miss its moment, once.
    retry: process.env['CI'] ? 1 : 0,
    coverage: { provider: 'v8', include: ['shared/**', 'functions/**'], reporter: ['text-summary'] },
  },
});
