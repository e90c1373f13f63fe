import path from 'node:path';
import { z } from 'zod';
import { house, type House } from '#domain/language.ts';
import { isSender } from '#domain/sms.ts';
import { tooLong } from '#server/sms.ts';

export type Settings = {
  /** Undefined: the embedded server. */
  DATABASE_URL: string | undefined;
  BOX_DATABASE_URL: string | undefined;
  HOST: string;
  PORT: number;
  /** Where people reach us, without a slash at the end. */
  ORIGIN: string;
  BOX_ORIGIN: string;
  /** Absolute. */
  DATA_DIR: string;
  /** Undefined: no mail can be sent. */
  SMTP_URL: string | undefined;
  MAIL_FROM: string;
  /** Undefined: no text message can be sent. */
  SMS_URL: string | undefined;
  SMS_TOKEN: string;
  SMS_SENDER: string;
  /** Where the clock starts. Undefined: it is the machine's. */
  MEDVIRK_NOW: Date | undefined;
  /** The name on pages and in mail until the database has one of its own. */
  MUNICIPALITY: string;
  /** What invitations and reminders are written in, by e-mail and by text message. */
  INVITATION_LANGUAGE: House;
};
/** Once the embedded servers are up, or others are named. */
export type Ready = Settings & { DATABASE_URL: string; BOX_DATABASE_URL: string };

type Environment = Record<string, string | undefined>;

const local = (url: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

const postgresUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol), {
    error: 'må være en adresse som begynner med postgres://',
  });

const originUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    error: 'må være en adresse som https://medvirk.kommunen.no',
    abort: true,
  })
  .refine((value) => new URL(value).pathname === '/' && !new URL(value).search && !new URL(value).hash, {
    error: 'må være uten sti etter vertsnavnet',
    abort: true,
  })
  .refine((value) => new URL(value).protocol === 'https:' || local(new URL(value)), {
    error: 'må begynne med https://, for svarsiden krypterer bare der',
  })
  .transform((value) => new URL(value).origin);

const moment = z.iso
  .datetime({ offset: true, error: 'må være et tidspunkt med sone, som 2027-02-01T08:00:00+01:00' })
  .transform((value) => new Date(value));

const Environment = z.object({
  DATABASE_URL: postgresUrl.optional(),
  BOX_DATABASE_URL: postgresUrl.optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d+$/, 'må være et tall fra 1 til 65535')
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65535, { error: 'må være et tall fra 1 til 65535' })
    .default(3000),
  ORIGIN: originUrl.optional(),
  BOX_ORIGIN: originUrl.optional(),
  DATA_DIR: z.string().default('./data'),
  SMTP_URL: z
    .string()
    .refine((value) => URL.canParse(value) && /^smtps?:$/.test(new URL(value).protocol), {
      error: 'må være en adresse som smtp://bruker:passord@vert:587',
    })
    .optional(),
  MAIL_FROM: z.string().regex(/@/, 'må være en e-postadresse, gjerne med navn foran').optional(),
  SMS_URL: z
    .string()
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
      error: 'må være en adresse som https://sms.leverandoren.no/send',
      abort: true,
    })
    .refine((value) => new URL(value).protocol === 'https:' || local(new URL(value)), {
      error: 'må begynne med https://, for nummer og lenke skal ikke leses på veien',
      abort: true,
    })
    .refine((value) => !new URL(value).username && !new URL(value).password, {
      error: 'må være uten passord i adressen: det skal stå i SMS_TOKEN',
    })
    .optional(),
  SMS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'kan ikke ha mellomrom eller særtegn')
    .optional(),
  SMS_SENDER: z
    .string()
    .refine(isSender, { error: 'må være 1 til 11 tegn (A–Z, tall, mellomrom, . & + -), eller et nummer' })
    .optional(),
  MEDVIRK_NOW: moment.optional(),
  MUNICIPALITY: z.string().max(80, 'kan ha høyst 80 tegn').default('Kommunen'),
  INVITATION_LANGUAGE: z.enum(house, { error: 'må være nb, nn eller en' }).default('nb'),
});

export type Read = { ok: true; settings: Settings } | { ok: false; faults: string[] };

