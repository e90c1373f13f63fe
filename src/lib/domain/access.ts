import * as Day from '#domain/day.ts';
import { leaderAbove, type Leading } from '#domain/evaluation.ts';
import { type Holder, isOutside } from '#domain/holder.ts';

/** Roles that are given to a person, for a unit and what is below it, or (unit null) for the whole municipality. */
export const roles = ['hr', 'operator', 'union', 'safety', 'quality', 'dpo', 'committee'] as const;
export type Role = (typeof roles)[number];

/** Somebody signed in: who they are, what they lead, where they work. Units are codes. */
export type Actor = {
  personId: string;
  name: string;
  roles: { role: Role; unit: string | null }[];
  leads: string[];
  worksIn: string[];
};

/** What an action is about. path: unit codes from the top down to the unit itself. */
export type Subject = {
  path?: string[];
  /** Of a release: the questionnaire is a leader evaluation. */
  aboutLeader?: boolean;
  /** Of a leader evaluation: whose report it is; null: nobody's here. Left out: of a round that was frozen without saying. */
  evaluated?: string | null;
  /** Of the same: who leads each unit of the path, in its order. Left out: nobody stands above. */
  line?: (Leading | null)[];
  /** Of a leader's own note: when it was shared with the leader above. */
  sharedAt?: Date | null;
  /** Of a release: when it appeared, and by when those who answered were promised to see it. */
  releasedAt?: Date;
  promisedBy?: Date;
  /** When the unit's own meeting first presented it (domain.md section 4, step 3): opens it to those who work there. */
  presentedAt?: Date;
  /** Of a measure: the person who owns it. */
  owner?: string | null;
  /** Of a round: the ids of those who enter paper forms. */
  enterers?: string[];
  /** Of the paper forms of a group: units whose staff, and units whose leaders, may not read them. */
  staffOf?: string[];
  ledBy?: string[];
  /** Of a round: the ids of its three witnesses. */
  witnesses?: string[];
  /** Of a round with comments: the ids of its two readers. */
  readers?: string[];
  /** Of a round: who outside the municipality operates it; null: the municipality's own operator. Left out: nobody does. */
  holder?: Holder | null;
  /** Of a round's approval, or of its comments: codes of the units asked, of those above and of those below. */
  concerned?: string[];
};

/** Days after a release before employees and committees see it, if no meeting came first (design section 4). */
export const daysUntilEveryone = 28;

const has = (actor: Actor, ...wanted: Role[]) => actor.roles.some((r) => wanted.includes(r.role));

const covers = (unit: string | null, path: string[]) => unit === null || path.includes(unit);

/** Whether somebody has one of these roles for the whole or for a unit of a path, or of those that something concerns. */
export const hasFor = (actor: Pick<Actor, 'roles'>, path: string[], ...wanted: Role[]) =>
  actor.roles.some((r) => wanted.includes(r.role) && covers(r.unit, path));

const leads = (actor: Actor, path: string[]) => path.some((code) => actor.leads.includes(code));

/**
 * When everybody whom a result is for sees it at the latest: 28 days after the release, or the day that those who
 * answered were promised, if that comes first (design section 4, last paragraph).
 */
export function outAt({ releasedAt, promisedBy }: { releasedAt: Date; promisedBy?: Date }): Date {
  const late = releasedAt.getTime() + daysUntilEveryone * 24 * 3600 * 1000;
  return new Date(Math.max(releasedAt.getTime(), Math.min(late, promisedBy?.getTime() ?? late)));
}

/** Who was named outside for a round, from the day they were: until it is handed over they may only look. */
const isHolder = (actor: Actor, { holder }: Subject) =>
  Boolean(holder) && holder?.personId === actor.personId && isOutside(actor);

/** Who operates a round: the municipality's operator, or the one outside to whom an operator has handed it over. */
const operates = (actor: Actor, subject: Subject) =>
  subject.holder === null
    ? has(actor, 'operator')
    : isHolder(actor, subject) && Boolean(subject.holder?.handedAt);

const isEvaluated = (actor: Actor, { evaluated, path = [] }: Subject) =>
  evaluated === undefined ? actor.leads.includes(path.at(-1) ?? '') : evaluated === actor.personId;
/** Who an evaluated leader's own leader is today (see leaderAbove). Of a round frozen without saying: the unit's leader's. */
const leadsAbove = (actor: Actor, { line = [], evaluated }: Subject, now: Date) =>
  leaderAbove(line, evaluated ?? line.at(-1)?.personId ?? null, Day.at(now)) === actor.personId;

/** The leader whom an evaluation is of, wherever they work now, and that leader's leader. */
const seesEvaluation = (actor: Actor, subject: Subject, now: Date) =>
  isEvaluated(actor, subject) || (subject.evaluated !== null && leadsAbove(actor, subject, now));

