import { error } from '@sveltejs/kit';
import type { Actor, Role } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import { address } from '#domain/due.ts';
import * as FollowUp from '#domain/follow-up.ts';
import { isLate, isOver } from '#domain/measure.ts';
import * as Reading from '#domain/reading.ts';
import { next } from '#domain/step.ts';
import { m } from '#messages';
import * as actors from '#server/actors.ts';
import { db } from '#server/db.ts';
import * as due from '#server/due.ts';
import { overview } from '#server/follow-up.ts';
import type { Gate } from '#server/gate.ts';
import * as liveRates from '#server/live-rates.ts';
import type { MeasureRow } from '#server/measures.ts';
import * as enterers from '#server/paper-enterers.ts';
import * as releases from '#server/releases.ts';
import { unitsOf } from '#server/units.ts';
import { read } from '../results/[round]/[unit]/reading.ts';
import type { PageServerLoad } from './$types';

/** After the one thing, so many more; and so many of somebody's own measures. */
const then = 5;
const most = 8;

export const load: PageServerLoad = async ({ locals: { gate, now }, url }) => {
  gate.ask('due.see');
  const { main } = db();
  const actor = gate.actor ?? error(404);
  const today = Day.at(now);
  const { due: waits, mine, led } = await due.waiting(main, actor, now);
  const results = (await releases.list(main, gate)).filter(({ head }) => !head.dryRun && !head.withdrawnAt);
  const noticed = await newest(gate, results, led);
  const linked = waits.map((one) => ({ ...one, href: address(one) }));
  const shown = url.searchParams.has('all') ? linked.length : 1 + then;
  return {
    today,
    first: linked[0] ?? null,
    then: linked.slice(1, shown),
    more: Math.max(0, linked.length - shown),
    next: linked.length > 0 ? null : await due.nextRound(main, await pathsOf(actor), now),
    mine: { count: mine.length, measures: mine.slice(0, most).map((one) => asMine(one, today)) },
    noticed,
    rates: led.length > 0 ? await liveRates.told(main, gate, now, { codes: actor.leads }) : [],
    below: gate.may('follow-up.list') ? await below(gate, actor, now) : null,
    read: {
      said: await saidOf(gate, actor),
      results: results
        .filter(({ head, unit }) => head.roundId === results[0]?.head.roundId && unit.code !== noticed?.code)
        .slice(0, 3)
        .map(({ head, unit }) => ({
          href: resultOf(head.roundId, unit.code),
          unit: unit.name,
          round: head.name,
        })),
      pages: [...(await forms(actor)), ...pages(actor)],
    },
  };
};

const resultOf = (roundId: string, code: string) => `/results/${roundId}/${encodeURIComponent(code)}`;

/** The paper forms that somebody enters. */
const forms = async ({ personId }: Actor) =>
  (await enterers.mine(db().main, personId)).map(({ id, name }) => ({
    href: `/rounds/${id}/entry`,
    text: m.paper_due({ round: name }),
  }));

/** What those read most for whom little is due. */
function pages({ roles }: Actor) {
  const has = (wanted: Role) => roles.some(({ role }) => role === wanted);
  return [
    ...(has('committee')
      ? [
          { href: '/mandates', text: m.shell_mandates() },
          { href: '/reports', text: m.shell_reports() },
        ]
      : []),
    ...(has('operator') ? [{ href: '/rounds', text: m.shell_rounds() }] : []),
  ];
}

const asMine = (one: MeasureRow, today: string) => ({
  id: one.id,
  title: one.title,
  unit: one.unit.name,
  status: one.status,
  dueOn: one.dueOn,
  late: isLate(one, today),
  asked: isOver(one.status),
});

/** What is worth noticing in the newest result of a unit that somebody leads. */
async function newest(gate: Gate, results: releases.Listed[], led: { code: string }[]) {
  const codes = new Set(led.map(({ code }) => code));
  const found = results.find(({ head, unit }) => head.kind !== 'leader' && codes.has(unit.code));
  if (!found) return null;
  const opened = await releases.ofUnit(db().main, gate, found.head.roundId, found.unit.code);
  if (!opened?.figures) return null;
  const at = Reading.ofUnit(opened.figures, found.unit.code, found.head.without.includes(found.unit.code));
  const reading = at?.node && read({ ...opened, figures: opened.figures }, at.node, at.lent, gate.may);
  return {
    ...{ code: found.unit.code, unit: found.unit.name },
    href: resultOf(found.head.roundId, found.unit.code),
    notices: reading ? reading.notices : [],
    above: reading ? (reading.beside.above?.name ?? null) : null,
  };
}

/** How the units that somebody follows, beside those they lead themselves, stand after the newest round. */
async function below(gate: Gate, actor: Actor, now: Date) {
  const sees = (path: string[]) => gate.may('follow-up.see', { path });
  const { round, rows } = await overview(db().main, sees, null, now);
  const others = rows.filter(({ unit }) => !actor.leads.includes(unit.code));
  if (round === null || others.length === 0) return null;
  const { units, stuck, done } = FollowUp.summary(others);
  const behind = FollowUp.filtered(others, { area: null, stuckOnly: true, order: 'behind' });
  return {
    ...{ round: round.name, units, stuck, agreed: done.agreed },
    most: behind.slice(0, 3).map(({ unit, steps, over }) => ({
      href: `/meetings/${round.id}/${encodeURIComponent(unit.code)}`,
      ...{ unit: unit.name, step: next(steps)!.step, over },
    })),
  };
}

/** Where somebody works, leads and has roles, as unit codes from the top; null: everywhere. */
async function pathsOf(actor: Actor): Promise<string[][] | null> {
  if (actor.roles.some(({ unit }) => unit === null)) return null;
  const codes = new Set([...actor.worksIn, ...actor.leads, ...actor.roles.flatMap(({ unit }) => unit ?? [])]);
  return await Promise.all([...codes].map((code) => actors.path(db().main, code)));
}

async function saidOf(gate: Gate, actor: Actor) {
  const units = await unitsOf(db().main, actor.worksIn);
  return units
    .filter(({ code }) => gate.may('said.see', { path: [code] }))
    .map(({ code, name }) => ({ href: `/said/${encodeURIComponent(code)}`, unit: name }));
}
