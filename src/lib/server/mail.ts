import { createTransport } from 'nodemailer';

export type Message = { to: string; subject: string; text: string; html?: string };
export type Kept = Message & { at: Date };

export type Postman = {
  /** false: nothing is set up, and send throws. Ask before promising anybody a mail. */
  readonly works: boolean;
  send(message: Message, now: Date): Promise<void>;
  close(): void;
};

// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const oneAddress = /^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+$/;

/** One address and nothing else: no list, no display name, no line break. */
export const isAddress = (text: string) =>
  text.length <= 254 && oneAddress.test(text) && text.search(control) < 0;

function checked({ to, subject, ...rest }: Message): Message {
  if (!isAddress(to)) throw new Error('Not one e-mail address');
  return { to, subject: subject.replace(control, ' ').trim(), ...rest };
}

/** Over SMTP. Plain text first; nothing in a mail tells us that it was read. */
export function overSmtp(url: string, from: string): Postman {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as never);
  return {
    works: true,
    async send(message) {
      const { to, ...rest } = checked(message);
      await transport.sendMail({
        from,
        to: { name: '', address: to },
        ...rest,
        headers: { 'Auto-Submitted': 'auto-generated' },
        xMailer: false,
      } as never);
    },
    close: () => transport.close(),
  };
}

/** A demo sends no real mail: the last messages stay in memory, newest first, and are shown on a page. */
export function intoMemory(keep = 200): Postman & { readonly kept: Kept[] } {
  const kept: Kept[] = [];
  return {
    works: true,
    kept,
    async send(message, now) {
      kept.unshift({ ...checked(message), at: now });
      kept.length = Math.min(kept.length, keep);
    },
    close: () => {},
  };
}

export const nowhere: Postman = {
  works: false,
  send: () => Promise.reject(new Error('SMTP_URL is not set: no mail can be sent')),
  close: () => {},
};

/** What the mail server said of this one address: never, or not now. null: the fault is not the address's. */
export const answerToAddress = (fault: unknown): 'never' | 'later' | null => {
  const { responseCode = 0, command } = fault as { responseCode?: number; command?: string };
  if ((command !== 'RCPT TO' && command !== 'DATA') || responseCode < 400) return null;
  return responseCode >= 500 ? 'never' : 'later';
};
