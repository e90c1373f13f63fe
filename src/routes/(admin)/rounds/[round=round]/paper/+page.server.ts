import { error, fail, redirect } from '@sveltejs/kit';
import { underWay } from '#domain/round.ts';
import { m } from '#messages';
import * as actors from '#server/actors.ts';
import { db } from '#server/db.ts';
import { nodeName } from '#server/node-names.ts';
import * as enterers from '#server/paper-enterers.ts';
import * as rounds from '#server/rounds.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('paper.give');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  const nodes = found.tree?.nodes ?? [];
  const groups = nodes.filter(({ group }) => group);
  const list = await enterers.list(main, found.id);
  return {
    round: { id: found.id, name: found.name, live: underWay.includes(found.state) },
    enterers: await Promise.all(
      list.map(async ({ personId, ...rest }) => {
        const actor = await actors.actor(main, personId, locals.now);
        const may = actor && (await enterers.groupsOf(main, found, actor, locals.now));
        const not = groups.filter(({ id }) => !may?.has(id));
        return { ...rest, not: not.map((node) => nodeName(node, nodes, locals.locale)) };
      }),
    ),
  };
};

const refusals: Record<enterers.GiveRefusal, () => string> = {
  'wrong-state': m.paper_who_fault_wrong_state,
  'unknown-person': m.paper_who_fault_unknown_person,
  'to-oneself': m.paper_who_fault_to_oneself,
  'has-it': m.paper_who_fault_has_it,
  printed: m.paper_who_fault_printed,
  'every-group': m.paper_who_fault_every_group,
};

export const actions: Actions = {
  give: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('paper.give');
    const { main } = db();
    const found = (await rounds.find(main, params.round)) ?? error(404);
    const who = String((await request.formData()).get('who') ?? '').slice(0, 200);
    const given = await enterers.give(main, found, who, locals.now, permit);
    const faults: Record<string, string> = given.ok ? {} : { who: refusals[given.refusal]() };
    if (!given.ok) return fail(400, { who, faults });
    redirect(303, `/rounds/${found.id}/paper`);
  },
  take: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('paper.give');
    const id = String((await request.formData()).get('id') ?? '');
    await enterers.take(db().main, params.round, id, locals.now, permit);
    redirect(303, `/rounds/${params.round}/paper`);
  },
};
