import { m } from '#messages';
import { moment } from '#ui/round-words.ts';

type Holder = { body: string; name: string | null; handedAt: Date | null };

/** Who outside holds a round's key, or is to, sentence by sentence. name: null where only a body was given. */
export function holderWords({ body, name, handedAt }: Holder): string[] {
  if (name === null) return [m.approval_outside_said({ body })];
  if (handedAt === null) return [m.approval_outside_waits({ body, name })];
  return [m.approval_outside_is({ body }), m.approval_outside_handed({ name, day: moment(handedAt) })];
}
