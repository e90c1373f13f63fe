import { db, type Main } from '#server/db.ts';
import * as house from '#server/house.ts';
import { intoMemory, nowhere, overSmtp, type Postman } from '#server/mail.ts';
import { settings } from '#server/settings.ts';
import * as sms from '#server/sms.ts';

/** What the demo would have sent. Empty, and shown nowhere, in any other house. */
export const mailbox = intoMemory();
export const smsBox = sms.dry();

let chosen: Promise<Postman> | undefined;

async function choose(): Promise<Postman> {
  const { demo } = await house.read(db().main);
  if (demo) return mailbox;
  const { SMTP_URL, MAIL_FROM } = settings();
  return SMTP_URL ? overSmtp(SMTP_URL, MAIL_FROM) : nowhere;
}

/** The one who carries this process's mail: into memory in a demo, else over SMTP, else nobody. */
export function postman(): Promise<Postman> {
  chosen ??= choose().catch((fault: unknown) => {
    chosen = undefined;
    throw fault;
  });
  return chosen;
}

/** Whether text messages can be sent from here. */
export const smsWorks = async (main: Main): Promise<boolean> =>
  (await house.read(main)).demo || settings().SMS_URL !== undefined;

/** The one who carries text messages: into memory in a demo, else to the provider, else nobody. */
export async function texter(): Promise<sms.Texter> {
  const { demo } = await house.read(db().main);
  const { SMS_URL, SMS_TOKEN, SMS_SENDER } = settings();
  if (demo) return smsBox;
  return SMS_URL ? sms.overHttp({ url: SMS_URL, token: SMS_TOKEN, sender: SMS_SENDER }) : sms.mute;
}

export async function closePostman() {
  const closing = chosen;
  chosen = undefined;
  (await closing)?.close();
}
