import { readFile } from 'node:fs/promises';
import { eq } from 'drizzle-orm';
import { type Command, refuse, unread } from './command.ts';
import type { Group } from '#domain/audit-search.ts';
import type { Cell } from '#domain/audit-tables.ts';
import type { Release } from '#domain/release.ts';
import { isClean, judge } from '#server/auditing.ts';
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
        `Inviterte: ${ballots.invited}. ${ballots.counted} svar er talt med, og ${ballots.unreadable} lot seg ikke lese.`,
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
    if (text === null) return unread(args.file!);
    const from = performance.now();
    const judgement = await judge(text);
    const { findings, searched } = judgement;
    const seconds = Number(((performance.now() - from) / 1000).toFixed(1));
    const isSafe = isClean(judgement) && searched?.complete === true;
    const json = { ok: isSafe, findings, searched, seconds };
    const looked = searched
      ? [
          `Søkte gjennom ${searched.figures} tall i ${searched.tables} tabeller på ${decimal(seconds)} sekunder (${searched.problems} oppgaver til HiGHS).`,
        ]
      : [];
    if (isSafe)
      return {
        ok: true,
        lines: ['Kontrollen fant ingenting.', ...looked, 'Ingen gruppe under grensene kan regnes ut.'],
        json,
      };
    if (findings.some((f) => f.rule === 'shape' && f.detail === 'not JSON'))
      return {
        ok: false,
        lines: ['Filen er ikke JSON. Resultatfilen er det release show ROUND --json skriver.'],
        json,
      };
    const lines = [
      ...(searched?.leak ? [derivation(searched.leak, JSON.parse(text))] : []),
      ...(searched?.contradictions ? ['Noen av tallene motsier hverandre.'] : []),
      ...(searched?.complete === false
        ? ['Søket rakk ikke å bli ferdig. Det er ikke vist at filen er trygg.']
        : []),
      ...(findings.length > 0 ? [`Reglene fant ${findings.length}:`] : []),
      ...findings.map(
        (f) => `  ${f.rule}, ${f.node ?? 'hele undersøkelsen'}, ${f.figure ?? '–'}: ${f.detail}`,
      ),
    ];
    return { ok: false, lines: [...lines, ...looked], json };
  },
};

const decimal = (number: number) => String(number).replace('.', ',');

/** How the smallest group is worked out, as a sentence: "Heia minus Lia gir 2 personer". */
function derivation({ figure, limit, n, distribution, sum }: Group, content: Release): string {
  const named = ({ name, category, onBehalf }: Cell) =>
    [name ?? 'Hele undersøkelsen', category, onBehalf && 'på vegne av andre'].filter(Boolean).join(', ');
  const terms = sum
    .toSorted((a, b) => b.times - a.times)
    .map(({ cell, times }, i) => {
      const sign = times < 0 ? ' minus ' : i > 0 ? ' pluss ' : '';
      const by = Math.abs(times) === 1 ? '' : `${decimal(Math.abs(times))} × `;
      return sign + by + named(cell);
    });
  const factor = content.factors.find(({ id }) => id === figure)?.title.nb;
  const asked = [...content.statements, ...(content.choices ?? [])];
  const statement = asked.find(({ id }) => id === figure)?.text.nb;
  const persons = n === 1 ? '1 person' : `${n} personer`;
  const answers = distribution ? ` Svarene deres blir ${distribution.join(', ')} på skalaen.` : '';
  return `«${factor ?? statement ?? 'Antall svar'}»: ${terms.join('')} gir ${persons}. Grensen er ${limit}.${answers}`;
}
