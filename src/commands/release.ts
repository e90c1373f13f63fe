import { readFile } from 'node:fs/promises';
import { eq } from 'drizzle-orm';
import { type Command, refuse } from './command.ts';
import * as Release from '#domain/release.ts';
import { release } from '#server/schema.ts';

export const show: Command = {
  name: 'release show',
  does: 'Viser hva som er publisert. Med --json: alle tallene.',
  args: ['round'],
  needs: 'databases',
  run: async ({ args }, { main }) => {
    const [found] = await main.select().from(release).where(eq(release.roundId, args.round!));
    if (!found) return refuse('Undersøkelsen har ikke noe resultat.');
    if (found.withdrawnAt) return refuse(`Resultatet er trukket tilbake: ${found.withdrawnReason}`);
    const { round, ballots, results, tree } = found.content;
    return {
      ok: true,
      lines: [
        round.name,
        `${ballots.counted} av ${ballots.invited} svar er talt med; ${ballots.unreadable} lot seg ikke lese.`,
        `${Object.keys(results).length} av ${tree.length} enheter og grupper vises.`,
        `SHA-256: ${found.sha256}`,
      ],
      json: found.content,
    };
  },
};

export const audit: Command = {
  name: 'release audit',
  does: 'Kontrollerer en resultatfil: kan noen liten gruppe regnes ut av det som står i den?',
  args: ['file'],
  needs: 'nothing',
  run: async ({ args }) => {
    const text = await readFile(args.file!, 'utf8').catch(() => null);
    if (text === null) return refuse(`Finner ikke filen ${args.file}.`);
    const read = Release.read(text);
    if (read.ok) return { ok: true, lines: ['Kontrollen fant ingenting.'], json: { ok: true, findings: [] } };
    return refuse(
      `Kontrollen fant ${read.findings.length}:`,
      ...read.findings.map(
        (f) => `  ${f.rule}, ${f.node ?? 'hele undersøkelsen'}, ${f.figure ?? '–'}: ${f.detail}`,
      ),
    );
  },
};
