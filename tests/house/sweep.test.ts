import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '#domain/access.ts';
import { addTheme, type Draft } from '#domain/draft.ts';
import * as Mandate from '#domain/mandate.ts';
import { offices } from '#domain/witness.ts';
import * as agreements from '#server/agreements.ts';
import * as clock from '#server/clock.ts';
import { close } from '#server/closing.ts';
import * as drafts from '#server/drafts.ts';
import * as evaluations from '#server/evaluations.ts';
import * as goals from '#server/goals.ts';
import * as holders from '#server/holders.ts';
import { newLink } from '#server/invitations.ts';
import * as mandates from '#server/mandates.ts';
import * as measures from '#server/measures.ts';
import * as meetings from '#server/meetings.ts';
import * as plans from '#server/plans.ts';
import * as programmes from '#server/programmes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { answer, partsOf, prepare } from '#server/respondent.ts';
import * as rounds from '#server/rounds.ts';
import {
  commentReader,
  person,
  point,
  position,
  questionnaire,
  report,
  role,
  round,
  unit,
  witness,
} from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { must } from '#tests/support/must.ts';
import { type Program, startProgram } from '#tests/support/program.ts';
import {
  approvedRound,
  frozen,
  invitationsOf,
  permit,
  roleHolders,
  someAnswers,
  town,
} from '#tests/support/town.ts';

/*
 * Every address of the house, found in the file system, asked for by everybody. A new page, form action or address
 * fails here until it says below whom it is for.
 */

const everybody = [
  ...['stranger', 'employee', 'leader', 'director', 'union', 'safety'],
  ...['quality', 'dpo', 'committee', 'hr', 'operator', 'outside'],
] as const;
type Who = (typeof everybody)[number];
/** Leads, works or has the role in or for department A; director, quality adviser and committee: the area above, H. */
const roles: Partial<Record<Role, string | null>> = {
  ...{ union: 'A', safety: 'A', quality: 'H', committee: 'H' },
  ...{ dpo: null, hr: null, operator: null },
};

type Case = { at: string; with?: Record<string, string>; json?: object; gives(who: Who): string };
type Row = Case | Case[];

const nobodyElse = (who: Who) => (who === 'stranger' ? 'sign-in' : '404');
/** For these alone; a stranger is led to sign in, and for others there is no such thing. */
const only =
  (...allowed: Who[]) =>
  (gives: string, at: string, more: Partial<Case> = {}): Case => ({
    at,
    ...more,
    gives: (who) => (allowed.includes(who) ? gives : nobodyElse(who)),
  });
const anybody = (gives: string, at: string, more: Partial<Case> = {}): Case => ({
  at,
  ...more,
  gives: () => gives,
});

const signedIn = only(...everybody.filter((who) => who !== 'stranger'));
/** Works or leads here, or has a role. */
const belongs = only(...everybody.filter((who) => who !== 'stranger' && who !== 'outside'));
const hr = only('hr');
const operator = only('operator');
const keepers = only('hr', 'operator');
const outside = only('outside');
const representatives = only('union', 'safety');
const roundReadersAnd = (...more: Who[]): Who[] => [
  ...(['hr', 'operator', 'union', 'safety', 'dpo', 'quality'] as const),
  ...more,
];
const roundReaders = only(...roundReadersAnd());
const treeReaders = only('hr', 'operator', 'dpo', 'quality', 'leader', 'director');
const calendarReaders = only(
  ...(['hr', 'operator', 'union', 'safety', 'quality', 'dpo', 'leader', 'director'] as const),
);
const questionnaireReaders = only(
  ...(['hr', 'operator', 'union', 'safety', 'quality', 'dpo', 'committee', 'leader', 'director'] as const),
);
const followers = only('hr', 'quality', 'leader', 'director');
const measureWriters = only('leader', 'director', 'quality', 'hr');
const mandateReaders = only(
  ...(['hr', 'union', 'safety', 'quality', 'committee', 'leader', 'director'] as const),
);
const mandateKeepers = only('hr', 'quality');
/** Of a plan for A. */
const planners = only('hr', 'leader', 'director', 'quality');
/** Of PLANNED. */
const evaluationReaders = only('leader', 'director');
const keyHolders = only('dpo', 'union', 'safety');
const above = ['hr', 'director', 'quality', 'committee'] as const;
const results = (file: string) => [
  only(...above, 'leader', 'union', 'safety', 'employee')('200', `/results/CLOSED/A${file}`),
  only(...above)('200', `/results/CLOSED/B${file}`),
  only(...above)('200', `/results/CLOSED/H${file}`),
  only('hr')('200', `/results/CLOSED/K${file}`),
  signedIn('404', `/results/NOWHERE/A${file}`),
];

const meetingReaders = only(...above, 'leader', 'union', 'safety', 'employee');
const meetingLeaders = only('leader', 'director');
const ways = (page: string) => [
  meetingReaders('200', `/meetings/CLOSED/A${page}`),
  only(...above)('200', `/meetings/CLOSED/B${page}`),
  only('hr')('200', `/meetings/CLOSED/K${page}`),
  signedIn('404', `/meetings/NOWHERE/A${page}`),
];

