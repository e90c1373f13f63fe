import { error, fail, redirect } from '@sveltejs/kit';
import * as Code from '#domain/code.ts';
import * as Day from '#domain/day.ts';
import { m } from '#messages';
import * as codes from '#server/codes.ts';
import { asksCrowd } from '#server/crowds.ts';
import { db } from '#server/db.ts';
import { nodeName } from '#server/node-names.ts';
import * as rounds from '#server/rounds.ts';
import type { Actions, PageServerLoad } from './$types';

type Refusal = codes.PrintRefusal | 'to' | 'by' | 'comments';
const refusals: Record<Refusal, () => string> = {
  to: m.paper_refused_to,
  by: m.paper_refused_by,
  comments: m.paper_refused_comments,
  enters: m.paper_refused_enters,
  nothing: m.code_refused_nothing,
  'wrong-state': m.code_refused_wrong_state,
};

export const load: PageServerLoad = async ({ locals, params, url }) => {
  locals.gate.ask('code.list');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  const nodes = found.tree?.nodes ?? [];
  const stock = await codes.stock(main, found);
  const allowed = await codes.mine(main, locals.gate, found);
  const names = await codes.handed(main, found.id);
  const refused = url.searchParams.get('refused');
  return {
    round: { id: found.id, name: found.name, state: found.state, sms: found.sms },
    reminders: found.reminders.map((days) => Day.plus(Day.at(found.opensAt), days)),
    crowd: await asksCrowd(main, found),
    groups: nodes.flatMap((node) => {
      const its = stock.get(node.id);
      if (!its) return [];
      const name = nodeName(node, nodes, locals.locale);
      return [{ id: node.id, name, ...its, left: Code.left(its), mine: allowed.has(node.id) }];
    }),
    names: nodes.flatMap((node) =>
      names.has(node.id) && allowed.has(node.id)
        ? [{ id: node.id, name: nodeName(node, nodes, locals.locale), names: names.get(node.id)! }]
        : [],
    ),
    faults: refused !== null && Object.hasOwn(refusals, refused) ? faultAt(refused as Refusal) : null,
    paper: {
      to: (url.searchParams.get('to') ?? '').slice(0, 120),
      by: url.searchParams.get('by')?.slice(0, 20) ?? Day.plus(Day.at(found.stopsAt), -3),
    },
  };
};

/** Said at the field it is about. */
const faultAt = (refused: Refusal): Record<string, string> => ({
  [refused === 'to' || refused === 'by' ? refused : 'print']: refusals[refused](),
});

export const actions: Actions = {
  void: async ({ locals, params, request }) => {
    locals.gate.ask('code.list');
    const { main } = db();
    const found = (await rounds.find(main, params.round)) ?? error(404);
    const group = String((await request.formData()).get('group') ?? '');
    const done = await codes.voidPrinted(main, locals.gate, found, group, locals.now);
    if (!done.ok) return fail(400, { faults: { print: refusals[done.refusal]() } as Record<string, string> });
    redirect(303, `/rounds/${found.id}/codes`);
  },
};
