import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    // From there start.js gives it a folder of its own.
    adapter: adapter({ precompress: false, out: 'build/.making' }),
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        // The meeting's screens ask whether anything has changed; no other page has a script.
        'script-src': ['self'],
        'connect-src': ['self'],
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:'],
        'font-src': ['self'],
        'form-action': ['self'],
        'base-uri': ['none'],
        'frame-ancestors': ['none'],
      },
    },
    typescript: {
      config: (config) => ({
        ...config,
        include: [...config.include, '../drizzle/**/*.ts', '../*.config.ts', '../*.js', '../tools/**/*.js'],
      }),
    },
  },
};