// CLOSED, OPEN, PLANNED and HELD are rounds, ASKED a questionnaire, RECURS a programme of odd years, BESIDE one of department B, SOMEBODY a person; NOWHERE and NOBODY are not there.
const table: Record<string, Row> = {
  'GET /': {
    at: '/',
    gives: (who) => (who === 'stranger' ? 'sign-in' : 'leads to /due'),
  },
  'GET /promise': anybody('200', '/promise'),
  'GET /healthz': anybody('200', '/healthz'),
  'GET /readyz': anybody('200', '/readyz'),
  'POST /language': anybody('leads to /', '/language', { with: { locale: 'nn' } }),
  'GET /demo/mail': anybody('404', '/demo/mail'),
  'POST /demo/be': anybody('404', '/demo/be', { with: { part: 'operator' } }),
  'GET /demo/paper': anybody('404', '/demo/paper'),
  'POST /demo/paper?/default': anybody('404', '/demo/paper', { with: { part: 'code' } }),

  'GET /sign-in': { at: '/sign-in', gives: (who) => (who === 'stranger' ? '200' : 'leads to /') },
  'POST /sign-in?/link': anybody('refused 400', '/sign-in?/link'),
  'POST /sign-in?/password': anybody('refused 400', '/sign-in?/password'),
  'GET /sign-in/[secret]': anybody('200', '/sign-in/none'),
  'POST /sign-in/[secret]?/default': anybody('refused 400', '/sign-in/none'),
  'POST /sign-out': anybody('sign-in', '/sign-out'),
  'GET /account': signedIn('200', '/account'),
  'POST /account?/password': signedIn('refused 400', '/account?/password'),
  'POST /account?/sign-out-everywhere': signedIn('sign-in', '/account?/sign-out-everywhere'),

  'GET /(answer)/svar/[round]/[...path]': anybody('200', '/svar/OPEN/nb'),
  'POST /(answer)/svar/[round]/invitation': anybody('404', '/svar/OPEN/invitation', { json: {} }),
  'POST /(answer)/svar/[round]/issue': anybody('404', '/svar/OPEN/issue', { json: {} }),
  'GET /(answer)/svar/[round]/receipts.txt': [
    anybody('200', '/svar/CLOSED/receipts.txt'),
    anybody('404', '/svar/OPEN/receipts.txt'),
  ],
  // Drawn codes. OPEN is a round of employees who all have an address.
  'GET /(answer)/svar/[round]/[language]/uten-skript': anybody('404', '/svar/OPEN/nb/uten-skript'),
  'POST /(answer)/svar/[round]/uten-skript': anybody('404', '/svar/OPEN/uten-skript'),
  'GET /(admin)/rounds/[round]/codes': hr('200', '/rounds/OPEN/codes'),
  'POST /(admin)/rounds/[round]/codes?/void': hr('refused 400', '/rounds/OPEN/codes?/void'),
  'POST /(admin)/rounds/[round]/codes/print': hr(
    'leads to /rounds/OPEN/codes?refused=nothing',
    '/rounds/OPEN/codes/print',
  ),
  'GET /(admin)/rounds/[round]/codes/reminder.pdf': hr(
    'leads to /rounds/OPEN/codes?refused=nothing',
    '/rounds/OPEN/codes/reminder.pdf',
  ),
  'GET /(admin)/rounds/[round]/poster.pdf': roundReaders('200', '/rounds/OPEN/poster.pdf'),
  // help: only a round that asks residents has such a page.
  'GET /(admin)/rounds/[round]/help': hr('404', '/rounds/PLANNED/help'),
  'POST /(admin)/rounds/[round]/help?/default': hr('404', '/rounds/PLANNED/help'),
  'GET /(admin)/rounds/[round]/outcomes': hr('404', '/rounds/CLOSED/outcomes'),
  'POST /(admin)/rounds/[round]/outcomes?/default': hr('404', '/rounds/CLOSED/outcomes'),
  'GET /(admin)/rounds/[round]/numbers': hr('404', '/rounds/PLANNED/numbers'),
  'POST /(admin)/rounds/[round]/numbers?/default': hr('404', '/rounds/PLANNED/numbers'),
  // Paper forms. Nobody enters those of OPEN, and PLANNED is not frozen.
  'GET /(admin)/rounds/[round]/paper': [hr('200', '/rounds/OPEN/paper'), hr('200', '/rounds/PLANNED/paper')],
  'POST /(admin)/rounds/[round]/paper?/give': hr('refused 400', '/rounds/OPEN/paper?/give'),
  'POST /(admin)/rounds/[round]/paper?/take': hr('leads to /rounds/OPEN/paper', '/rounds/OPEN/paper?/take'),
  'GET /(admin)/rounds/[round]/entry': signedIn('404', '/rounds/OPEN/entry'),
  'POST /(admin)/rounds/[round]/entry?/send': signedIn('404', '/rounds/OPEN/entry?/send'),
  'POST /(admin)/rounds/[round]/entry?/more': signedIn('404', '/rounds/OPEN/entry?/more'),
  'GET /(answer)/sjekk/[round]': anybody('200', '/sjekk/OPEN'),
  'OPTIONS /(answer)/box/[round]': anybody('204', '/box/OPEN'),
  'POST /(answer)/box/[round]': anybody('400', '/box/OPEN', { json: {} }),

  // Witnesses.
  'GET /(answer)/box/[round]': [signedIn('404', '/box/PLANNED'), signedIn('404', '/box/OPEN')],
  'GET /(witness)/witness/script': anybody('200', '/witness/script'),
  'POST /(witness)/svar/[round]/release': keyHolders('409', '/svar/PLANNED/release', { json: {} }),
  'GET /(admin)/rounds/[round]/witnesses': keepers('200', '/rounds/PLANNED/witnesses'),
  'POST /(admin)/rounds/[round]/witnesses?/default': keepers('refused 400', '/rounds/PLANNED/witnesses'),
  'GET /(admin)/rounds/[round]/sheet': [
    keyHolders('200', '/rounds/PLANNED/sheet'),
    signedIn('404', '/rounds/OPEN/sheet'),
  ],
  'POST /(admin)/rounds/[round]/sheet?/keep': keyHolders('refused 400', '/rounds/PLANNED/sheet?/keep'),
  'POST /(admin)/rounds/[round]/sheet?/paste': keyHolders('refused 400', '/rounds/PLANNED/sheet?/paste'),
  'POST /(admin)/rounds/[round]/sheet?/lost': keyHolders(
    'leads to /rounds/PLANNED/sheet',
    '/rounds/PLANNED/sheet?/lost',
  ),
  'GET /(admin)/rounds/[round]/opening': [
    keyHolders('200', '/rounds/PLANNED/opening'),
    signedIn('404', '/rounds/OPEN/opening'),
  ],
  'POST /(admin)/rounds/[round]/opening?/confirm': keyHolders(
    'refused 400',
    '/rounds/PLANNED/opening?/confirm',
  ),
  'POST /(admin)/rounds/[round]?/rehearse': keepers('refused 400', '/rounds/OPEN?/rehearse'),

  // Comments. OPEN was frozen without; readers are named afterwards, past the rules.
  'GET /(admin)/rounds/[round]/comments': [
    hr('200', '/rounds/PLANNED/comments'),
    hr('404', '/rounds/NOWHERE/comments'),
  ],
  'POST /(admin)/rounds/[round]/comments?/default': hr('refused 400', '/rounds/PLANNED/comments'),
  'GET /(admin)/rounds/[round]/reading': [
    only('dpo', 'quality')('200', '/rounds/OPEN/reading'),
    signedIn('404', '/rounds/PLANNED/reading'),
  ],
  'POST /(admin)/rounds/[round]/reading?/open': only('dpo', 'quality')(
    'refused 400',
    '/rounds/OPEN/reading?/open',
  ),
  'POST /(admin)/rounds/[round]/reading?/mark': only('dpo', 'quality')(
    'refused 400',
    '/rounds/OPEN/reading?/mark',
  ),
  'GET /(work)/results/[round]/[unit]/comments.csv': signedIn('404', '/results/CLOSED/A/comments.csv'),

  'GET /(work)/results': signedIn('200', '/results'),
  'GET /(work)/results/[round]/[unit]': results(''),
  'GET /(work)/results/[round]/[unit]/figures.csv': results('/figures.csv'),
  'GET /(work)/results/[round]/[unit]/figures.xlsx': results('/figures.xlsx'),

  // What is due, and how far every unit has come.
  'GET /(work)/due': signedIn('200', '/due'),
  'GET /(work)/follow-up': followers('200', '/follow-up'),
  'GET /(work)/follow-up/units.csv': followers('200', '/follow-up/units.csv?stuck=only'),
  'GET /(work)/follow-up/units.xlsx': followers('200', '/follow-up/units.xlsx'),
  // said: those who work in the unit and those who follow it.
  'GET /(work)/said': signedIn('200', '/said'),
  'GET /(work)/said/[unit]': [
    only('hr', 'director', 'quality', 'leader', 'union', 'safety', 'employee')('200', '/said/A'),
    only('hr', 'director', 'quality')('200', '/said/B'),
    only('hr', 'director', 'quality')('200', '/said/H?round=NOWHERE'),
    signedIn('404', '/said/NO-SUCH'),
  ],
  // Measures. MEASURE is department A's, and the employee's own.
  'GET /(work)/measures': [
    belongs('200', '/measures'),
    belongs('200', '/measures?of=all&unit=A&status=done&only=late&q=avvik'),
  ],
  'GET /(work)/measures/lookup': belongs('200', '/measures/lookup?q=avvik'),
  'GET /(work)/measures/new': [
    measureWriters('200', '/measures/new'),
    measureWriters('200', '/measures/new?unit=A'),
    only('director', 'quality', 'hr')('200', '/measures/new?unit=B'),
    signedIn('404', '/measures/new?unit=NOWHERE'),
    signedIn('404', '/measures/new?unit=A&point=NOBODY'),
    signedIn('404', '/measures/new?goal=TOPGOAL'),
  ],
  'POST /(work)/measures/new?/save': measureWriters('refused 400', '/measures/new?/save&unit=A'),
  'POST /(work)/measures/new?/look': measureWriters('200', '/measures/new?/look&unit=A'),
  'POST /(work)/measures/new?/use': measureWriters('404', '/measures/new?/use&unit=A', {
    with: { from: 'NOBODY' },
  }),
  'GET /(work)/measures/[id]': [belongs('200', '/measures/MEASURE'), signedIn('404', '/measures/NOBODY')],
  'POST /(work)/measures/[id]?/status': only(
    ...(['leader', 'director', 'quality', 'hr', 'employee'] as const),
  )('refused 400', '/measures/MEASURE?/status'),
  'POST /(work)/measures/[id]?/answer': only(
    ...(['leader', 'director', 'quality', 'hr', 'employee'] as const),
  )('refused 400', '/measures/MEASURE?/answer'),
  'POST /(work)/measures/[id]?/place': measureWriters('refused 400', '/measures/MEASURE?/place'),
  'POST /(work)/measures/[id]?/displace': measureWriters(
    'leads to /measures/MEASURE?done=placed#places',
    '/measures/MEASURE?/displace',
  ),
  'GET /(work)/measures/[id]/edit': [
    measureWriters('200', '/measures/MEASURE/edit'),
    signedIn('404', '/measures/NOBODY/edit'),
  ],
  'POST /(work)/measures/[id]/edit?/default': measureWriters('refused 400', '/measures/MEASURE/edit', {
    with: { version: '1' },
  }),
  // meeting: a unit's way from result to agreed points; POINT is one of A's.
  'GET /(work)/meetings': only(
    ...above.filter((who) => who !== 'committee'),
    'employee',
    'leader',
    'union',
    'safety',
  )('200', '/meetings'),
  'GET /(work)/meetings/[round]/[unit]': ways(''),
  'GET /(work)/meetings/[round]/[unit]/guide': ways('/guide'),
  'GET /(work)/meetings/[round]/[unit]/minutes': meetingReaders('200', '/meetings/CLOSED/A/minutes'),
  'GET /(work)/meetings/[round]/[unit]/minutes.txt': meetingReaders('200', '/meetings/CLOSED/A/minutes.txt'),
  'GET /(work)/meetings/[round]/[unit]/decide': meetingLeaders('200', '/meetings/CLOSED/A/decide'),
  'POST /(work)/meetings/[round]/[unit]/decide?/default': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/decide',
  ),
  'POST /(work)/meetings/[round]/[unit]?/received': meetingLeaders(
    'leads to /meetings/CLOSED/A',
    '/meetings/CLOSED/A?/received',
  ),
  'POST /(work)/meetings/[round]/[unit]?/prepared': meetingLeaders(
    'leads to /meetings/CLOSED/A',
    '/meetings/CLOSED/A?/prepared',
  ),
  'POST /(work)/meetings/[round]/[unit]?/presented': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A?/presented',
  ),
  'POST /(work)/meetings/[round]/[unit]?/agree': meetingLeaders('refused 400', '/meetings/CLOSED/A?/agree'),
  'POST /(work)/meetings/[round]/[unit]?/confirm': only('union', 'safety')(
    'refused 400',
    '/meetings/CLOSED/A?/confirm',
  ),
  'POST /(work)/meetings/[round]/[unit]?/remark': only('union', 'safety')(
    'refused 400',
    '/meetings/CLOSED/A?/remark',
  ),
  'GET /(work)/meetings/[round]/[unit]/points/[point]': [
    meetingReaders('200', '/meetings/CLOSED/A/points/POINT'),
    signedIn('404', '/meetings/CLOSED/B/points/POINT'),
    signedIn('404', '/meetings/CLOSED/A/points/NOBODY'),
  ],
  'POST /(work)/meetings/[round]/[unit]/points/[point]?/add': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/points/POINT?/add',
  ),
  'POST /(work)/meetings/[round]/[unit]/points/[point]?/change': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/points/POINT?/change',
  ),
  'POST /(work)/meetings/[round]/[unit]/points/[point]?/remove': meetingLeaders(
    'leads to /meetings/CLOSED/A/points/POINT#causes',
    '/meetings/CLOSED/A/points/POINT?/remove',
  ),
  // Mandates and reports.
  'GET /(work)/mandates': mandateReaders('200', '/mandates'),
  'GET /(work)/mandates/new': mandateKeepers('200', '/mandates/new'),
  'POST /(work)/mandates/new?/preview': mandateKeepers('refused 400', '/mandates/new?/preview'),
  'POST /(work)/mandates/new?/save': mandateKeepers('refused 400', '/mandates/new?/save'),
  'GET /(work)/mandates/[id]': [
    mandateReaders('200', '/mandates/MANDATE'),
    mandateReaders('404', '/mandates/NOBODY'),
  ],
  'GET /(work)/mandates/[id]/status.xlsx': mandateReaders('200', '/mandates/MANDATE/status.xlsx'),
  'GET /(work)/mandates/[id]/edit': mandateKeepers('200', '/mandates/MANDATE/edit'),
  'POST /(work)/mandates/[id]/edit?/default': mandateKeepers('refused 400', '/mandates/MANDATE/edit', {
    with: { 'begun-title': 'Points' },
  }),
  'GET /(work)/mandates/[id]/items/new': mandateKeepers('200', '/mandates/MANDATE/items/new'),
  'POST /(work)/mandates/[id]/items/new?/preview': mandateKeepers(
    '200',
    '/mandates/MANDATE/items/new?/preview',
  ),
  'POST /(work)/mandates/[id]/items/new?/save': mandateKeepers(
    'refused 400',
    '/mandates/MANDATE/items/new?/save',
  ),
  'GET /(work)/mandates/[id]/items/[item]': [
    mandateKeepers('200', '/mandates/MANDATE/items/ITEM?q=walk'),
    mandateKeepers('404', '/mandates/MANDATE/items/NOBODY'),
  ],
  'POST /(work)/mandates/[id]/items/[item]?/save': mandateKeepers(
    'refused 400',
    '/mandates/MANDATE/items/ITEM?/save',
    { with: { 'begun-text': 'Walk' } },
  ),
  'POST /(work)/mandates/[id]/items/[item]?/remove': mandateKeepers(
    '404',
    '/mandates/MANDATE/items/NOBODY?/remove',
  ),
  'POST /(work)/mandates/[id]/items/[item]?/tie': mandateKeepers(
    'refused 409',
    '/mandates/MANDATE/items/ITEM?/tie',
  ),
  'POST /(work)/mandates/[id]/items/[item]?/untie': mandateKeepers(
    'leads to /mandates/MANDATE/items/ITEM',
    '/mandates/MANDATE/items/ITEM?/untie',
  ),
  'GET /(work)/reports': mandateReaders('200', '/reports'),
  'GET /(work)/reports/[id]': [
    only(...above, 'leader', 'union', 'safety')('200', '/reports/REPORTA'),
    only(...above)('200', '/reports/REPORTB'),
    only('hr')('200', '/reports/REPORTK'),
    mandateReaders('404', '/reports/NOBODY'),
  ],
  'POST /(work)/reports/[id]?/save': [
    only('leader', 'director')('leads to /reports/REPORTA?saved', '/reports/REPORTA?/save', {
      with: { version: '1' },
    }),
    only('director')('leads to /reports/REPORTB?saved', '/reports/REPORTB?/save', { with: { version: '1' } }),
  ],
  'POST /(work)/reports/[id]?/hand': only('leader', 'director')('refused 400', '/reports/REPORTA?/hand', {
    with: { version: '1' },
  }),
  // plan
  'GET /(work)/plans': belongs('200', '/plans?unit=A'),
  'GET /(work)/plans/new': planners('200', '/plans/new'),
  'POST /(work)/plans/new?/default': planners('refused 400', '/plans/new'),
  'GET /(work)/plans/[id]': [belongs('200', '/plans/APLAN'), signedIn('404', '/plans/NOBODY')],
  'POST /(work)/plans/[id]?/remark': only('union', 'safety')('refused 400', '/plans/APLAN?/remark'),
  'GET /(work)/plans/[id]/plan.csv': belongs('200', '/plans/APLAN/plan.csv'),
  'GET /(work)/plans/[id]/plan.xlsx': belongs('200', '/plans/APLAN/plan.xlsx'),
  'GET /(work)/plans/[id]/plan.txt': belongs('200', '/plans/APLAN/plan.txt'),
  'GET /(work)/plans/[id]/goals': [
    planners('200', '/plans/APLAN/goals'),
    signedIn('404', '/plans/NOBODY/goals'),
  ],
  'POST /(work)/plans/[id]/goals?/suggest': planners('refused 400', '/plans/APLAN/goals?/suggest'),
  'POST /(work)/plans/[id]/goals?/add': planners('refused 400', '/plans/APLAN/goals?/add'),
  'POST /(work)/plans/[id]/goals?/edit': planners('refused 400', '/plans/APLAN/goals?/edit', {
    with: { id: 'no id', text: 'x' },
  }),
  'POST /(work)/plans/[id]/goals?/shift': planners('refused 400', '/plans/APLAN/goals?/shift'),
  'POST /(work)/plans/[id]/goals?/move': planners('refused 400', '/plans/APLAN/goals?/move'),
  'POST /(work)/plans/[id]/goals?/remove': planners(
    'leads to /plans/APLAN/goals',
    '/plans/APLAN/goals?/remove',
  ),
  'GET /(work)/plans/[id]/measures': planners('200', '/plans/APLAN/measures'),
  'POST /(work)/plans/[id]/measures?/place': planners('refused 400', '/plans/APLAN/measures?/place', {
    with: { measure: 'no id', goal: 'no id' },
  }),
  'POST /(work)/plans/[id]/measures?/move': planners('refused 400', '/plans/APLAN/measures?/move'),
  'POST /(work)/plans/[id]/measures?/out': planners('refused 400', '/plans/APLAN/measures?/out'),
  'GET /(work)/plans/[id]/agreements/new': planners('200', '/plans/APLAN/agreements/new'),
  'POST /(work)/plans/[id]/agreements/new?/default': planners('refused 400', '/plans/APLAN/agreements/new'),
  'GET /(work)/plans/[id]/agreements/[agreement]': [
    belongs('200', '/plans/APLAN/agreements/AGREEMENT'),
    signedIn('404', '/plans/APLAN/agreements/NOBODY'),
  ],

  // The live meeting: its leader, its wall, its phones.
  'GET /(work)/meetings/[round]/[unit]/live': [
    meetingLeaders('200', '/meetings/CLOSED/A/live'),
    only('director')('200', '/meetings/CLOSED/B/live'),
    signedIn('404', '/meetings/NOWHERE/A/live'),
  ],
  'POST /(work)/meetings/[round]/[unit]/live?/open': [
    meetingLeaders('leads to /meetings/CLOSED/A/live', '/meetings/CLOSED/A/live?/open'),
    signedIn('404', '/meetings/OPEN/A/live?/open'),
  ],
  'POST /(work)/meetings/[round]/[unit]/live?/go': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/live?/go',
  ),
  'POST /(work)/meetings/[round]/[unit]/live?/add': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/live?/add',
  ),
  'POST /(work)/meetings/[round]/[unit]/live?/drop': [
    meetingLeaders('refused 400', '/meetings/CLOSED/A/live?/drop'),
    only('director')('refused 400', '/meetings/CLOSED/B/live?/drop'),
  ],
  'POST /(work)/meetings/[round]/[unit]/live?/plan': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/live?/plan',
  ),
  'POST /(work)/meetings/[round]/[unit]/live?/held': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/live?/held',
  ),
  'POST /(work)/meetings/[round]/[unit]/live?/cancel': meetingLeaders(
    'leads to /meetings/CLOSED/A/live#sittings',
    '/meetings/CLOSED/A/live?/cancel',
    { with: { id: 'none' } },
  ),
  'GET /(work)/meetings/[round]/[unit]/screen': ways('/screen'),
  'GET /(work)/meetings/[round]/[unit]/turn': ways('/turn'),
  'GET /(meeting)/m': anybody('200', '/m'),
  'POST /(meeting)/m?/default': anybody('refused 400', '/m', { with: { code: 'zzz zzz' } }),
  'GET /(meeting)/m/[code]': anybody('200', '/m/zzzzzz'),
  'GET /(meeting)/m/[code]/turn': anybody('200', '/m/zzzzzz/turn'),
  'POST /(meeting)/m/[code]?/join': anybody('refused 400', '/m/zzzzzz?/join'),
  'POST /(meeting)/m/[code]?/propose': anybody('refused 400', '/m/zzzzzz?/propose'),
  'POST /(meeting)/m/[code]?/vote': anybody('refused 400', '/m/zzzzzz?/vote'),

  'GET /(admin)/units': treeReaders('200', '/units'),
  'GET /(admin)/people': keepers('200', '/people?q=Person'),
  'POST /(admin)/people?/add': keepers('refused 400', '/people?/add'),
  'GET /(admin)/people/[id]': keepers('200', '/people/SOMEBODY'),
  'POST /(admin)/people/[id]?/give': [
    keepers('refused 400', '/people/SOMEBODY?/give', { with: { role: 'emperor' } }),
    operator('refused 400', '/people/NOBODY?/give', { with: { role: 'operator' } }),
  ],
  'POST /(admin)/people/[id]?/take': [
    keepers('refused 409', '/people/SOMEBODY?/take', { with: { id: randomUUID() } }),
    keepers('refused 409', '/people/SOMEBODY?/take'),
    operator('refused 409', '/people/SOMEBODY?/take', { with: { id: 'OPERATORSROLE' } }),
  ],
  'POST /(admin)/people/[id]?/invite': keepers('refused 409', '/people/NOBODY?/invite'),
  'POST /(admin)/people/[id]?/end': keepers('refused 409', '/people/NOBODY?/end'),
  'GET /(admin)/imports': keepers('200', '/imports'),
  'POST /(admin)/imports?/units': keepers('refused 400', '/imports?/units'),
  'POST /(admin)/imports?/people': keepers('refused 400', '/imports?/people'),
  'GET /(admin)/imports/[id]': keepers('404', '/imports/NOBODY'),
  'POST /(admin)/imports/[id]?/confirm': keepers('refused 409', '/imports/NOBODY?/confirm'),
  'POST /(admin)/imports/[id]?/undo': keepers('refused 409', '/imports/NOBODY?/undo'),

  'GET /(admin)/questionnaires': questionnaireReaders('200', '/questionnaires'),
  'GET /(admin)/questionnaires/[id]': questionnaireReaders('200', '/questionnaires/ASKED'),
  'GET /(admin)/questionnaires/[id]/file': questionnaireReaders('200', '/questionnaires/ASKED/file'),
  // Drafts of questionnaires. DRAFT is one of the extraordinary survey, with a theme that is empty.
  'GET /(admin)/questionnaires/drafts/new': hr('200', '/questionnaires/drafts/new'),
  'POST /(admin)/questionnaires/drafts/new?/from': [
    hr('leads to /questionnaires/drafts/DRAFT', '/questionnaires/drafts/new?/from', {
      with: { id: 'DRAWN' },
    }),
    hr('404', '/questionnaires/drafts/new?/from', { with: { id: 'NOBODY' } }),
  ],
  'POST /(admin)/questionnaires/drafts/new?/empty': hr('refused 400', '/questionnaires/drafts/new?/empty'),
  'GET /(admin)/questionnaires/drafts/[id]': [
    hr('200', '/questionnaires/drafts/DRAFT'),
    hr('404', '/questionnaires/drafts/NOBODY'),
  ],
  'POST /(admin)/questionnaires/drafts/[id]?/theme': hr('refused 400', '/questionnaires/drafts/DRAFT?/theme'),
  'POST /(admin)/questionnaires/drafts/[id]?/move': [
    hr('leads to /questionnaires/drafts/DRAFT#theme-gone', '/questionnaires/drafts/DRAFT?/move', {
      with: { move: 'theme gone up' },
    }),
    hr('404', '/questionnaires/drafts/NOBODY?/move'),
  ],
  'POST /(admin)/questionnaires/drafts/[id]?/discard': hr(
    'refused 409',
    '/questionnaires/drafts/NOBODY?/discard',
  ),
  'GET /(admin)/questionnaires/drafts/[id]/settings': hr('200', '/questionnaires/drafts/DRAFT/settings'),
  'POST /(admin)/questionnaires/drafts/[id]/settings?/default': hr(
    'refused 409',
    '/questionnaires/drafts/DRAFT/settings',
    { with: { minutes: '0' } },
  ),
  'GET /(admin)/questionnaires/drafts/[id]/themes/[theme]': [
    hr('200', '/questionnaires/drafts/DRAFT/themes/bare'),
    hr('404', '/questionnaires/drafts/DRAFT/themes/gone'),
  ],
  'POST /(admin)/questionnaires/drafts/[id]/themes/[theme]?/save': [
    hr('refused 409', '/questionnaires/drafts/DRAFT/themes/bare?/save', { with: { new: 'x'.repeat(501) } }),
    hr('refused 409', '/questionnaires/drafts/DRAFT/themes/gone?/save', { with: { new: 'Kept' } }),
  ],
  'POST /(admin)/questionnaires/drafts/[id]/themes/[theme]?/remove': hr(
    'refused 400',
    '/questionnaires/drafts/DRAFT/themes/environment?/remove',
  ),
  'GET /(admin)/questionnaires/drafts/[id]/statements/[statement]': [
    hr('200', '/questionnaires/drafts/DRAFT/statements/environment-1'),
    hr('404', '/questionnaires/drafts/DRAFT/statements/gone'),
  ],
  'POST /(admin)/questionnaires/drafts/[id]/statements/[statement]?/save': hr(
    'refused 409',
    '/questionnaires/drafts/DRAFT/statements/environment-1?/save',
    { with: { theme: 'gone' } },
  ),
  'POST /(admin)/questionnaires/drafts/[id]/statements/[statement]?/remove': hr(
    'leads to /questionnaires/drafts/DRAFT',
    '/questionnaires/drafts/DRAFT/statements/gone?/remove',
  ),
  'GET /(admin)/questionnaires/drafts/[id]/scales': hr('200', '/questionnaires/drafts/DRAFT/scales'),
  'POST /(admin)/questionnaires/drafts/[id]/scales?/ready': hr(
    'refused 400',
    '/questionnaires/drafts/DRAFT/scales?/ready',
  ),
  'POST /(admin)/questionnaires/drafts/[id]/scales?/own': hr(
    'refused 400',
    '/questionnaires/drafts/DRAFT/scales?/own',
  ),
  'POST /(admin)/questionnaires/drafts/[id]/scales?/choices': hr(
    'refused 400',
    '/questionnaires/drafts/DRAFT/scales?/choices',
  ),
  'POST /(admin)/questionnaires/drafts/[id]/scales?/remove': hr(
    'refused 400',
    '/questionnaires/drafts/DRAFT/scales?/remove',
    { with: { scale: 'agreement' } },
  ),
  'GET /(admin)/questionnaires/drafts/[id]/scales/[scale]': [
    hr('200', '/questionnaires/drafts/DRAFT/scales/agreement'),
    hr('404', '/questionnaires/drafts/DRAFT/scales/gone'),
  ],
  'POST /(admin)/questionnaires/drafts/[id]/scales/[scale]?/default': hr(
    'refused 409',
    '/questionnaires/drafts/DRAFT/scales/gone',
  ),
  'GET /(admin)/questionnaires/drafts/[id]/factors': hr('200', '/questionnaires/drafts/DRAFT/factors'),
  'POST /(admin)/questionnaires/drafts/[id]/factors?/default': hr(
    'refused 409',
    '/questionnaires/drafts/DRAFT/factors',
    { with: { new: 'x'.repeat(501) } },
  ),
  'GET /(admin)/questionnaires/drafts/[id]/comments': hr('200', '/questionnaires/drafts/DRAFT/comments'),
  'POST /(admin)/questionnaires/drafts/[id]/comments?/default': hr(
    'refused 409',
    '/questionnaires/drafts/DRAFT/comments',
    { with: { new: 'x'.repeat(501) } },
  ),
  'GET /(admin)/questionnaires/drafts/[id]/languages': hr('200', '/questionnaires/drafts/DRAFT/languages'),
  'POST /(admin)/questionnaires/drafts/[id]/languages?/default': hr(
    'refused 409',
    '/questionnaires/drafts/DRAFT/languages?language=nn',
    { with: { 'title.nn': 'x'.repeat(501) } },
  ),
  'GET /(admin)/questionnaires/drafts/[id]/preview': [
    hr('200', '/questionnaires/drafts/DRAFT/preview?as=phone&language=en'),
    hr('404', '/questionnaires/drafts/NOBODY/preview'),
  ],
  'GET /(admin)/questionnaires/drafts/[id]/finish': hr('200', '/questionnaires/drafts/DRAFT/finish'),
  'POST /(admin)/questionnaires/drafts/[id]/finish?/default': hr(
    'refused 409',
    '/questionnaires/drafts/DRAFT/finish',
  ),
  'GET /(admin)/questionnaires/import': hr('200', '/questionnaires/import'),
  'GET /(admin)/questionnaires/import/limesurvey': hr('200', '/questionnaires/import/limesurvey'),
  'POST /(admin)/questionnaires/import/limesurvey?/look': hr(
    'refused 400',
    '/questionnaires/import/limesurvey?/look',
  ),
  'POST /(admin)/questionnaires/import/limesurvey?/add': hr(
    'refused 400',
    '/questionnaires/import/limesurvey?/add',
  ),
  'POST /(admin)/questionnaires/import?/default': hr('refused 400', '/questionnaires/import'),

  'GET /(admin)/rounds': roundReaders('200', '/rounds'),
  'GET /(admin)/rounds/new': hr('200', '/rounds/new'),
  'POST /(admin)/rounds/new?/default': hr('refused 400', '/rounds/new'),
  'GET /(admin)/rounds/[round]': [
    roundReaders('200', '/rounds/OPEN'),
    roundReaders('200', '/rounds/CLOSED'),
    only(...roundReadersAnd('outside'))('200', '/rounds/HELD'),
    roundReaders('404', '/rounds/NOWHERE'),
  ],
  'GET /(admin)/rounds/[round]/roll': representatives('200', '/rounds/OPEN/roll'),
  'POST /(admin)/rounds/[round]/roll?/default': representatives('refused 400', '/rounds/OPEN/roll', {
    with: { group: '9999', answer: 'known' },
  }),
  // approval: what is settled before a round, read by the round's readers and by committees it concerns.
  'GET /(admin)/rounds/[round]/approval': [
    only(...roundReadersAnd('committee'))('200', '/rounds/PLANNED/approval'),
    only(...roundReadersAnd('committee'))('200', '/rounds/CLOSED/approval'),
    only(...roundReadersAnd())('404', '/rounds/NOWHERE/approval'),
  ],
  'POST /(admin)/rounds/[round]/approval?/record': hr('refused 400', '/rounds/PLANNED/approval?/record', {
    with: { item: 'purpose' },
  }),
  // holder: HELD is a round that a body outside holds, and OUTSIDE the person there, who has nothing else here.
  'POST /(admin)/rounds/[round]/approval?/outside': keepers(
    'refused 400',
    '/rounds/PLANNED/approval?/outside',
  ),
  'POST /(admin)/rounds/[round]/approval?/hand': operator('refused 400', '/rounds/PLANNED/approval?/hand'),
  'POST /(admin)/rounds/[round]/approval?/comment': only(
    'union',
    'safety',
    'committee',
  )('refused 400', '/rounds/PLANNED/approval?/comment'),
  'GET /(admin)/rounds/[round]/plan': [hr('200', '/rounds/PLANNED/plan'), hr('404', '/rounds/NOWHERE/plan')],
  'POST /(admin)/rounds/[round]/plan?/default': hr('refused 400', '/rounds/PLANNED/plan'),
  'POST /(admin)/rounds/[round]?/approve': hr('refused 400', '/rounds/CLOSED?/approve'),
  'POST /(admin)/rounds/[round]?/reconsider': hr('refused 400', '/rounds/CLOSED?/reconsider'),
  'POST /(admin)/rounds/[round]?/name': hr('refused 400', '/rounds/CLOSED?/name'),
  'POST /(admin)/rounds/[round]?/thaw': [
    operator('refused 400', '/rounds/CLOSED?/thaw'),
    outside('refused 400', '/rounds/HELD?/thaw'),
  ],
  'POST /(admin)/rounds/[round]?/showKey': [
    operator('refused 400', '/rounds/CLOSED?/showKey'),
    outside('refused 400', '/rounds/HELD?/showKey'),
  ],
  'POST /(admin)/rounds/[round]?/open': [
    operator('refused 400', '/rounds/CLOSED?/open'),
    outside('refused 400', '/rounds/HELD?/open'),
  ],
  'POST /(admin)/rounds/[round]?/stop': [
    operator('refused 400', '/rounds/CLOSED?/stop'),
    outside('refused 400', '/rounds/HELD?/stop'),
  ],
  'POST /(admin)/rounds/[round]?/close': [
    operator('refused 400', '/rounds/OPEN?/close'),
    outside('refused 400', '/rounds/HELD?/close'),
  ],
  'POST /(admin)/rounds/[round]?/withdraw': [
    keepers('refused 400', '/rounds/OPEN?/withdraw'),
    only('hr', 'outside')('refused 400', '/rounds/HELD?/withdraw'),
  ],
  'POST /(admin)/rounds/[round]?/refetch': [
    keepers('refused 400', '/rounds/OPEN?/refetch'),
    only('hr', 'outside')('refused 400', '/rounds/HELD?/refetch'),
  ],
  'POST /(admin)/rounds/[round]/freezing': [
    operator('leads to /rounds/CLOSED?refused=wrong-state', '/rounds/CLOSED/freezing'),
    outside('leads to /rounds/HELD?refused=wrong-state', '/rounds/HELD/freezing'),
  ],

  // history of units
  'GET /(admin)/units/[id]': [treeReaders('200', '/units/UNITA'), treeReaders('404', '/units/NOBODY')],
  'POST /(admin)/units/[id]?/say': hr('refused 400', '/units/UNITA?/say'),
  'POST /(admin)/units/[id]?/unsay': [
    hr('leads to /units/UNITA', '/units/UNITA?/unsay'),
    hr('404', '/units/NOBODY?/unsay'),
  ],
  // joiners
  'POST /(admin)/rounds/[round]?/join': hr('refused 400', '/rounds/CLOSED?/join'),
  // leader evaluations: EVALUATED is of the leader of A; the leader above is the director
  'GET /(admin)/rounds/[round]/leaders': [
    roundReaders('200', '/rounds/LEADERS/leaders'),
    roundReaders('200', '/rounds/EVALUATED/leaders'),
    roundReaders('404', '/rounds/PLANNED/leaders'),
  ],
  'POST /(admin)/rounds/[round]/leaders?/since': hr('refused 400', '/rounds/LEADERS/leaders?/since'),
  'GET /(work)/evaluations/[round]/[unit]': [
    evaluationReaders('200', '/evaluations/EVALUATED/A'),
    signedIn('404', '/evaluations/EVALUATED/B'),
    signedIn('404', '/evaluations/PLANNED/A'),
  ],
  'GET /(work)/evaluations/[round]/[unit]/guide': [
    evaluationReaders('200', '/evaluations/EVALUATED/A/guide'),
    signedIn('404', '/evaluations/EVALUATED/B/guide'),
  ],
  'POST /(work)/evaluations/[round]/[unit]?/save': only('leader')(
    'refused 400',
    '/evaluations/EVALUATED/A?/save',
  ),
  'POST /(work)/evaluations/[round]/[unit]?/share': only('leader')(
    'leads to /evaluations/EVALUATED/A#note',
    '/evaluations/EVALUATED/A?/share',
  ),
  'POST /(work)/evaluations/[round]/[unit]?/unshare': only('leader')(
    'leads to /evaluations/EVALUATED/A#note',
    '/evaluations/EVALUATED/A?/unshare',
  ),
  'POST /(work)/evaluations/[round]/[unit]?/remove': only('leader')(
    'leads to /evaluations/EVALUATED/A#note',
    '/evaluations/EVALUATED/A?/remove',
  ),

  // small units
  'GET /(admin)/rounds/[round]/units': [
    roundReaders('200', '/rounds/PLANNED/units'),
    roundReaders('200', '/rounds/OPEN/units'),
    roundReaders('404', '/rounds/NOWHERE/units'),
  ],
  'POST /(admin)/rounds/[round]/units?/choose': hr('refused 400', '/rounds/PLANNED/units?/choose'),
  'POST /(admin)/rounds/[round]/units?/share': hr('refused 400', '/rounds/PLANNED/units?/share', {
    with: { share: 'many' },
  }),

  // calendar, programme, task
  'GET /(admin)/calendar': calendarReaders('200', '/calendar'),
  'POST /(admin)/calendar?/tick': hr('refused 409', '/calendar?/tick', {
    with: { round: 'NOWHERE', kind: 'approval' },
  }),
  'POST /(admin)/calendar?/untick': hr('refused 409', '/calendar?/untick'),
  'GET /(admin)/calendar/subscription': calendarReaders('200', '/calendar/subscription'),
  'POST /(admin)/calendar/subscription?/make': calendarReaders('200', '/calendar/subscription?/make'),
  'POST /(admin)/calendar/subscription?/take-back': calendarReaders(
    'leads to /calendar/subscription',
    '/calendar/subscription?/take-back',
  ),
  'GET /calendar/[secret].ics': anybody('404', '/calendar/none.ics'),
  'GET /(admin)/calendar/programmes': hr('200', '/calendar/programmes'),
  'POST /(admin)/calendar/programmes?/standard': hr('refused 400', '/calendar/programmes?/standard'),
  'GET /(admin)/calendar/programmes/new': hr('200', '/calendar/programmes/new'),
  'POST /(admin)/calendar/programmes/new?/default': hr('refused 400', '/calendar/programmes/new'),
  'GET /(admin)/calendar/programmes/[id]': [
    hr('200', '/calendar/programmes/RECURS'),
    hr('404', '/calendar/programmes/NOBODY'),
  ],
  'POST /(admin)/calendar/programmes/[id]?/save': hr('refused 400', '/calendar/programmes/RECURS?/save'),
  'POST /(admin)/calendar/programmes/[id]?/end': hr('404', '/calendar/programmes/NOBODY?/end'),
  'GET /(admin)/calendar/programmes/[id]/[year]': [
    calendarReaders('200', '/calendar/programmes/RECURS/2031'),
    calendarReaders('404', '/calendar/programmes/RECURS/2030'),
    calendarReaders('404', '/calendar/programmes/RECURS/soon'),
    only('hr', 'operator', 'dpo', 'quality', 'director')('200', '/calendar/programmes/BESIDE/2031'),
  ],
  'POST /(admin)/calendar/programmes/[id]/[year]?/move': hr(
    'refused 400',
    '/calendar/programmes/RECURS/2031?/move',
  ),
  'POST /(admin)/calendar/programmes/[id]/[year]?/back': hr('404', '/calendar/programmes/RECURS/2030?/back'),
};

