import * as admin from './commands/admin.ts';
import * as backup from './commands/backup.ts';
import { type Command, type Given, type Outcome, refuse, usage } from './commands/command.ts';
import * as config from './commands/config.ts';
import { demo } from './commands/demo.ts';
import * as imports from './commands/import.ts';
import { migrate } from './commands/migrate.ts';
import * as release from './commands/release.ts';
import { restore } from './commands/restore.ts';
import * as rounds from './commands/round.ts';
import { listed, understand } from './commands/typed.ts';
import { asSetupFault, SetupFault } from '#server/binaries.ts';
import * as databases from '#server/databases.ts';
import { closeDb, db } from '#server/db.ts';
import { isCurrent, migrate as bringUpToDate } from '#server/migrate.ts';
import { shipOwn } from '#server/questionnaires.ts';
import { now, read, settings } from '#server/settings.ts';

const help: Command = {
  name: 'help',
  does: 'Viser denne lista. Etter en kommando viser --help bare den.',
  needs: 'nothing',
  run: () => ({
    ok: true,
    lines: listed(commands),
    json: commands.map((one) => ({ usage: usage(one), does: one.does })),
  }),
};

const commands: Command[] = [
  help,
  config.check,
  migrate,
  demo,
  admin.create,
  imports.units,
  imports.people,
  imports.questionnaire,
  ...rounds.commands,
  release.show,
  release.audit,
  backup.key,
  backup.backup,
  restore,
];

const withServers = async (
  command: Command & { needs: 'databases' | 'servers-alone' },
  given: Given,
): Promise<Outcome> => {
  const answer = read(process.env);
  if (!answer.ok) return refuse(...answer.faults);
  const alone = command.needs === 'servers-alone';
  const up = await databases.up(answer.settings, { alone, say: console.error });
  const { DATABASE_URL, BOX_DATABASE_URL } = up;
  Object.assign(process.env, { DATABASE_URL, BOX_DATABASE_URL });
  try {
    if (command.needs === 'servers-alone')
      return await command.run(given, { mainUrl: DATABASE_URL, boxUrl: BOX_DATABASE_URL, now });
    // Ours to look after; somebody else's database changes only when asked.
    if (command === migrate || !answer.settings.DATABASE_URL) {
      const migrated = await bringUpToDate(DATABASE_URL, BOX_DATABASE_URL);
      if (!migrated.ok)
        return refuse(
          `Databasen ${migrated.database} er laget av en nyere utgave av Medvirk. Oppdater programmet.`,
        );
    } else if (!(await isCurrent(DATABASE_URL, BOX_DATABASE_URL)))
      return refuse('Databasene passer ikke til denne utgaven av Medvirk. Kjør migrate først.');
    const { main, box } = db();
    if (answer.settings.MEDVIRK_NOW && !(await databases.clockMayMove(main)))
      return refuse('MEDVIRK_NOW kan ikke brukes her: databasen har en undersøkelse som er på ordentlig.');
    await shipOwn(main, now());
    return await command.run(given, { settings: settings(), main, box, now });
  } finally {
    await closeDb();
    await up.stop();
  }
};

const typed = understand(process.argv.slice(2), commands);
if (typeof typed === 'string') {
  console.error(typed);
  process.exit(2);
}
const { command, given, asJson } = typed;
try {
  const outcome = command.needs === 'nothing' ? await command.run(given) : await withServers(command, given);
  if (asJson && (outcome.ok || outcome.json !== undefined))
    console.log(JSON.stringify(outcome.json, null, 2));
  if (!outcome.ok) for (const line of outcome.lines) console.error(line);
  else if (!asJson) for (const line of outcome.lines) console.log(line);
  process.exitCode = outcome.ok ? 0 : 1;
} catch (fault) {
  const told = asSetupFault(fault);
  if (!(told instanceof SetupFault)) throw fault;
  console.error(told.message);
  process.exitCode = 1;
}
