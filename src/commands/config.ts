import { type Command, refuse } from './command.ts';
import { read, shown } from '#server/settings.ts';

export const check: Command = {
  name: 'config check',
  does: 'Viser innstillingene, eller alt som er galt med dem.',
  needs: 'nothing',
  run: () => {
    const answer = read(process.env);
    if (!answer.ok) return refuse(...answer.faults);
    const all = shown(answer.settings);
    const width = Math.max(...Object.keys(all).map((name) => name.length));
    return {
      ok: true,
      lines: Object.entries(all).map(([name, value]) => `${name.padEnd(width)}  ${value}`),
      json: all,
    };
  },
};