const routes = path.resolve(import.meta.dirname, '../../src/routes');
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

/** Every page, every form action and every method of an address that the folders hold. */
async function everyAddress(): Promise<string[]> {
  const found: string[] = [];
  for (const file of fs.readdirSync(routes, { recursive: true, encoding: 'utf8' })) {
    const id = path.posix.join('/', path.dirname(file)).replaceAll(/=\w+\]/g, ']');
    const name = path.basename(file);
    if (name === '+page.svelte') found.push(`GET ${id}`);
    if (!/^\+(page\.)?server\.ts$/.test(name)) continue;
    const { actions = {}, ...rest } = (await import(path.join(routes, file))) as { actions?: object };
    found.push(...Object.keys(actions).map((action) => `POST ${id}?/${action}`));
    found.push(...methods.filter((method) => method in rest).map((method) => `${method} ${id}`));
  }
  return found.sort();
}

let t: TestDatabases;
let program: Program;
const personOf = new Map<Who, string>();
const real: Record<string, string> = { NOWHERE: 'zzzzzzzz', NOBODY: randomUUID() };
const spelled = (text: string) => text.replaceAll(/[A-Z]{4,}/g, (word) => real[word] ?? word);

async function cast() {
  const { main } = t;
  const { ids } = await town(main);
  for (const [who, id] of await roleHolders(main, roles, new Date())) personOf.set(who as Who, id);
  for (const [who, code] of [
    ['leader', 'A'],
    ['director', 'H'],
  ] as const) {
    const [led] = await main.select().from(unit).where(eq(unit.code, code));
    personOf.set(who, led!.leaderId!);
  }
  const inA = await main
    .select()
    .from(position)
    .where(eq(position.unitId, ids.get('A')!));
  const employee = inA.find((one) => one.personId !== personOf.get('leader'))!;
  personOf.set('employee', employee.personId);
  real.SOMEBODY = employee.personId;
  const [held] = await main.select().from(role).where(eq(role.role, 'operator'));
  real.OPERATORSROLE = held!.id;
}

