import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, type Outcome, refuse, unread, type World } from './command.ts';
import type { Preview } from '#domain/import.ts';
import { m } from '#messages';
import * as accounts from '#server/accounts.ts';
import { permitForMachine } from '#server/gate.ts';
import * as imports from '#server/imports.ts';
import { closePostman, postman } from '#server/postman.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { place, sentence } from '#ui/questionnaire-words.ts';
import { faultSentence, partWords, refusalSentence, warningSentence } from '#ui/import-words.ts';

const notDone = {
  'not-found': m.import_not_found,
  'already-confirmed': m.import_not_again,
  'has-faults': m.import_not_with_faults,
  'needs-operator': m.import_needs_operator,
  'changed-since-preview': m.import_not_as_shown,
};

const faultLines = ({ faults, faultCount }: Preview) => [
  ...faults.map((fault) => {
    const place = [
      fault.line && `${m.import_line()} ${fault.line}`,
      fault.column,
      fault.value && `«${fault.value}»`,
    ];
    return [place.filter(Boolean).join(', '), faultSentence(fault)].filter(Boolean).join(': ');
  }),
  ...(faultCount > faults.length ? [m.import_faults_first({ count: faultCount, shown: faults.length })] : []),
];

const lines = ({ parts, warnings, unread }: Preview) => [
  ...parts.map((part) => {
    const counts = [
      [m.import_added(), part.added.length],
      [m.import_changed(), part.changed.length],
      [m.import_gone(), part.gone.length],
      [m.import_unchanged(), part.unchanged],
    ] as const;
    return `${partWords[part.of]()}: ${counts.map(([what, count]) => `${what.toLowerCase()} ${count}`).join(', ')}.`;
  }),
  ...warnings.map(warningSentence),
  ...(unread.length > 0 ? [m.import_unread({ columns: unread.join(', ') })] : []),
];

const run =
  (preview: typeof imports.previewUnits): Extract<Command, { needs: 'databases' }>['run'] =>
  async ({ args, options }, { main, now }: World): Promise<Outcome> => {
    const file = args.file ?? '';
    const bytes = await readFile(file).catch(() => null);
    if (!bytes) return unread(file);
    const permit = permitForMachine<'import.do'>();
    const found = await preview(main, permit, bytes, path.basename(file), now());
    if (!found.ok) return refuse(refusalSentence(found));
    if (found.preview.faultCount > 0) return refuse(...faultLines(found.preview));
    const json = { id: found.id, done: !options.preview, preview: found.preview };
    if (options.preview) return { ok: true, lines: lines(found.preview), json };
    const done = await imports.confirm(main, permit, found.id, now(), permitForMachine<'operator.give'>());
    if (!done.ok) return refuse(notDone[done.refusal]());
    await accounts.tellOfAddress(done.from, await postman(), 'nb', now());
    await closePostman();
    return { ok: true, lines: [...lines(found.preview), `${m.import_done_title()}.`], json };
  };

export const units: Command = {
  name: 'import units',
  does: 'Henter enheter fra en CSV-fil. Med --preview vises bare hva som ville blitt endret.',
  args: ['file'],
  options: { preview: {} },
  needs: 'databases',
  run: run(imports.previewUnits),
};

export const people: Command = {
  name: 'import people',
  does: 'Henter ansatte og stillinger fra en CSV-fil. Med --preview vises bare hva som ville blitt endret.',
  args: ['file'],
  options: { preview: {} },
  needs: 'databases',
  run: run(imports.previewPeople),
};

const fileRefusals = {
  size: 'Filen er for stor til å være et spørreskjema.',
  encoding: 'Filen er ikke skrevet i UTF-8.',
  json: 'Filen er ikke JSON.',
};

export const questionnaire: Command = {
  name: 'import questionnaire',
  does: 'Henter et spørreskjema fra en JSON-fil, som en ny versjon.',
  args: ['file'],
  needs: 'databases',
  run: async ({ args }, { main, now }) => {
    const bytes = await readFile(args.file ?? '').catch(() => null);
    if (!bytes) return unread(args.file!);
    const read = questionnaires.read(bytes);
    if (!read.ok)
      return read.refusal === 'faults'
        ? refuse(...read.faults.map((fault) => `${place(fault.path)}: ${sentence(fault)}`))
        : refuse(fileRefusals[read.refusal]);
    const added = await questionnaires.add(main, read.questionnaire, now(), permitForMachine());
    if (!added.ok)
      return refuse(
        added.refusal === 'unchanged'
          ? 'Spørreskjemaet er likt det nyeste som finnes.'
          : 'Et annet slags spørreskjema har alt denne nøkkelen. Velg en annen.',
      );
    const { key } = read.questionnaire;
    return { ok: true, lines: [`${key}, versjon ${added.version}.`], json: { key, ...added } };
  },
};
