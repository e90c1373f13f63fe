import * as Release from '#domain/release.ts';
import type { PageServerLoad } from './$types';
import { open, resultOf } from '../open.ts';

export const load: PageServerLoad = async ({ params, locals: { gate, now } }) => {
  const { course, opened, href } = await open(gate, params, now);
  const { figures } = opened;
  const own = figures && Release.nodeOfUnit(figures, course.unit.code);
  return {
    unit: course.unit.name,
    round: course.round.name,
    href,
    result: resultOf(course.round.id, course.unit.code),
    borrowed: !own || !figures || !Release.isShown(figures, own.id),
  };
};
