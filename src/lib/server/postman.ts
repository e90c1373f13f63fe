import { db } from '#server/db.ts';
import * as house from '#server/house.ts';
import { intoMemory, nowhere, overSmtp, type Postman } from '#server/mail.ts';
import { settings } from '#server/settings.ts';

/** What the demo would have sent. Empty, and shown nowhere, in any other house. */
export const mailbox = intoMemory();

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

export async function closePostman() {
  const closing = chosen;
  chosen = undefined;
  (await closing)?.close();
}
