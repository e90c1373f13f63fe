import { type Action, type Actor, may, type Subject } from '#domain/access.ts';

declare const permit: unique symbol;
/** Proof that the gate was asked and said yes. Only the gate makes one; use cases that change things take one. */
export type Permit<A extends Action = Action> = {
  /** The person's id; null: the machine's own operator, at the command line. */
  readonly by: string | null;
  readonly [permit]: A;
};

export type Gate = {
  readonly actor: Actor | null;
  /** Whether to show something; never instead of asking. */
  may(action: Action, subject?: Subject): boolean;
  /** Says yes with a permit, or ends the request: to sign-in for a stranger, "not found" for somebody else. */
  ask<A extends Action>(action: A, subject?: Subject): Permit<A>;
  ask(action: 'public'): void;
  /** Called by the root layout: what was asked by a form action does not count for its page, nor the other way. */
  loading(): void;
  /** Whether the route asked in each part that ran. */
  wasAsked(method: string): boolean;
};

/** The one way through which a page or form action may do anything. */
export function open(
  actor: Actor | null,
  now: () => Date,
  end: { stranger: () => never; refused: () => never },
): Gate {
  let inLoad = false;
  let askedInAction = false;
  let askedInLoad = false;
  return {
    actor,
    may: (action, subject = {}) => may(actor, action, subject, now()),
    ask(action: Action | 'public', subject: Subject = {}) {
      if (inLoad) askedInLoad = true;
      else askedInAction = true;
      if (action === 'public') return undefined as never;
      if (actor === null) end.stranger();
      if (!may(actor, action, subject, now())) end.refused();
      return { by: actor.personId } as Permit<never>;
    },
    loading() {
      inLoad = true;
    },
    wasAsked: (method) =>
      method === 'GET' || method === 'HEAD' ? askedInLoad || askedInAction : askedInAction,
  };
}

/** A permit for the command line and the demo's own running, which hold the database anyway. Never for a page. */
export function permitForMachine<A extends Action>(by: string | null = null): Permit<A> {
  return { by } as Permit<A>;
}
