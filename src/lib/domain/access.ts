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
  /** Of a release: when it appeared, and by when those who answered were promised to see it. */
  releasedAt?: Date;
  promisedBy?: Date;
};

/** Days after a release before employees and committees see it, if no meeting came first (design section 4). */
export const daysUntilEveryone = 28;

const has = (actor: Actor, ...wanted: Role[]) => actor.roles.some((r) => wanted.includes(r.role));

const covers = (unit: string | null, path: string[]) => unit === null || path.includes(unit);

const hasFor = (actor: Actor, path: string[], ...wanted: Role[]) =>
  actor.roles.some((r) => wanted.includes(r.role) && covers(r.unit, path));

const leads = (actor: Actor, path: string[]) => path.some((code) => actor.leads.includes(code));

const isOut = ({ releasedAt, promisedBy }: Subject, now: Date) =>
  releasedAt !== undefined &&
  now >= releasedAt &&
  ((promisedBy !== undefined && now >= promisedBy) ||
    now.getTime() >= releasedAt.getTime() + daysUntilEveryone * 24 * 3600 * 1000);

/**
 * Who sees a unit's result, and when (design section 4, last paragraph). From the release: its leaders, union and
 * safety representatives, quality advisers and HR. From 28 days after, or the day that those who answered
 * were promised: those who work in the unit itself, and committee readers for their unit and the level below it. A leader evaluation: the leader and the leader's leader.
 */
function seesResult(actor: Actor, subject: Subject, now: Date): boolean {
  const path = subject.path ?? [];
  const own = path.at(-1);
  const above = path.at(-2);
  if (own === undefined || subject.releasedAt === undefined || now < subject.releasedAt) return false;
  if (subject.aboutLeader)
    return actor.leads.includes(own) || (above !== undefined && actor.leads.includes(above));
  if (has(actor, 'hr') || leads(actor, path) || hasFor(actor, path, 'union', 'safety', 'quality'))
    return true;
  if (!isOut(subject, now)) return false;
  return (
    actor.worksIn.includes(own) ||
    actor.roles.some((r) => r.role === 'committee' && [own, above ?? own].includes(r.unit ?? path[0] ?? ''))
  );
}

const signedIn = () => true;
const hr = (actor: Actor) => has(actor, 'hr');
const operator = (actor: Actor) => has(actor, 'operator');
const hrOrOperator = (actor: Actor) => has(actor, 'hr', 'operator');

/** Every action of the product and who may do it. What is not here nobody may do. */
const rules = {
  'account.see': signedIn,
  'account.change': signedIn,
  'session.end': signedIn,
  'unit.see': (actor) => has(actor, 'hr', 'operator', 'dpo', 'quality') || actor.leads.length > 0,
  'person.see': hrOrOperator,
  'person.invite': hrOrOperator,
  'role.give': hrOrOperator,
  // Who holds the keys is never chosen by those who plan the surveys.
  'operator.give': operator,
  'import.do': hrOrOperator,
  'questionnaire.see': (actor) =>
    has(actor, 'hr', 'operator', 'union', 'safety', 'quality', 'dpo', 'committee') || actor.leads.length > 0,
  'questionnaire.change': hr,
  'round.see': (actor) => has(actor, 'hr', 'operator', 'union', 'safety', 'dpo', 'quality'),
  'round.plan': hr,
  'round.names': hr,
  'round.freeze': operator,
  'round.close': operator,
  'round.withdraw': hrOrOperator,
  'result.list': signedIn,
  'result.see': seesResult,
} satisfies Record<string, (actor: Actor, subject: Subject, now: Date) => boolean>;

export type Action = keyof typeof rules;
export const actions = Object.keys(rules) as Action[];

/** Whether somebody may do this to that, now. Nobody signed in (null) may do nothing here. Design section 2: closed when forgotten. */
export function may(actor: Actor | null, action: Action, subject: Subject, now: Date): boolean {
  const rule: (actor: Actor, subject: Subject, now: Date) => boolean = rules[action];
  return actor !== null && rule(actor, subject, now);
}