/**
 * Who sees a unit's result, and when (design section 4, last paragraph). From the release: its leaders, union and
 * safety representatives, quality advisers and HR. From the unit's own meeting, or 28 days after, or the day that those
 * who answered were promised: those who work in the unit itself. From the last two of these, whatever meetings came:
 * committee readers for their unit and the level below it. A leader evaluation: the leader and the leader's leader.
 */
function seesResult(actor: Actor, subject: Subject, now: Date): boolean {
  const { path = [], releasedAt, promisedBy, presentedAt } = subject;
  const own = path.at(-1);
  const above = path.at(-2);
  if (own === undefined || releasedAt === undefined || now < releasedAt) return false;
  if (subject.aboutLeader) return seesEvaluation(actor, subject, now);
  if (has(actor, 'hr') || leads(actor, path) || hasFor(actor, path, 'union', 'safety', 'quality'))
    return true;
  const works = actor.worksIn.includes(own);
  if (works && presentedAt !== undefined && now >= presentedAt) return true;
  if (now < outAt({ releasedAt, promisedBy })) return false;
  const reads = (of: string | null) => [own, above ?? own].includes(of ?? path[0] ?? '');
  return works || actor.roles.some((r) => r.role === 'committee' && reads(r.unit));
}

const signedIn = () => true;
/** Works or leads here, or has a role: not who only holds the key of a round for a body outside. */
const belongs = (actor: Actor) => !isOutside(actor);
const hr = (actor: Actor) => has(actor, 'hr');
const operator = (actor: Actor) => has(actor, 'operator');
const hrOrOperator = (actor: Actor) => has(actor, 'hr', 'operator');
const leadsAny = (actor: Actor) => actor.leads.length > 0;
const representative = (actor: Actor, { path = [] }: Subject) => hasFor(actor, path, 'union', 'safety');
const enters = (actor: Actor, { enterers = [] }: Subject) => enterers.includes(actor.personId);
/** A draft is for those who represent somebody it concerns. */
const speaks = (actor: Actor, { concerned = [] }: Subject) =>
  hasFor(actor, concerned, 'union', 'safety', 'committee');
/** Those who answer for a unit's work: who leads it or stands above, and quality advisers for it. */
const responsible = (actor: Actor, { path = [] }: Subject) =>
  leads(actor, path) || hasFor(actor, path, 'quality');
/** Those who follow a unit's work: HR, those responsible, and representatives. */
const follows = (actor: Actor, subject: Subject) =>
  has(actor, 'hr') || responsible(actor, subject) || representative(actor, subject);

