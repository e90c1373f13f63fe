import { eq } from 'drizzle-orm';
import { base64url } from '#domain/bytes.ts';
import { resultsBy } from '#domain/round.ts';
import { statements } from '#domain/questionnaire.ts';
import { connectBox, connectMain, type Main } from '#server/db.ts';
import { doings } from '#server/demo/doings.ts';
import { open } from '#server/clock.ts';
import { newLink } from '#server/invitations.ts';
import { roundFile } from '#server/schema.ts';
import type { ownClusters } from '#tests/support/databases.ts';
import { ask } from '#tests/support/asked.ts';
import { must } from '#tests/support/must.ts';
import { startProgram } from '#tests/support/program.ts';
import { storeMeeting, storeRelease } from '#tests/support/stored.ts';
import { approvedRound, frozen, invitationsOf, town } from '#tests/support/town.ts';
import { slowLines } from './slow-lines.ts';

const homes = ['Strandheimen', 'Solgården', 'Bjørkelia', 'Fjordgløtt', 'Furutunet', 'Elvebakken'];
const wards = [
  'Nord',
  'Sør',
  'Øst',
  'Vest',
  'første etasje',
  'andre etasje',
  'natt',
  'kjøkken',
  'vaskeri',
  'dagtilbud',
  'korttid',
];
/** 66 departments with names as long as they are. */
const departments = homes.flatMap((home) => wards.map((ward) => `${home} bo- og omsorgssenter, ${ward}`));
const now = new Date();

const words = Object.values(doings).flatMap(({ keep, improve }) => [...keep, ...improve].flat());
/** So many signs of the demo's departments' words, not the same twice. */
const long = (from: number) => [...words, ...words].slice(from).join(', ').slice(0, 90);

/** A meeting in each department. The first agreed on as much as a group's file can hold: four points, three long measures each. */
async function tellMuch(main: Main, units: string[]) {
  await storeRelease(main, 'lasttime', 'employee', new Date(now.getTime() - 365 * 24 * 3600_000));
  for (const [at, unitId] of units.entries()) {
    const points = (at ? [0, 1] : [0, 1, 2, 3]).map((i) => ({
      title: long(at + i * 16),
      measures: (at ? [4] : [4, 8, 12]).map((j) => ({ title: long(at + i * 16 + j) })),
    }));
    await storeMeeting(main, { roundId: 'lasttime', unitId, agreedAt: now, points });
  }
}

/** What a phone takes in before it can begin, packed as it is sent; without HTTP's own headers. */
export async function* firstVisit(clusters: Awaited<ReturnType<typeof ownClusters>>) {
  const { main, sql } = connectMain(clusters.main.url);
  const box = connectBox(clusters.box.url);
  try {
    await sql`truncate house, person, unit cascade`;
    const { ids } = await town(main, Object.fromEntries(departments.map((name) => [name, 8])));
    const { id, questionnaire } = await approvedRound(main, now);
    await tellMuch(
      main,
      departments.map((name) => ids.get(name)!),
    );
    await frozen({ main, box }, id, now);
    const files = await main.select().from(roundFile).where(eq(roundFile.roundId, id));
    const told = files.filter((f) => f.path.startsWith('group/'));
    const most = told.toSorted((a, b) => b.brotli.length - a.brotli.length)[0]!.path.slice('group/'.length);
    const one = (await invitationsOf(main, id)).find((invited) => invited.groupId === most);
    const wanted = [
      'nb/',
      'answer.js',
      'answer.css',
      'keylist.json',
      `key/${one!.groupId}`,
      `group/${one!.groupId}`,
    ];
    const bytes = Object.fromEntries(
      wanted.map((path) => [path, files.find((f) => f.path === path)!.brotli.length]),
    );
    const reply = {
      group: one!.groupId,
      draftKey: base64url(one!.draftKey),
      state: 'ready',
      phase: 'open',
      opens: now,
      stops: now,
      results: resultsBy(now),
    };
    bytes.invitation = JSON.stringify(reply).length;
    yield {
      what: 'bytes of the first visit to an answering page',
      value: Object.values(bytes).reduce((sum, n) => sum + n, 0),
      budget: 30_000,
      statements: statements(questionnaire).length,
      groups: files.filter((f) => f.path.startsWith('key/')).length,
      bytes,
    };
    must(await open(main, box, id, new Date(), null));
    const program = await startProgram({ mainUrl: clusters.main.url, boxUrl: clusters.box.url });
    try {
      const link = await newLink(main, one!.id, program.origin, 'nb');
      const server = { main, box, origin: program.origin };
      const resident = await ask(server, 'resident', new Date(), departments[0]);
      const relative = await ask(server, 'relative', new Date(), departments[1]);
      const [letter, typed] = [relative.next(), resident.next()];
      yield* slowLines([
        { what: 'a first visit can begin', link },
        { what: 'a resident’s first visit by QR code can begin', link: resident.next() },
        { what: 'a relative’s first visit by QR code can begin', link: letter },
        {
          ...{ what: 'a resident’s code can be typed', link: typed.split('#')[0]! },
          code: resident.codeOf(typed),
        },
        {
          ...{ what: 'a relative’s code can be typed', link: letter.split('#')[0]! },
          code: relative.codeOf(letter),
        },
      ]);
    } finally {
      await program.stop();
    }
  } finally {
    await Promise.all([sql.end(), box.end()]);
  }
}
