import { toOslo } from '#domain/oslo.ts';

/** What one message may hold, in septets: longer ones go as several parts, each paid for (3GPP TS 23.038). */
export const part = 160;

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extended = new Set('\f^{}\\[~]|€');

/** How many septets a text takes in GSM 03.38, two for a sign of its second table. null: it has signs of neither. */
export function septets(text: string): number | null {
  let sum = 0;
  for (const sign of text) {
    if (!basic.has(sign) && !extended.has(sign)) return null;
    sum += basic.has(sign) ? 1 : 2;
  }
  return sum;
}

/**
 * Whether a telephone may be woken: from 8 in the morning until 8 in the evening, Norwegian time, summer and winter
 * (notes/conventions.md, 38).
 */
export function mayGo(moment: Date): boolean {
  const hour = Number(toOslo(moment).slice(11, 13));
  return hour >= 8 && hour < 20;
}

/**
 * A telephone number as E.164, "+4741234567". Eight digits are Norwegian; "00" stands for "+"; spaces, brackets and
 * hyphens count for nothing. null: it is no number.
 */
export function number(written: string): string | null {
  const signs = written.replace(/[\s\u00a0().-]/g, '').replace(/^00/, '+');
  const full = /^\d{8}$/.test(signs) ? `+47${signs}` : signs;
  if (full.startsWith('+47')) return /^\+47[2-9]\d{7}$/.test(full) ? full : null;
  return /^\+[1-9]\d{7,14}$/.test(full) ? full : null;
}

/** The number that a text message can go to. null: none, or a Norwegian one that is no mobile (they begin with 4 or 9). */
export function mobile(written: string | null | undefined): string | null {
  const found = written ? number(written) : null;
  return found?.startsWith('+47') && !/^\+47[49]/.test(found) ? null : found;
}

/** What may stand as a message's sender: 1 to 11 plain signs, one of them a letter, or a number. */
export const isSender = (text: string): boolean =>
  /^(?=.*[A-Za-z])[A-Za-z0-9 .&+-]{1,11}$/.test(text) || /^\+?\d{3,15}$/.test(text);