/** Every action of the product and who may do it. What is not here nobody may do. */
const rules = {
  'account.see': signedIn,
  'account.change': signedIn,
  'session.end': signedIn,
  'unit.see': (actor) => has(actor, 'hr', 'operator', 'dpo', 'quality') || actor.leads.length > 0,
  // Which unit took over from which.
  'unit.succeed': hr,
  'person.see': hrOrOperator,
  'person.invite': hrOrOperator,
  'role.give': hrOrOperator,
  // Who holds the keys is never chosen by those who plan the surveys.
  'operator.give': operator,
  'import.do': hrOrOperator,
  'questionnaire.see': (actor) =>
    has(actor, 'hr', 'operator', 'union', 'safety', 'quality', 'dpo', 'committee') || actor.leads.length > 0,
  'questionnaire.change': hr,
  'round.see': (actor, subject) =>
    has(actor, 'hr', 'operator', 'union', 'safety', 'dpo', 'quality') || isHolder(actor, subject),
  'round.plan': hr,
  'round.names': hr,
  'round.freeze': operates,
  'round.close': operates,
  'round.withdraw': (actor, subject) => hr(actor) || operates(actor, subject),
  'round.rehearse': hrOrOperator,
  // Whoever plans or operates names the witnesses, and never is one: not even who got such a role afterwards.
  'witness.name': hrOrOperator,
  'witness.act': (actor, { witnesses = [] }) =>
    witnesses.includes(actor.personId) && !has(actor, 'hr', 'operator'),
  'comment.name': hr,
  // Two people outside the line, also when it is the line that has changed since they were named.
  'comment.read': (actor, { readers = [], concerned = [] }) =>
    readers.includes(actor.personId) && !has(actor, 'hr', 'operator') && !leads(actor, concerned),
  'round.refetch': (actor, subject) => hr(actor) || operates(actor, subject),
  'approval.see': (actor, subject) =>
    has(actor, 'hr', 'operator', 'union', 'safety', 'dpo', 'quality') || speaks(actor, subject),
  'approval.record': hr,
  'approval.comment': speaks,
  // Who holds the key outside is named by those who plan or operate, and no key goes there before whoever would have had
  // it hands the round over: those who plan choose nobody for a key alone.
  'approval.outside': hrOrOperator,
  'approval.hand': operator,
  // The names invited in a group, while there are any: for those who can tell an invented colleague from a real one.
  'roll.list': (actor) => has(actor, 'union', 'safety'),
  'roll.see': representative,
  // How many have begun, in steps, while a round is open: for those who can ask people to answer.
  'rate.list': (actor) => has(actor, 'hr', 'union', 'safety') || leadsAny(actor),
  'rate.see': (actor, subject) =>
    hr(actor) || leads(actor, subject.path ?? []) || representative(actor, subject),
  // Drawn codes in clear: on the paper that HR has printed, and never by somebody of the unit's own line.
  'code.list': hr,
  'code.print': (actor, { path = [] }) =>
    hr(actor) && !leads(actor, path) && !actor.worksIn.includes(path.at(-1) ?? ''),
  // Paper forms are entered by those HR names for the round; each group's by nobody who works with it or stands over it.
  'paper.give': hr,
  'paper.enter': enters,
  'paper.read': (actor, subject) =>
    enters(actor, subject) &&
    !(subject.staffOf ?? []).some((code) => actor.worksIn.includes(code)) &&
    !leads(actor, subject.ledBy ?? []),
  'result.list': signedIn,
  'result.see': seesResult,

  // A leader evaluation: what it is and who is in it is the leader's and the leader above's, and so are the talks after.
  'evaluation.see': seesEvaluation,
  // A sum over the leaders in a unit, for who leads it; never where it holds another's own report.
  'evaluation.sum': (actor, subject) =>
    actor.leads.includes(subject.path?.at(-1) ?? '') &&
    (subject.evaluated === null || isEvaluated(actor, subject)),
  'assessment.write': (actor, subject) => subject.evaluated !== undefined && isEvaluated(actor, subject),
  'assessment.see': (actor, subject, now) =>
    subject.evaluated === actor.personId ||
    (Boolean(subject.evaluated) && Boolean(subject.sharedAt) && leadsAbove(actor, subject, now)),

  // From result to measure. Measures and plans are written to be read by everybody who works here; causes and minutes
  // stay with those who see the result.
  'due.see': signedIn,
  'meeting.list': (actor) =>
    has(actor, 'hr', 'union', 'safety', 'quality') || leadsAny(actor) || actor.worksIn.length > 0,
  'meeting.see': seesResult,
  'meeting.lead': (actor, { path = [], aboutLeader }) => !aboutLeader && leads(actor, path),
  'meeting.confirm': representative,
  'said.list': signedIn,
  'said.see': (actor, subject) =>
    follows(actor, subject) || actor.worksIn.includes(subject.path?.at(-1) ?? ''),
  'measure.see': belongs,
  'measure.change': (actor, subject) => hr(actor) || responsible(actor, subject),
  'measure.status': (actor, subject) =>
    hr(actor) || responsible(actor, subject) || actor.personId === subject.owner,
  'plan.see': belongs,
  'plan.change': (actor, subject) => hr(actor) || responsible(actor, subject),
  'plan.remark': representative,
  'mandate.see': (actor) => has(actor, 'hr', 'union', 'safety', 'quality', 'committee') || leadsAny(actor),
  'mandate.change': (actor) => has(actor, 'hr', 'quality'),
  'report.list': (actor) => has(actor, 'hr', 'union', 'safety', 'quality', 'committee') || leadsAny(actor),
  'report.see': (actor, subject) => follows(actor, subject) || hasFor(actor, subject.path ?? [], 'committee'),
  'report.write': (actor, { path = [] }) => leads(actor, path),
  // Process, never scores.
  'follow-up.list': (actor) => has(actor, 'hr', 'quality') || leadsAny(actor),
  'follow-up.see': (actor, subject) => hr(actor) || responsible(actor, subject),
  'calendar.see': (actor) =>
    has(actor, 'hr', 'operator', 'union', 'safety', 'quality', 'dpo') || leadsAny(actor),
  'calendar.subscribe': (actor) =>
    has(actor, 'hr', 'operator', 'union', 'safety', 'quality', 'dpo') || leadsAny(actor),
  'programme.change': hr,
  'task.do': hr,
} satisfies Record<string, (actor: Actor, subject: Subject, now: Date) => boolean>;

export type Action = keyof typeof rules;
/** All that anybody may be allowed. */
export const actions = Object.keys(rules) as Action[];

/** Whether somebody may do this to that, now. Nobody signed in (null) may do nothing here. Design section 2: closed when forgotten. */
export function may(actor: Actor | null, action: Action, subject: Subject, now: Date): boolean {
  const rule: (actor: Actor, subject: Subject, now: Date) => boolean = rules[action];
  return actor !== null && rule(actor, subject, now);
}
