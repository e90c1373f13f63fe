import type { Role } from '#domain/access.ts';
import type { Status } from '#domain/measure.ts';
import { m } from '#messages';
import * as figures from '#ui/figures.ts';
import { ownerWords, statusWords } from '#ui/measure-words.ts';
import { roleWords } from '#ui/role-words.ts';

/** A sitting: the day, where, and how many took part. */
export const sitting = (of: { heldAt: Date; place: string; tookPart: number | null }): string =>
  [
    figures.day(of.heldAt),
    of.place,
    of.tookPart === null ? '' : m.step_took_part_words({ count: of.tookPart }),
  ]
    .filter(Boolean)
    .join(', ');

/** Whether and when the meeting agreed, and who wrote it down. */
export function agreed(of: { agreedAt: Date | null; agreedBy: string | null }): string {
  if (!of.agreedAt) return m.meeting_minutes_not_agreed();
  const day = figures.day(of.agreedAt);
  return of.agreedBy
    ? m.meeting_minutes_agreed_by({ day, by: of.agreedBy })
    : m.meeting_minutes_agreed({ day });
}

/** How many voted, or why nothing is said of it. */
export function voters(of: { voters: number | null; fewestVoters: number; agreedAt: Date | null }): string {
  if (of.voters === null) return of.agreedAt ? m.meeting_minutes_no_votes() : m.meeting_minutes_votes_later();
  return of.voters < of.fewestVoters
    ? m.meeting_minutes_few_votes({ fewest: of.fewestVoters })
    : m.meeting_minutes_voters({ count: of.voters });
}

type Measured = {
  owner: { name: string; here: boolean; moved: boolean } | null;
  ownerRole: string | null;
  dueOn: string;
  status: Status;
};

/** Who answers for a measure, by when, and how it stands. */
export const measure = (of: Measured): string =>
  [
    ownerWords(of),
    m.point_by_day({ day: figures.day(of.dueOn) }),
    statusWords[of.status]().toLocaleLowerCase('nb'),
  ].join(', ');

type Spoken = { by: string; role: Role; at: Date };
const spoken = ({ by, role, at }: Spoken) => ({ name: by, role: roleWords[role](), day: figures.day(at) });

/** That a representative took part. */
export const confirmed = (of: Spoken): string => m.meeting_way_confirmed(spoken(of));
/** Who said a remark, and when. */
export const said = (of: Spoken): string => m.meeting_way_said(spoken(of));
