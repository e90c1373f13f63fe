process.env.JOURNEYS_DATA_DIR = '/tmp/seed-edi'; process.env.JOURNEYS_PORT = '4112';
const base = (await import('./playwright.config.ts')).default;
export default { ...base, webServer: undefined, outputDir: '/tmp/edi-pw-out', use: { ...base.use, trace: 'off', baseURL: 'http://localhost:4112' } };
