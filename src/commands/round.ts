import { open as openFile, readFile, unlink, writeFile } from 'node:fs/promises';
import { type Command, type Given, type Outcome, refuse, type World } from './command.ts';
import { spaced } from '#domain/bytes.ts';
import * as Day from '#domain/day.ts';
import { fingerprintPrint } from '#domain/keylist.ts';
import { fromOslo } from '#domain/oslo.ts';
import { text } from '#domain/questionnaire.ts';
import type * as Round from '#domain/round.ts';
import * as clock from '#server/clock.ts';
import * as closing from '#server/closing.ts';
import { showKey } from '#server/closing-key.ts';
import type { Main } from '#server/db.ts';
import { freeze as freezeRound, type FreezeRefusal } from '#server/freezing.ts';
import { permitForMachine } from '#server/gate.ts';
import { dryRunLinks, mailState, smsState } from '#server/invitations.ts';
import { invited } from '#server/invited.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';

type Run = Extract<Command, { needs: 'databases' }>['run'];

const planRefusals: Record<rounds.PlanRefusal, string> = {
  clock: 'Med MEDVIRK_NOW kan bare prøverunder planlegges.',
  name: 'Undersøkelsen trenger et navn.',
  window: 'Svartiden må vare minst ett døgn og slutte fram i tid.',
  thresholds: 'Grensene er lavere enn det laveste som er tillatt.',
  'no-unit': 'Ingen enhet er valgt.',
  'unknown-unit': 'En av enhetene finnes ikke.',
  reserve: 'Reserven av koder er et helt antall prosent fra 0 til 50.',
  'unknown-questionnaire': 'Spørreskjemaet finnes ikke.',
  reminders: 'Påminnelser er høyst fem hele tall fra 1 til 90.',
};

const stepRefusals: Record<Round.Refusal | 'unknown', string> = {
  unknown: 'Undersøkelsen finnes ikke.',
  'wrong-state': 'Undersøkelsen er ikke på dette steget. Se round status.',
  window: planRefusals.window,
  past: 'Svartiden er allerede over.',
  reason: 'Begrunnelsen mangler.',
};

const freezeRefusals: Record<FreezeRefusal | 'key', string> = {
  ...stepRefusals,
  key: 'Ingen har vist at nøkkelfilen er tatt vare på. Gjør det på undersøkelsens side, eller lås på nytt.',
  witnesses: 'Tre vitner har nøklene, og ikke alle har laget sin ennå.',
  comments: 'De to som skal lese kommentarene, passer ikke. Se undersøkelsens side for kommentarer.',
  servers: 'De to databasetjenerne kan ikke ta vare på svar slik de er satt opp:',
  nobody: 'Ingen blir invitert: hver gruppe er under det minste som er tillatt.',
  'small-units': 'Et valg for små enheter passer ikke lenger. Se undersøkelsens side for enheter.',
  sms: 'Undersøkelsen skal sende SMS, men SMS_URL er ikke satt.',
  approval:
    'Saken i politisk utvalg mangler. Skriv saksnummeret på undersøkelsens side, under Før undersøkelsen.',
  outside:
    'Et organ utenfor kommunen holder nøkkelen. Personen der låser, åpner og stopper på undersøkelsens side.',
  changed: 'Noen endret planen mens den ble låst. Prøv igjen.',
};

const closeRefusals: Record<closing.CloseRefusal, string> = {
  unknown: stepRefusals.unknown,
  'wrong-state': stepRefusals['wrong-state'],
  'key-malformed': 'Dette er ikke en nøkkelfil fra Medvirk.',
  'key-damaged': 'Nøkkelfilen er endret siden den ble laget.',
  'key-other': 'Nøkkelen hører til en annen undersøkelse, eller en tidligere låsing av denne.',
  witnesses: 'Tre vitner har nøklene til denne undersøkelsen. Ingen nøkkelfil åpner den.',
  unread:
    'De to leserne er ikke ferdige med kommentarene. Med --without-comments telles svarene opp uten dem.',
  audit: 'Kontrollen fant en gruppe som kan regnes ut. Ingenting er publisert, og ingenting er endret.',
};

/** A day means from eight in the morning, and to the end of the day. */
const moment = (given: string, time: string) => {
  const day = Day.parse(given);
  return day ? fromOslo(`${day}T${time}`) : fromOslo(given);
};

