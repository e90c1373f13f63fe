import { defineConfig } from 'vite';

/**
 * The witnesses' one script: making a key, and opening the box with two. Built after the answering page, beside it; not
 * minified, so that it can be read as it is served.
 */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'build-answer',
    emptyOutDir: false,
    target: 'es2020',
    minify: false,
    modulePreload: false,
    rolldownOptions: {
      input: 'src/witness/witness.ts',
      output: { format: 'es', entryFileNames: 'witness.js' },
    },
  },
});