async function measuresOf() {
  const { main } = t;
  const [a] = await main.select().from(unit).where(eq(unit.code, 'A'));
  real.UNITA = a!.id;
  const ownerId = personOf.get('employee')!;
  const written = {
    ...{ title: 'Gå gjennom avvikene', expected: 'Læring', ownerId, ownerRole: null },
    ...{ startsOn: '2026-01-01', dueOn: '2026-02-01' },
  };
  real.MEASURE = must(await measures.add(main, a!.id, written, {}, new Date(), permit())).id;
}

/** A list with a point, and a report of each unit that others than HR may or may not see. */
async function followUpOf() {
  const { main } = t;
  const decided = { title: 'Points', origin: 'Council', caseNumber: '', decidedOn: '2026-01-01' };
  const { items: points } = Mandate.parse('1. Walk');
  real.MANDATE = must(await mandates.add(main, decided, points, new Date(), permit())).id;
  real.ITEM = (await mandates.items(main, real.MANDATE, new Date()))[0]!.id;
  for (const code of ['A', 'B', 'K']) {
    const [of] = await main.select().from(unit).where(eq(unit.code, code));
    const values = { unitId: of!.id, year: 2026, period: 't1', startedAt: new Date() };
    const [begun] = await main.insert(report).values(values).returning();
    real[`REPORT${code}`] = begun!.id;
  }
}

