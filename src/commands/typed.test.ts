import { expect, it } from 'vitest';
import type { Command } from './command.ts';
import { understand } from './typed.ts';

const command = (name: string, args: string[] = [], options: Command['options'] = {}): Command => ({
  name,
  does: '',
  args,
  options,
  needs: 'nothing',
  run: () => ({ ok: true, lines: [name] }),
});
const commands = [
  command('help'),
  command('config check'),
  command('round freeze', ['round'], { 'key-file': { takes: 'FIL', required: true } }),
  command('round status', ['round']),
  command('restore', ['file']),
];
const said = async (typed: string) => {
  const found = understand(typed.split(' ').filter(Boolean), commands);
  if (typeof found === 'string') return found.split('\n')[0];
  const { command: asked } = found;
  return asked.needs === 'nothing' ? (await asked.run(found.given)).lines : [];
};

it.each([
  ['round freeze', 'Mangler ROUND og --key-file.'],
  ['round freeze k7ymsxa1', 'Mangler --key-file.'],
  ['round freeze k7ymsxa1 --key-file', 'Valget --key-file er skrevet feil.'],
  ['round status k7ymsxa1 now', '«now» er for mye.'],
  ['config check --jsn', 'Kjenner ikke valget --jsn.'],
  ['round', 'Etter round kommer ett av disse: freeze, status.'],
  ['frobnicate', 'Kjenner ikke kommandoen «frobnicate». Skriv help for å se alle.'],
])('says what is wrong with "%s"', async (typed, sentence) => expect(await said(typed)).toBe(sentence));

it.each([['--help'], ['-h'], ['help'], [''], ['config check']])('understands "%s"', async (typed) =>
  expect(await said(typed)).toEqual([typed === 'config check' ? typed : 'help']),
);

it.each([['round freeze --help'], ['round --help'], ['help round freeze'], ['round freeze x -h']])(
  'shows only what "%s" asks about, and does nothing',
  async (typed) => {
    const lines = await said(typed);
    expect(lines).toContain('  round freeze ROUND --key-file FIL');
    expect(lines).not.toContain('  config check');
  },
);

it('says how to restore when asked after the file', async () =>
  expect(await said('restore night.copy --help')).toContain('  restore FILE'));
