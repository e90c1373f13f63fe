import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [sveltekit()],
  test: {
    include: ['src/**/*.test.ts', 'tests/attacks/**/*.test.ts', 'tests/house/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
} as never);
