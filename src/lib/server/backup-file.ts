import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { type FileHandle, open as openFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';

/*
 * A copy's file: the signs MEDVIRK1, the length of the header (four bytes), the header in clear, and then sections. A
 * section is gzip in pieces of 64 kB, each under AES-256-GCM with its number and whether it is the last in the nonce and
 * the header's hash beside it: nothing can be changed, moved, left out or cut off unseen. A key is used for one section.
 */

export const Header = z.object({
  format: z.literal('medvirk-backup/1'),
  of: z.enum(['main', 'box']),
  /** The day it was taken, and no time: it is kept beside what says who fetched a paper. */
  day: z.iso.date(),
  house: z.string(),
  /** The newest migration of the database it was taken of. */
  shape: z.number(),
  /** Of main: the rounds that are not over. Of the box: the rounds in it, a section each. */
  rounds: z.array(z.object({ id: z.string().regex(/^[0-9a-z]{8}$/), name: z.string(), state: z.string() })),
  /** Of main: which key pair opens it. Of the box: the name of this copy, by which main knows its keys. */
  key: z.string(),
  ephemeral: z.string().optional(),
});
export type Header = z.infer<typeof Header>;

/** The file is not what was written: changed, cut off, or never a copy. */
export class Damaged extends Error {}

const signs = Buffer.from('MEDVIRK1');
const piece = 64 * 1024;
const last = 0x8000_0000;

const nonce = (number: number, isLast: boolean) => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(number, 7);
  bytes[11] = isLast ? 1 : 0;
  return bytes;
};
const fourBytes = (number: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};
const beside = (header: Buffer, section: string) =>
  createHash('sha256').update(header).update(section).digest();

type Bytes = AsyncIterable<Buffer>;

async function* sealed(plain: Bytes, key: Buffer, ad: Buffer): AsyncGenerator<Buffer> {
  let [held, number]: [Buffer, number] = [Buffer.alloc(0), 0];
  const seal = (bytes: Buffer, isLast: boolean) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce(number++, isLast)).setAAD(ad);
    const size = (bytes.length | (isLast ? last : 0)) >>> 0;
    return Buffer.concat([fourBytes(size), cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  };
  for await (const some of plain) {
    held = Buffer.concat([held, some]);
    for (; held.length > piece; held = held.subarray(piece)) yield seal(held.subarray(0, piece), false);
  }
  yield seal(held, true);
}

type Section = { name: string; key: Buffer; plain: () => Bytes };

/** Writes a copy beside its name and puts it there when all of it is on the disk. */
export async function write(file: string, header: Header, sections: Section[]): Promise<void> {
  const half = `${file}.half`;
  const bytes = Buffer.from(JSON.stringify(header));
  const handle = await openFile(half, 'w', 0o600);
  try {
    await handle.write(Buffer.concat([signs, fourBytes(bytes.length), bytes]));
    for (const { name, key, plain } of sections) {
      const zipped = createGzip({ level: 6 });
      const zipping = pipeline(Readable.from(plain(), { objectMode: false }), zipped);
      zipping.catch(() => {});
      for await (const one of sealed(zipped, key, beside(bytes, name))) await handle.write(one);
      await zipping;
    }
    await handle.sync();
    await handle.close();
    await rename(half, file);
    const folder = await openFile(path.dirname(file), 'r');
    await folder.sync().finally(() => folder.close());
  } catch (fault) {
    await handle.close().catch(() => {});
    await unlink(half).catch(() => {});
    throw fault;
  }
}

type Copy = {
  header: Header;
  /** The next section's content; throws Damaged. Without a key it is only passed by. */
  section(name: string, key: Buffer | null): Bytes;
  /** Throws Damaged when something follows. */
  end(): Promise<void>;
  close(): Promise<void>;
};

/** Opens a copy to read its sections in order; null: there is no such file. Throws Damaged. */
export async function open(file: string): Promise<Copy | null> {
  const handle = await openFile(file, 'r').catch(() => null);
  if (!handle) return null;
  try {
    if (!(await take(handle, signs.length)).equals(signs)) throw new Damaged();
    const size = (await take(handle, 4)).readUInt32BE();
    if (size > 10_000_000) throw new Damaged();
    const bytes = await take(handle, size);
    const header = Header.parse(JSON.parse(bytes.toString()));
    return {
      header,
      section: (name, key) => section(handle, key, beside(bytes, name)),
      end: async () => {
        if ((await handle.read(Buffer.alloc(1))).bytesRead > 0) throw new Damaged();
      },
      close: () => handle.close(),
    };
  } catch (fault) {
    await handle.close();
    if (fault instanceof z.ZodError || fault instanceof SyntaxError) throw new Damaged();
    throw fault;
  }
}

async function take(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(bytes, at, size - at);
    if (bytesRead === 0) throw new Damaged();
    at += bytesRead;
  }
  return bytes;
}

async function* pieces(handle: FileHandle, key: Buffer | null, ad: Buffer): AsyncGenerator<Buffer> {
  for (let number = 0, isLast = false; !isLast; number++) {
    const size = (await take(handle, 4)).readUInt32BE();
    isLast = size >= last;
    const length = size & ~last;
    if (length > piece) throw new Damaged();
    const bytes = await take(handle, length + 16);
    if (!key) continue;
    const decipher = createDecipheriv('aes-256-gcm', key, nonce(number, isLast)).setAAD(ad);
    decipher.setAuthTag(bytes.subarray(length));
    const plain = decipher.update(bytes.subarray(0, length));
    try {
      decipher.final();
    } catch {
      throw new Damaged();
    }
    yield plain;
  }
}

async function* section(handle: FileHandle, key: Buffer | null, ad: Buffer): AsyncGenerator<Buffer> {
  if (!key) {
    for await (const _ of pieces(handle, null, ad)) void _;
    return;
  }
  const plain = createGunzip();
  const unzipping = pipeline(Readable.from(pieces(handle, key, ad), { objectMode: false }), plain);
  unzipping.catch(() => {});
  for await (const some of plain) yield some as Buffer;
  await unzipping;
}
