import { type Command, refuse } from './command.ts';
import { permitForMachine } from '#server/gate.ts';
import { firstOperator } from '#server/sign-in.ts';

const sentences = {
  'no-name': 'Navnet mangler.',
  'no-address': 'E-postadressen ser ikke riktig ut.',
  known: 'Det finnes alt en person med denne e-postadressen.',
};

export const create: Command = {
  name: 'admin create',
  does: 'Lager en driftsansvarlig og gir en lenke til å logge inn med. Den virker én gang, i ett døgn.',
  options: { name: { takes: 'NAVN', required: true }, email: { takes: 'ADRESSE', required: true } },
  needs: 'databases',
  run: async ({ options }, { main, settings, now }) => {
    const who = { name: String(options.name), email: String(options.email) };
    const made = await firstOperator(main, permitForMachine(), who, settings.ORIGIN, now());
    if (!made.ok) return refuse(sentences[made.refusal]);
    return {
      ok: true,
      lines: [`${who.name} kan logge inn her, én gang, i ett døgn:`, made.link],
      json: { person: made.personId, link: made.link },
    };
  },
};
