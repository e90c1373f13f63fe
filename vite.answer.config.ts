import { defineConfig } from 'vite';

/** The answering page's one script and one style, built alone so that anybody can build the same bytes again. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'build-answer',
    target: 'es2020',
    cssTarget: ['chrome111', 'firefox113', 'safari15.4'],
    modulePreload: false,
    rolldownOptions: {
      input: 'src/answer/answer.ts',
      output: { format: 'es', entryFileNames: 'answer.js', assetFileNames: 'answer[extname]' },
    },
  },
});
