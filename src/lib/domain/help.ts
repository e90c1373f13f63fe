/** Who may help residents to answer, known by the ids of a questionnaire's helper options. */
export const kinds = ['relative', 'volunteer', 'staff', 'other'] as const;
export type Kind = (typeof kinds)[number];

/** Who may help residents to answer, and when and in which case it was decided: on the plan, frozen with the round. */
export type Help = {
  kinds: Kind[];
  /** ISO day; null while nobody has decided anything else than what is the rule. */
  decidedOn: string | null;
  caseNumber: string;
};

/** Staff are off until somebody decides otherwise: residents answer about them. */
export const byDefault: Help = { kinds: ['relative', 'volunteer', 'other'], decidedOn: null, caseNumber: '' };

export type Fault =
  /** Staff may help, and the day it was decided is missing. */
  | 'date'
  /** It would be decided later than today. */
  | 'later'
  /** Staff may help, and the case number is missing. */
  | 'case';

/** What is wrong with a choice of who may help; empty when it holds. today: ISO day. */
export function faults({ kinds, decidedOn, caseNumber }: Help, today: string): Fault[] {
  const staff = kinds.includes('staff');
  return [
    ...(staff && decidedOn === null ? (['date'] as const) : []),
    ...(decidedOn !== null && decidedOn > today ? (['later'] as const) : []),
    ...(staff && caseNumber.trim() === '' ? (['case'] as const) : []),
  ];
}

/** Whether a helper option is offered on the page. Kinds that are not known here are the questionnaire's own affair. */
export const isOffered = (help: Help, option: string): boolean =>
  !(kinds as readonly string[]).includes(option) || (help.kinds as string[]).includes(option);
