process.env.JOURNEYS_DATA_DIR = '/tmp/seed-measure';
process.env.JOURNEYS_PORT = '4103';
const { default: config } = await import('/work/wt/measure/playwright.config.ts');
export default { ...config, webServer: undefined, testDir: '/work/wt/measure/tests/journeys', outputDir: '/tmp/pw-measure' };
