import { type Command, refuse } from './command.ts';
import * as fill from '#server/demo/fill.ts';
import { db } from '#server/db.ts';

export const demo: Command = {
  name: 'demo',
  does: 'Fyller en tom database med den oppdiktede kommunen Fjordvik, og merker den som demo.',
  needs: 'databases',
  run: async (_, { main, box, settings, now }) => {
    const found = await fill.state(main);
    if (found === 'demo') return { ok: true, lines: ['Demoen er her alt.'], json: { filled: false } };
    if (found === 'earnest') return refuse('Databasen er i bruk. En demo lages bare i en tom database.');
    if (found === 'half') await fill.clear(main, box);
    const { intake } = db();
    await fill.fill({ main, box, intake, origin: settings.ORIGIN, now: now(), say: console.error });
    return { ok: true, lines: ['Demoen er klar.'], json: { filled: true } };
  },
};
