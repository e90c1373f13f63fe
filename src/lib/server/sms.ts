import { house, type House } from '#domain/language.ts';
import { part, septets } from '#domain/sms.ts';
import { m } from '#messages';

/** reference: the same for the same message sent again, so that the provider can leave the second one out. */
type Sms = { to: string; text: string; reference: string };
type KeptSms = { to: string; text: string; at: Date };

export type Texter = {
  /** false: nothing is set up, and send throws. */
  readonly works: boolean;
  send(sms: Sms, now: Date): Promise<void>;
};

/** What the provider said, or that it said nothing: the status alone, never what was sent. */
class ProviderFault extends Error {
  override name = 'ProviderFault';
  readonly status: number | null;
  constructor(status: number | null) {
    super(status === null ? 'The SMS provider cannot be reached' : `The SMS provider answered ${status}`);
    this.status = status;
  }
}

/** How long the provider may take, ms. */
const patience = 10_000;

/** Over HTTP: one POST of JSON a message (docs/operating.md says what a provider, or an adapter before one, must do). */
export function overHttp(
  { url, token, sender }: { url: string; token: string; sender: string },
  timeout = patience,
): Texter {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return {
    works: true,
    async send({ to, text, reference }) {
      const status = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': reference },
        body: JSON.stringify({ to, from: sender, text, reference }),
        // Another address must get neither token nor number.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      }).then(
        async (reply) => {
          await reply.body?.cancel();
          return reply.status;
        },
        () => null,
      );
      if (status === null || status < 200 || status > 299) throw new ProviderFault(status);
    },
  };
}

/** Nothing leaves: the last messages stay in memory, newest first, and are shown on a page of the demo. */
export function dry(keep = 200): Texter & { readonly kept: KeptSms[] } {
  const kept: KeptSms[] = [];
  return {
    works: true,
    kept,
    async send({ to, text }, now) {
      kept.unshift({ to, text, at: now });
      kept.length = Math.min(kept.length, keep);
    },
  };
}

export const mute: Texter = {
  works: false,
  send: () => Promise.reject(new Error('SMS_URL is not set: no text message can be sent')),
};

/**
 * What the provider said of this one number: never (422), or not now (another 4xx that is about the message). null:
 * the fault is not the number's. A wrong address or token, too many at once or a fault within lets all wait.
 */
export function answerToNumber(fault: unknown): 'never' | 'later' | null {
  const status = fault instanceof ProviderFault ? fault.status : null;
  if (status === 422) return 'never';
  return status !== null && [400, 409, 410, 413].includes(status) ? 'later' : null;
}

/** The invitation (occasion 0; to answer about work, or about one's leader) or a reminder. stopsAt: the last day on which one can answer is that of the moment before. */
export function words(
  occasion: number,
  link: string,
  stopsAt: Date,
  locale: House,
  aboutLeader = false,
): string {
  const last = new Date(stopsAt.getTime() - 1).toLocaleDateString('nb-NO', {
    timeZone: 'Europe/Oslo',
    day: 'numeric',
    month: 'numeric',
  });
  const said = { day: last, link };
  if (occasion > 0) return m.sms_reminder(said, { locale });
  return aboutLeader ? m.sms_leader_invitation(said, { locale }) : m.sms_invitation(said, { locale });
}

/**
 * How many signs too long an address is for every message to stay one part, in every language; 0: it fits. All else in
 * a message has its length from the start. null: it has a sign that no text message has.
 */
export function tooLong(origin: string): number | null {
  const link = `${origin}/svar/${'x'.repeat(8)}/nb#${'x'.repeat(22)}.${'x'.repeat(32)}`;
  const stopsAt = new Date('2027-12-21T12:00:00Z');
  const lengths = house.flatMap((locale) =>
    [
      words(0, link, stopsAt, locale),
      words(0, link, stopsAt, locale, true),
      words(1, link, stopsAt, locale),
    ].map(septets),
  );
  return lengths.includes(null) ? null : Math.max(0, Math.max(...(lengths as number[])) - part);
}