const createRun: Run = async ({ options }, { main, now }) => {
  const asked = String(options.questionnaire);
  const found = (await questionnaires.latest(main, asked)) ?? (await questionnaires.byId(main, asked));
  if (!found) {
    const keys = (await questionnaires.listLatest(main)).map((q) => q.key).join(', ');
    return refuse(`${planRefusals['unknown-questionnaire']} Disse finnes: ${keys}.`);
  }
  const opensAt = moment(String(options.from), '08:00');
  const stopsAt = moment(String(options.to), '23:59');
  if (!opensAt || !stopsAt) return refuse('Skriv dato som 2027-09-07, eller 2027-09-07T08:00.');
  const at = now();
  const planned = await rounds.plan(
    main,
    {
      name: String(options.name ?? `${text(found.content.title, 'nb')} ${opensAt.getUTCFullYear()}`),
      questionnaireId: found.id,
      unitCodes: String(options.units)
        .split(/[,;]/)
        .map((code) => code.trim())
        .filter(Boolean),
      opensAt,
      stopsAt,
      rule: { inPostOn: Day.at(at), minimumShare: 0, kinds: [], includeOnLeave: false },
      dryRun: options['dry-run'] === true,
      sms: options.sms === true,
    },
    at,
    permitForMachine(),
  );
  if (!planned.ok) return refuse(planRefusals[planned.refusal]);
  const approved = await rounds.take(main, planned.id, 'approve', at, null);
  if (!approved.ok) return refuse(stepRefusals[approved.refusal]);
  return {
    ok: true,
    lines: [`Undersøkelsen er planlagt og godkjent: ${planned.id}`],
    json: { round: planned.id },
  };
};

const freezeRun: Run = async ({ args, options }, { main, box, now }) => {
  // Made before the key is: a key that cannot be written would be lost.
  const path = String(options['key-file']);
  const file = await openFile(path, 'wx', 0o600).catch(() => null);
  if (!file) return refuse(`Kan ikke lage nøkkelfilen ${path}. Finnes den alt, velg et annet navn.`);
  try {
    const progress = (done: number, of: number) =>
      done % 20 === 0 && console.error(`Nøkler: ${done} av ${of}`);
    const frozen = await freezeRound(main, box, args.round!, now(), permitForMachine(), progress);
    if (!frozen.ok) {
      await unlink(path);
      return refuse(freezeRefusals[frozen.refusal], ...(frozen.faults ?? []));
    }
    const print = `Fingeravtrykk: ${spaced(frozen.fingerprint)}`;
    if (!frozen.keyFile) {
      await unlink(path);
      return {
        ok: true,
        lines: ['Undersøkelsen er låst. Vitnene har nøklene, så ingen nøkkelfil er laget.', print],
        json: { round: args.round, fingerprint: frozen.fingerprint, keyFile: null },
      };
    }
    await file.writeFile(frozen.keyFile);
    await file.sync();
    // Read back: what is on the disk is what must open the ballots.
    const kept = await readFile(path, 'utf8');
    const shown = await showKey(main, args.round!, kept, now(), permitForMachine());
    if (!shown.ok) return refuse(closeRefusals[shown.refusal]);
    return {
      ok: true,
      lines: [
        'Undersøkelsen er låst.',
        `Nøkkelen ligger i ${path}. Uten den kan ingen telle opp: flytt den til et trygt sted utenfor maskinen.`,
        print,
      ],
      json: { round: args.round, fingerprint: frozen.fingerprint, keyFile: path },
    };
  } finally {
    await file.close();
  }
};

const stepped = (
  outcome: { ok: true } | { ok: false; refusal: string; faults?: string[] },
  done: string,
): Outcome =>
  outcome.ok
    ? { ok: true, lines: [done], json: { ok: true } }
    : refuse(freezeRefusals[outcome.refusal as FreezeRefusal | 'key'], ...(outcome.faults ?? []));

/** Who is at the machine is not known to be the one named outside, who acts on the round's page. */
const isHeldOutside = async (main: Main, roundId: string) =>
  Boolean((await rounds.find(main, roundId))?.holderId);