async function planOf() {
  const wanted = { kind: 'ia', unitCode: 'A', year: 2027, fromEarlier: false, wished: false };
  const { id } = must(await plans.begin(t.main, wanted, new Date(), permit()));
  real.APLAN = id;
  real.TOPGOAL = must(await goals.add(t.main, id, { text: 'Presence', parentId: null }, permit())).id;
  const on = { agreedOn: '2026-01-01', forum: 'staff-meeting' };
  real.AGREEMENT = must(await agreements.agree(t.main, id, on, new Date(), permit())).id;
}

async function draftOf() {
  real.DRAWN = (await questionnaires.latest(t.main, 'extraordinary'))!.id;
  const begun = await drafts.begin(t.main, real.DRAWN, new Date(), permit());
  if (!begun.ok) throw new Error(begun.refusal);
  real.DRAFT = begun.id;
  const bare = (draft: Draft) => addTheme(draft, 'bare', 'Bare');
  expect(await drafts.edit(t.main, begun.id, bare, new Date(), permit())).toEqual({ ok: true });
}

async function roundsOf() {
  const { main, box, intake } = t;
  const before = (days: number) => new Date(Date.now() - days * 24 * 3600_000);
  const start = async (days: number, name: string) => {
    const { id, questionnaire } = await approvedRound(main, before(days), { name });
    const { keyFile } = await frozen(t, id, before(days));
    expect(await clock.open(main, box, id, before(days), null)).toMatchObject({ ok: true });
    return { id, questionnaire, keyFile };
  };
  const closed = await start(100, 'Counted');
  for (const [seed, one] of (await invitationsOf(main, closed.id)).entries()) {
    const { secret, signs } = partsOf(await newLink(main, one.id, 'http://localhost', 'nb'));
    const prepared = await prepare(main, closed.id, signs);
    const said = someAnswers(closed.questionnaire, seed);
    expect(await answer(main, intake, prepared, secret, said, before(90))).toMatchObject({ ok: true });
  }
  expect(await clock.stop(main, box, closed.id, before(70), null)).toMatchObject({ ok: true });
  expect(await close(main, box, closed.id, closed.keyFile, before(60), permit())).toEqual({ ok: true });
  real.CLOSED = closed.id;
  real.OPEN = (await start(1, 'Open')).id;
  real.PLANNED = (await approvedRound(main, new Date(), { name: 'Planned' })).id;
  expect(await rounds.take(main, real.PLANNED, 'reconsider', new Date(), null)).toMatchObject({ ok: true });
  // By hand: those of this town represent one unit only, and would not be chosen.
  for (const office of offices)
    await main.insert(witness).values({ roundId: real.PLANNED!, office, personId: personOf.get(office)! });
  await main.update(round).set({ promise: 'witnesses' }).where(eq(round.id, real.PLANNED!));
  for (const [place, who] of (['dpo', 'quality'] as const).entries())
    await main.insert(commentReader).values({ roundId: real.OPEN!, place, personId: personOf.get(who)! });
  const { id: meetingId } = must(await meetings.ensure(main, closed.id, 'A', new Date(), permit()));
  const [chosen] = await main
    .insert(point)
    .values({
      meetingId,
      ...{ kind: 'keep', title: 'Tonen', source: 'own', ref: 'Tonen', position: 0 },
    })
    .returning();
  real.POINT = chosen!.id;
  const [asked] = await main.select().from(questionnaire).limit(1);
  real.ASKED = asked!.id;
  await draftOf();
  const recurs = { name: 'Recurs', questionnaireKey: 'employee', unitCodes: ['K'] };
  const rhythm = { firstYear: 2031, everyYears: 2, month: 9, windowDays: 21 };
  real.RECURS = must(await programmes.add(main, { ...recurs, ...rhythm }, new Date(), permit())).id;
  const inB = { ...recurs, ...rhythm, name: 'Recurs in B', unitCodes: ['B'] };
  real.BESIDE = must(await programmes.add(main, inB, new Date(), permit())).id;
}

