const free = 5;
const first = 2_000;
const longest = 15 * 60_000;
const most = 20_000;

/**
 * Slows down guessing at one account: after five wrong answers the wait is two seconds and doubles, up to a quarter
 * of an hour. In the memory of this process; a name that nobody has is slowed like any other.
 */
export function attempts() {
  const wrong = new Map<string, { times: number; until: number }>();
  return {
    /** When the next attempt may come; null: now. */
    waitUntil(account: string, now: Date): Date | null {
      const until = wrong.get(account)?.until ?? 0;
      return until > now.getTime() ? new Date(until) : null;
    },
    failed(account: string, now: Date) {
      const times = (wrong.get(account)?.times ?? 0) + 1;
      const wait = times <= free ? 0 : Math.min(longest, first * 2 ** (times - free - 1));
      wrong.delete(account);
      wrong.set(account, { times, until: now.getTime() + wait });
      if (wrong.size > most) wrong.delete(wrong.keys().next().value as string);
    },
    succeeded(account: string) {
      wrong.delete(account);
    },
  };
}
export type Attempts = ReturnType<typeof attempts>;
