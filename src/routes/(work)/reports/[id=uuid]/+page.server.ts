import { error, fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { endsOn, isLate, mostWords, startsOn } from '#domain/report.ts';
import { m } from '#messages';
import * as actors from '#server/actors.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as reports from '#server/reports.ts';
import { whenWords } from '#ui/report-words.ts';
import type { Actions, PageServerLoad } from './$types';
import { plain } from './plain.ts';

/** A report that the one who asks may see, with its unit's path. */
async function open(gate: Gate, id: string) {
  gate.ask('report.list');
  const report = (await reports.find(db().main, id)) ?? error(404);
  return { report, path: await actors.path(db().main, report.unit.code) };
}

export const load: PageServerLoad = async ({ locals: { gate, now }, params, url }) => {
  const { report, path } = await open(gate, params.id);
  gate.ask('report.see', { path });
  const isHanded = report.handedAt !== null;
  const mayWrite = !isHanded && gate.may('report.write', { path });
  const content = await reports.content(db().main, report, now);
  const shown = { ...content, words: isHanded || mayWrite ? content.words : '' };
  const { year, period, version } = report;
  const handedOn = report.handedAt && Day.at(report.handedAt);
  return {
    report: { year, period, version, from: startsOn(report), to: endsOn(report), handedOn },
    when: whenWords({ ...report, handedOn }, now),
    late: !isHanded && isLate(report, now),
    mayWrite,
    content: shown,
    plain: plain({ year, period, handedOn }, shown),
    saved: url.searchParams.has('saved'),
  };
};

/** What a field says, with line breaks as they are kept. */
const written = (form: FormData, name: string) => String(form.get(name) ?? '').replaceAll('\r\n', '\n');

async function keep(gate: Gate, id: string, request: Request, verb: 'save' | 'hand', now: Date) {
  const { path } = await open(gate, id);
  const permit = gate.ask('report.write', { path });
  const form = await request.formData();
  const draft = {
    words: written(form, 'words'),
    begun: written(form, 'begun'),
    version: Number(form.get('version')),
  };
  const kept = await reports[verb](db().main, id, draft, now, permit);
  if (kept.ok) redirect(303, `/reports/${id}${verb === 'save' ? '?saved' : ''}`);
  const { words } = draft;
  switch (kept.refusal) {
    case 'unknown':
      error(404);
    case 'conflict': {
      const { theirs, version } = kept;
      return fail(409, { words, begun: theirs, version, theirs, fault: m.report_fault_conflict() });
    }
    case 'handed':
      return fail(409, { ...draft, theirs: null, fault: m.report_fault_handed() });
    case 'no-words':
      return fail(400, { ...draft, theirs: null, fault: m.report_fault_no_words() });
    case 'too-long':
      return fail(400, { ...draft, theirs: null, fault: m.report_fault_too_long({ most: mostWords }) });
  }
}

export const actions: Actions = {
  save: ({ locals: { gate, now }, params, request }) => keep(gate, params.id, request, 'save', now),
  hand: ({ locals: { gate, now }, params, request }) => keep(gate, params.id, request, 'hand', now),
};