const statusRun: Run = async ({ args }, { main }) => {
  const found = await rounds.find(main, args.round!);
  if (!found) return refuse(stepRefusals.unknown);
  const nodes = found.tree?.nodes ?? (await invited(main, found)).tree.nodes;
  const groups = nodes.filter((n) => n.group);
  const json = {
    round: found.id,
    name: found.name,
    state: found.state,
    dryRun: found.dryRun,
    opensAt: found.opensAt,
    stopsAt: found.stopsAt,
    invited: groups.reduce((sum, g) => sum + g.invited, 0),
    groups: groups.length,
    fingerprint: found.fingerprint ? fingerprintPrint(found.fingerprint) : null,
    holder: found.outsideBody,
    sms:
      found.sms && !found.dryRun && ['open', 'stopped'].includes(found.state)
        ? await smsState(main, found.id)
        : null,
    mail: !found.dryRun && ['open', 'stopped'].includes(found.state) ? await mailState(main, found.id) : null,
  };
  return { ok: true, lines: Object.entries(json).map(([key, value]) => `${key}: ${shown(value)}`), json };
};

const shown = (value: unknown) =>
  value instanceof Date
    ? value.toISOString()
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

const cell = (of: string) => (/[;"\n\r]/.test(of) ? `"${of.replaceAll('"', '""')}"` : of);

const invitationsRun: Run = async ({ args, options }, { main, settings }) => {
  const links = await dryRunLinks(main, args.round!, settings.ORIGIN);
  if (!links.ok)
    return refuse(
      {
        unknown: stepRefusals.unknown,
        'not-dry-run': 'Lenker gis bare ut til fil i prøverunder. I andre runder sendes de til hver enkelt.',
        'not-frozen': 'Prøverunden må være låst eller åpen.',
      }[links.refusal],
    );
  const rows = links.rows.map((r) => [r.unit, r.group, r.person, r.link].map(cell).join(';'));
  const written = await writeFile(String(options.out), `unit;group;person;link\n${rows.join('\n')}\n`, {
    mode: 0o600,
  }).then(
    () => true,
    () => false,
  );
  if (!written)
    return refuse(`Kan ikke skrive til ${options.out}. Velg en mappe som finnes, og som du kan skrive i.`);
  return {
    ok: true,
    lines: [`${rows.length} lenker ligger i ${options.out}.`],
    json: { links: rows.length, file: options.out },
  };
};

const closeRun: Run = async ({ args, options }, { main, box, now }) => {
  const key = await readFile(String(options['key-file']), 'utf8').catch(() => null);
  if (key === null) return refuse(`Finner ikke nøkkelfilen ${options['key-file']}.`);
  const closed = await closing.close(main, box, args.round!, key, now(), permitForMachine(), {
    withoutComments: options['without-comments'] === true,
  });
  return closed.ok
    ? {
        ok: true,
        lines: ['Svarene er talt opp. Bare tallene som vises, finnes.'],
        json: { round: args.round },
      }
    : refuse(closeRefusals[closed.refusal]);
};

const command = (
  name: string,
  does: string,
  run: (given: Given, world: World) => Promise<Outcome>,
  options: Command['options'] = {},
  args = ['round'],
): Command => ({ name: `round ${name}`, does, args, options, needs: 'databases', run });

const keyFile = { 'key-file': { takes: 'FIL', required: true } };

export const commands: Command[] = [
  command(
    'create',
    'Planlegger og godkjenner en undersøkelse. ID er spørreskjemaets nøkkel, som employee.',
    createRun,
    {
      questionnaire: { takes: 'ID', required: true },
      units: { takes: 'KODE,KODE', required: true },
      from: { takes: 'DATO', required: true },
      to: { takes: 'DATO', required: true },
      name: { takes: 'NAVN' },
      'dry-run': {},
      sms: {},
    },
    [],
  ),
  command('freeze', 'Låser undersøkelsen og skriver nøkkelfilen, én gang.', freezeRun, keyFile),
  command('open', 'Åpner for svar nå.', async ({ args }, { main, box, now }) =>
    (await isHeldOutside(main, args.round!))
      ? refuse(freezeRefusals.outside)
      : stepped(await clock.open(main, box, args.round!, now(), null), 'Undersøkelsen er åpen.'),
  ),
  command('stop', 'Stopper for svar nå.', async ({ args }, { main, box, now }) =>
    (await isHeldOutside(main, args.round!))
      ? refuse(freezeRefusals.outside)
      : stepped(await clock.stop(main, box, args.round!, now(), null), 'Undersøkelsen er stoppet.'),
  ),
  command('status', 'Viser hvor undersøkelsen er.', statusRun),
  command('invitations', 'Skriver lenkene til en prøverunde til en fil.', invitationsRun, {
    out: { takes: 'FIL.csv', required: true },
  }),
  command('close', 'Teller opp med nøkkelfilen og viser resultatet.', closeRun, {
    ...keyFile,
    'without-comments': {},
  }),
];
