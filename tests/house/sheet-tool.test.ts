import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import * as Sheet from '#domain/sheet.ts';

/* tools/sheet.js, typed to as a person would, beside the code that reads its sheets. */

const tool = path.resolve(import.meta.dirname, '../../tools/sheet.js');

/** The tool running in a folder, what it has said, and a way to wait for something of it. */
function started(words: string[], cwd: string) {
  const child = spawn(process.execPath, [tool, ...words], { cwd });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  const over = new Promise<number | null>((ended) => child.once('close', ended));
  const hears = (what: RegExp, times = 1) =>
    expect.poll(() => said.match(new RegExp(what, 'g'))).toHaveLength(times);
  return {
    over,
    said: () => said,
    hears,
    type: (line: string) => child.stdin.write(`${line}\n`),
    shut: () => child.stdin.end(),
    lines: () => [...said.matchAll(/^[1-4]\. (.*)$/gm)].map(([, line]) => line!).slice(0, 4),
  };
}

async function inFolder(run: (folder: string) => Promise<void>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'sheet-'));
  await run(folder).finally(() => rmSync(folder, { recursive: true }));
}

it('makes a sheet that opens, and gives the public half once a line has been typed back', () =>
  inFolder(async (folder) => {
    const tool = started(['public.txt'], folder);
    await tool.hears(/Trykk Enter når alt står/);
    const lines = tool.lines();
    const secret = await Sheet.read(lines.join('\n'));
    if (!secret.ok) return expect.fail(secret.refusal);
    tool.type('');
    await tool.hears(/Skriv linje \d/);
    const number = Number(/Skriv linje (\d)/.exec(tool.said())![1]);

    tool.type(lines[number % 4]!);
    await tool.hears(/er skrevet feil/);
    tool.type(lines[number - 1]!.replace(/.$/, (sign) => (sign === '0' ? '2' : '0')));
    await tool.hears(/er skrevet feil/, 2);
    expect(tool.said()).not.toMatch(/[\w-]{86}/);
    expect(readdirSync(folder)).toEqual([]);

    tool.type(lines[number - 1]!.toUpperCase().replaceAll('0', 'O').replaceAll(' ', '-'));
    expect(await tool.over).toBe(0);
    const point = /^[\w-]{87}$/m.exec(tool.said())![0];
    expect((await Sheet.keyOf(secret.secret, [point], crypto))?.point).toBe(point);
    expect(tool.said()).toContain(`Kontrollord: ${await Sheet.checkWord(point)}`);
    // Of all that lies on the disk afterwards there is the public half alone.
    expect(readdirSync(folder)).toEqual(['public.txt']);
    expect(readFileSync(path.join(folder, 'public.txt'), 'utf8')).toBe(`${point}\n`);
  }));

it('left before the line was typed it gives no public half', () =>
  inFolder(async (folder) => {
    const tool = started([], folder);
    await tool.hears(/Trykk Enter/);
    tool.shut();
    expect(await tool.over).toBe(1);
    expect(tool.said()).toContain('Dette arket gjelder ikke');
    expect(tool.said()).not.toMatch(/[\w-]{86}/);
  }));

it('asked wrongly it says how to ask', () =>
  inFolder(async (folder) => {
    const tool = started(['a', 'b'], folder);
    expect(await tool.over).toBe(2);
    expect(tool.said()).toContain('Skriv: node tools/sheet.js [FIL]');
  }));
