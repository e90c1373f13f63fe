import { defineConfig } from 'vite';

/** The resident's edition of the answering page: the same script and style with a few of its own, in one file each. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'build-answer',
    emptyOutDir: false,
    target: 'es2020',
    cssTarget: ['chrome111', 'firefox113', 'safari15.4'],
    modulePreload: false,
    rolldownOptions: {
      input: 'src/answer/resident.ts',
      output: { format: 'es', entryFileNames: 'resident.js', assetFileNames: 'resident[extname]' },
    },
  },
});
