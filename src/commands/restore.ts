import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type Alone, type Command, type Given, type Outcome, refuse } from './command.ts';
import { type State, underWay } from '#domain/round.ts';
import * as backupFile from '#server/backup-file.ts';
import { isCurrent, migrateBox } from '#server/migrate.ts';
import * as restoring from '#server/restoring.ts';
import * as restoringBox from '#server/restoring-box.ts';

const sentences: Record<restoring.RestoreRefusal | restoringBox.BoxRefusal, string> = {
  damaged: 'Filen er ikke en hel kopi fra Medvirk: den er endret eller kuttet. Ingenting er gjort.',
  'no-key': 'Gi nøkkelfilen som åpner kopien, med --key FIL. Den offentlige halvdelen åpner ingenting.',
  'other-key': 'Nøkkelen hører til andre kopier enn denne.',
  newer: 'Kopien er tatt med en nyere utgave av Medvirk. Oppdater programmet først.',
  'in-use': 'Noen bruker databasen nå. Stopp Medvirk først.',
  'not-empty': 'Databasen er ikke tom. Skal det som er der, byttes ut, skriv --replace.',
  'nothing-left':
    'Kopien kan ikke lenger åpnes: undersøkelsene er talt opp eller trukket tilbake, eller en nyere kopi er tatt.',
};

const becomes: Record<restoring.Fate['becomes'], (state: State) => string> = {
  stays: (state) =>
    underWay.includes(state)
      ? 'går videre. Alle invitasjoner regnes som brukt til HR eller driften bestemmer noe annet'
      : 'blir som i kopien',
  stopped: () => 'ble stoppet etter kopien og forblir stoppet',
  closed: () =>
    'ble talt opp etter kopien. Resultatet hentes fra stemmeboksen, og alt om hvem som ble spurt, slettes',
  gone: () => 'har ingen svar som kan telles. Den blir trukket tilbake',
};

const told = ({ header, now, fates, withdrawn, otherBox, unknown }: restoring.MainPlan): string[] => [
  `Kopien er av hoveddatabasen til ${header.house}, tatt ${header.day}. Alt som er gjort siden, går tapt.`,
  now
    ? `Databasen har nå ${now.people} personer${now.house ? ` og tilhører ${now.house}` : ''}. Alt i den byttes ut.`
    : 'Databasen er tom.',
  ...fates.map(({ id, name, state, becomes: fate }) => `  ${name} (${id}) ${becomes[fate](state)}.`),
  ...withdrawn.map((id) => `  Resultatet av ${id} ble trukket tilbake etter kopien og forblir det.`),
  ...(otherBox
    ? [
        'Stemmeboksen er en annen enn da kopien ble tatt. Er et resultat trukket tilbake siden, trekk det på nytt.',
      ]
    : []),
  ...(unknown.length > 0
    ? [
        `Stemmeboksen har ${unknown.join(', ')}, som kopien ikke kjenner. De blir liggende uten å kunne telles.`,
      ]
    : []),
  'Roller, passord og hvem som har sluttet, blir som i kopien: les inn ansatte på nytt. Alle må logge inn igjen.',
];

const toldOfBox = ({ header, back, over }: restoringBox.BoxPlan): string[] => [
  `Kopien er av stemmeboksen til ${header.house}, tatt ${header.day}.`,
  ...back.map(({ id, name }) => `  ${name} (${id}): låste svar i kopien legges til dem som er i boksen.`),
  ...over.map((name) => `  ${name} er avsluttet. Den delen av kopien kan ikke åpnes.`),
];

/** Whether the one at the keys writes the house's name. */
const agreed = async ({ options }: Given, house: string, lines: string[]): Promise<boolean> => {
  for (const line of lines) console.error(line);
  if (options.yes) return true;
  console.error(`Skriv «${house}» for å gjøre dette:`);
  const reading = createInterface({ input: process.stdin });
  for await (const line of reading) {
    reading.close();
    return line.trim() === house;
  }
  return false;
};

const notAgreed = refuse('Navnet stemte ikke. Ingenting er gjort.');

const restoreMain = async (given: Given, file: string, { mainUrl, boxUrl, now }: Alone): Promise<Outcome> => {
  const urls = { main: mainUrl, box: boxUrl };
  const { key, replace } = given.options;
  const keyFile = key ? await readFile(String(key), 'utf8').catch(() => '') : '';
  const planned = await restoring.planMain(file, keyFile, urls, replace === true);
  if (!planned.ok) return refuse(sentences[planned.refusal]);
  const { header, fates, withdrawn } = planned.plan;
  if (!(await agreed(given, header.house, told(planned.plan)))) return notAgreed;
  const restored = await restoring.restoreMain(file, planned, urls, now());
  if (!restored.ok) return refuse(sentences[restored.refusal]);
  return {
    ok: true,
    lines: ['Hoveddatabasen er gjenopprettet.'],
    json: { restored: 'main', day: header.day, rounds: fates, withdrawn },
  };
};

const restoreBox = async (given: Given, file: string, { mainUrl, boxUrl }: Alone): Promise<Outcome> => {
  const urls = { main: mainUrl, box: boxUrl };
  const planned = await restoringBox.planBox(file, urls);
  if (!planned.ok) return refuse(sentences[planned.refusal]);
  const { header, back } = planned.plan;
  if (!(await agreed(given, header.house, toldOfBox(planned.plan)))) return notAgreed;
  await restoringBox.restoreBox(file, planned.plan, urls);
  return {
    ok: true,
    lines: ['De låste svarene er lagt tilbake i stemmeboksen.'],
    json: { restored: 'box', day: header.day, rounds: back.map(({ id }) => id) },
  };
};

export const restore: Command = {
  name: 'restore',
  does: 'Legger tilbake en kopi. Sier først hva som vil skje, og spør. --replace bytter ut en database i bruk.',
  args: ['file'],
  options: { key: { takes: 'FIL' }, replace: {}, yes: {} },
  needs: 'servers-alone',
  run: async (given, world) => {
    const file = given.args.file!;
    try {
      const copy = await backupFile.open(file);
      if (!copy) return refuse(`Finner ikke filen ${file}.`);
      await copy.close();
      const { of } = copy.header;
      // A box that was lost has no tables yet.
      const box = await migrateBox(world.boxUrl);
      if (!box.ok) return refuse('Stemmeboksen er laget av en nyere utgave av Medvirk. Oppdater programmet.');
      if (of === 'box' && !(await isCurrent(world.mainUrl, world.boxUrl)))
        return refuse('Hoveddatabasen passer ikke til denne utgaven av Medvirk. Kjør migrate først.');
      return await (of === 'main' ? restoreMain : restoreBox)(given, file, world);
    } catch (fault) {
      if (fault instanceof backupFile.Damaged) return refuse(sentences.damaged);
      throw fault;
    }
  },
};