/** One of relatives, planned, and in the hands of somebody outside. */
async function heldOf() {
  const { main } = t;
  const [somebody] = await main
    .insert(person)
    .values({ name: 'Outside', email: 'outside@fjord.example' })
    .returning();
  personOf.set('outside', somebody!.id);
  const { id: questionnaireId } = (await questionnaires.latest(main, 'relative'))!;
  real.HELD = (await approvedRound(main, new Date(), { name: 'Held', questionnaireId })).id;
  must(await rounds.take(main, real.HELD, 'reconsider', new Date(), null));
  const said = { body: 'Fjord forskning', email: somebody!.email! };
  must(await holders.name(main, real.HELD, said, new Date(), permit()));
  must(await holders.hand(main, real.HELD, somebody!.id, new Date(), permit()));
}

/** One planned, and one of the leader of A, as if it were frozen. */
async function evaluationsOf() {
  const { main } = t;
  const asked = (await questionnaires.latest(main, 'leader'))!;
  const planned = async (name: string) =>
    (await approvedRound(main, new Date(), { name, questionnaireId: asked.id })).id;
  real.LEADERS = await planned('Leaders');
  real.EVALUATED = await planned('Evaluated');
  const of = { unit: 'A', leaderId: personOf.get('leader')!, since: null, evaluators: 9 };
  await evaluations.keep(main, real.EVALUATED, [{ ...of, outcome: 'guide' }]);
  await main.update(round).set({ state: 'frozen' }).where(eq(round.id, real.EVALUATED));
}

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await cast();
  await measuresOf();
  await followUpOf();
  await planOf();
  await roundsOf();
  await evaluationsOf();
  await heldOf();
  // Not before: its own clock would stop what is made to have been open long ago.
  program = await startProgram(t);
}, 480_000);
afterAll(async () => {
  await program?.stop();
  await t?.stop();
});