/** Every setting of the program, or every fault at once, each in a sentence. An empty variable counts as unset. */
export const read = (environment: Environment): Read => {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = Environment.safeParse(given);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}.`);
  if (given.DATABASE_URL && given.DATABASE_URL === given.BOX_DATABASE_URL)
    faults.push('DATABASE_URL og BOX_DATABASE_URL må være to ulike servere; de er like.');
  if (given.BOX_DATABASE_URL && !given.DATABASE_URL)
    faults.push('BOX_DATABASE_URL er satt, men ikke DATABASE_URL.');
  if (given.SMTP_URL && !given.MAIL_FROM) faults.push('MAIL_FROM må være satt når SMTP_URL er det.');
  if (given.SMS_URL && !(given.SMS_TOKEN && given.SMS_SENDER))
    faults.push('SMS_TOKEN og SMS_SENDER må være satt når SMS_URL er det.');
  if (!parsed.success || faults.length) return { ok: false, faults };
  const env = parsed.data;
  const ORIGIN = env.ORIGIN ?? `http://localhost:${env.PORT}`;
  const fault = env.SMS_URL && smsFault(ORIGIN);
  if (fault) return { ok: false, faults: [fault] };
  return {
    ok: true,
    settings: {
      DATABASE_URL: env.DATABASE_URL,
      BOX_DATABASE_URL: env.BOX_DATABASE_URL,
      HOST: env.HOST,
      PORT: env.PORT,
      ORIGIN,
      BOX_ORIGIN: env.BOX_ORIGIN ?? ORIGIN,
      DATA_DIR: path.resolve(env.DATA_DIR),
      SMTP_URL: env.SMTP_URL,
      MAIL_FROM: env.MAIL_FROM ?? 'Medvirk <medvirk@localhost>',
      SMS_URL: env.SMS_URL,
      SMS_TOKEN: env.SMS_TOKEN ?? '',
      SMS_SENDER: env.SMS_SENDER ?? '',
      MEDVIRK_NOW: env.MEDVIRK_NOW,
      MUNICIPALITY: env.MUNICIPALITY,
      INVITATION_LANGUAGE: env.INVITATION_LANGUAGE,
    },
  };
};

/** Why an address is unfit for text messages, in a sentence that says what to shorten. */
function smsFault(origin: string): string | null {
  const over = tooLong(origin);
  if (over === null) return `ORIGIN har tegn som ikke kan stå i en SMS: ${origin}.`;
  if (over === 0) return null;
  return `ORIGIN er for lang for SMS: den har ${origin.length} tegn og kan ha høyst ${origin.length - over}, for at lenken og teksten skal få plass i én melding. Velg et kortere vertsnavn, eller ta bort SMS_URL.`;
}

let known: Ready | undefined;

/** The settings of this process, read when first asked for: after the databases are up. */
export const settings = (): Ready => {
  if (known) return known;
  const answer = read(process.env);
  if (!answer.ok) throw new Error(answer.faults.join('\n'));
  const { DATABASE_URL, BOX_DATABASE_URL } = answer.settings;
  if (!DATABASE_URL || !BOX_DATABASE_URL)
    throw new Error('The settings were asked for before the databases were up');
  return (known = { ...answer.settings, DATABASE_URL, BOX_DATABASE_URL });
};

/** The one clock. With MEDVIRK_NOW it started there when the process did, and runs on. */
export const now = (): Date => {
  const { MEDVIRK_NOW } = settings();
  return MEDVIRK_NOW ? new Date(MEDVIRK_NOW.getTime() + (Date.now() - performance.timeOrigin)) : new Date();
};

/** Whether the clock was started elsewhere than now. */
export const isMoved = (): boolean => Boolean(process.env.MEDVIRK_NOW?.trim());

const withoutPassword = (url: string) => {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return shown.href;
};

/** The settings as a person may read them over another's shoulder. */
export const shown = (of: Settings): Record<string, string> => ({
  DATABASE_URL: of.DATABASE_URL ? withoutPassword(of.DATABASE_URL) : `innebygd i ${of.DATA_DIR}`,
  BOX_DATABASE_URL: of.BOX_DATABASE_URL ? withoutPassword(of.BOX_DATABASE_URL) : `innebygd i ${of.DATA_DIR}`,
  HOST: of.HOST,
  PORT: String(of.PORT),
  ORIGIN: of.ORIGIN,
  BOX_ORIGIN: of.BOX_ORIGIN,
  DATA_DIR: of.DATA_DIR,
  SMTP_URL: of.SMTP_URL ? withoutPassword(of.SMTP_URL) : 'ingen: e-post sendes ikke',
  MAIL_FROM: of.MAIL_FROM,
  SMS_URL: of.SMS_URL?.replace(/\?.*$/, '?***') ?? 'ingen: SMS sendes ikke',
  SMS_TOKEN: of.SMS_TOKEN ? '***' : '',
  SMS_SENDER: of.SMS_SENDER,
  MEDVIRK_NOW: of.MEDVIRK_NOW?.toISOString() ?? 'maskinens klokke',
  MUNICIPALITY: of.MUNICIPALITY,
  INVITATION_LANGUAGE: of.INVITATION_LANGUAGE,
});
