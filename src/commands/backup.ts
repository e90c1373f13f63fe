import { open, readFile, unlink } from 'node:fs/promises';
import { type Command, refuse } from './command.ts';
import * as backupKey from '#server/backup-key.ts';
import * as backups from '#server/backups.ts';

/** Writes a new file to the disk, never over another. */
const writeNew = async (file: string, text: string): Promise<boolean> => {
  const handle = await open(file, 'wx', 0o600).catch(() => null);
  if (!handle) return false;
  await handle.writeFile(text);
  await handle.sync();
  await handle.close();
  return true;
};

export const key: Command = {
  name: 'backup key',
  does: 'Lager nøkkelen til kopiene: FIL åpner dem og skal bort fra maskinen, FIL.public lukker dem og blir.',
  options: { out: { takes: 'FIL', required: true } },
  needs: 'nothing',
  run: async ({ options }) => {
    const file = String(options.out);
    const made = backupKey.make();
    if (!(await writeNew(file, made.privateFile)))
      return refuse(`Kan ikke lage ${file}. Finnes den alt, velg et annet navn.`);
    if (!(await writeNew(`${file}.public`, made.publicFile))) {
      await unlink(file);
      return refuse(`Kan ikke lage ${file}.public. Finnes den alt, velg et annet navn.`);
    }
    return {
      ok: true,
      lines: [
        `${file} åpner kopiene. Ta den bort fra maskinen, på to medier. Uten den er kopiene verdiløse.`,
        `${file}.public lukker dem. Gi den til backup med --key.`,
      ],
      json: { private: file, public: `${file}.public` },
    };
  },
};

const sentences: Record<backups.BackupRefusal, string> = {
  key: 'Filen i --key er ikke den offentlige halvdelen av en kopinøkkel. Lag en med backup key.',
  folder: 'Mappen i --out finnes ikke.',
  busy: 'En annen kopi tas akkurat nå.',
};

export const backup: Command = {
  name: 'backup',
  does: 'Tar en kryptert kopi av hoveddatabasen, og bytter ut den ene kopien av stemmeboksen.',
  options: { out: { takes: 'MAPPE', required: true }, key: { takes: 'FIL.public', required: true } },
  needs: 'databases',
  run: async ({ options }, { main, box, settings, now }) => {
    const text = await readFile(String(options.key), 'utf8').catch(() => null);
    if (text === null) return refuse(`Finner ikke nøkkelfilen ${options.key}.`);
    const of = { main, box, mainUrl: settings.DATABASE_URL };
    const taken = await backups.take(of, String(options.out), text, now());
    if (!taken.ok) return refuse(sentences[taken.refusal]);
    return {
      ok: true,
      lines: [
        `Hoveddatabasen er kopiert til ${taken.main}.`,
        taken.box
          ? `Stemmeboksen er kopiert til ${taken.box}. Eldre kopier av den kan ikke lenger åpnes.`
          : 'Stemmeboksen har ingen svar å ta vare på, og har ingen kopi.',
      ],
      json: { main: taken.main, box: taken.box, rounds: taken.rounds },
    };
  },
};