async function ask(method: string, one: Case, who: Who, origin = program.origin): Promise<Response> {
  const personId = personOf.get(who);
  const token = personId && (await sessions.create(t.main, personId, new Date()));
  const asForm = new URLSearchParams(
    Object.entries(one.with ?? {}).map(([name, value]) => [name, spelled(value)]),
  );
  return await fetch(program.origin + spelled(one.at), {
    method,
    redirect: 'manual',
    headers: {
      origin,
      accept: method === 'POST' ? 'application/json' : 'text/html',
      ...(token && { cookie: `session=${token}` }),
      ...(one.json && { 'content-type': 'application/json' }),
    },
    ...(method === 'POST' && { body: one.json ? JSON.stringify(one.json) : asForm }),
  });
}

/** What came of it, in a word or two. */
async function outcome(response: Response): Promise<string> {
  const told = (await response.text()).replace(/^(?!\{"type").*/s, '');
  const { type, status, location } = (told ? JSON.parse(told) : {}) as Record<string, unknown>;
  const to = String(location ?? response.headers.get('location') ?? '');
  if (to) return /^\/sign-in(\?|$)/.test(to) ? 'sign-in' : `leads to ${to}`;
  return type === 'failure' ? `refused ${status}` : String(response.status);
}

it('every address of the house is in the table, and nothing else', async () => {
  expect(Object.keys(table).sort()).toEqual(await everyAddress());
});

describe.each(Object.entries(table))('%s', (address, row) => {
  const method = address.split(' ')[0]!;
  for (const one of [row].flat())
    it(`${one.at} gives everybody what is theirs`, async () => {
      const expected = everybody.map((who) => [who, spelled(one.gives(who))]);
      const found: [Who, string][] = [];
      for (const who of everybody) found.push([who, await outcome(await ask(method, one, who))]);
      expect(found).toEqual(expected);
    });

  if (method === 'POST')
    it('is closed to a form on somebody else’s page', async () => {
      const [one] = [row].flat();
      for (const who of ['stranger', 'hr', 'operator'] as const) {
        const forged = { ...one!, json: undefined, with: one!.with ?? {} };
        expect((await ask('POST', forged, who, 'https://elsewhere.example')).status).toBe(403);
      }
    });
});
