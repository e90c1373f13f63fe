import type { Action } from '#domain/access.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as house from '#server/house.ts';
import { settings } from '#server/settings.ts';
import type { LayoutServerLoad } from './$types';

const pages: { action: Action; href: string; text: () => string }[] = [
  { action: 'due.see', href: '/due', text: m.shell_due },
  { action: 'result.list', href: '/results', text: m.shell_results },
  { action: 'meeting.list', href: '/meetings', text: m.shell_meetings },
  { action: 'measure.see', href: '/measures', text: m.shell_measures },
  { action: 'plan.see', href: '/plans', text: m.shell_plans },
  { action: 'report.list', href: '/reports', text: m.shell_reports },
  { action: 'mandate.see', href: '/mandates', text: m.shell_mandates },
  { action: 'follow-up.list', href: '/follow-up', text: m.shell_follow_up },
  { action: 'calendar.see', href: '/calendar', text: m.shell_calendar },
  { action: 'round.see', href: '/rounds', text: m.shell_rounds },
  { action: 'questionnaire.see', href: '/questionnaires', text: m.shell_questionnaires },
  { action: 'unit.see', href: '/units', text: m.shell_units },
  { action: 'person.see', href: '/people', text: m.shell_people },
  { action: 'import.do', href: '/imports', text: m.shell_imports },
];

export const load: LayoutServerLoad = async ({ locals, url }) => {
  locals.gate.loading();
  const { name, demo } = await house.read(db().main);
  const query = [...url.searchParams].filter(([key]) => !key.startsWith('/'));
  return {
    shell: {
      municipality: name || settings().MUNICIPALITY,
      demo,
      name: locals.gate.actor?.name ?? null,
      nav: pages
        .filter(({ action }) => locals.gate.may(action))
        .map(({ href, text }) => ({ href, text: text() })),
      back: url.pathname + (query.length > 0 ? `?${new URLSearchParams(query)}` : ''),
    },
  };
};
