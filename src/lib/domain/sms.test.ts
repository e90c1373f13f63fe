import { describe, expect, it } from 'vitest';
import { isSender, mayGo, mobile, number, septets } from './sms.ts';

describe('septets', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['æøåÆØÅ', 6],
    ['é_#.-', 5],
    ['€[]{}~^|\\', 18],
    ['Svar på https://svar.fjordvik.no/#a_b-c', 39],
  ])('%j takes %i', (text, count) => expect(septets(text)).toBe(count));
  it.each(['č', 'đ', '“', '–', '…', '😀', '\u00a0', 'ê', 'ó'])('%j is not to be had', (text) =>
    expect(septets(`a${text}`)).toBeNull(),
  );
});

describe('a message goes from 8 to 20, Norwegian time', () => {
  it.each([
    ['winter, a minute before', '2027-01-15T06:59:59Z', false],
    ['winter, on the stroke', '2027-01-15T07:00:00Z', true],
    ['winter, last minute', '2027-01-15T18:59:59Z', true],
    ['winter, evening', '2027-01-15T19:00:00Z', false],
    ['summer, a minute before', '2027-07-15T05:59:59Z', false],
    ['summer, on the stroke', '2027-07-15T06:00:00Z', true],
    ['summer, last minute', '2027-07-15T17:59:59Z', true],
    ['summer, evening', '2027-07-15T18:00:00Z', false],
    ['midnight', '2027-01-14T23:00:00Z', false],
    ['the evening before summer time', '2027-03-27T18:59:59Z', true],
    ['the evening before summer time, after', '2027-03-27T19:00:00Z', false],
    ['the morning of summer time, too early', '2027-03-28T05:59:59Z', false],
    ['the morning of summer time', '2027-03-28T06:00:00Z', true],
    ['the evening before winter time', '2027-10-30T18:00:00Z', false],
    ['the morning of winter time, too early', '2027-10-31T06:59:59Z', false],
    ['the morning of winter time', '2027-10-31T07:00:00Z', true],
  ])('%s', (_, at, may) => expect(mayGo(new Date(at))).toBe(may));
});

describe('a number', () => {
  it.each([
    ['41234567', '+4741234567'],
    ['412 34 567', '+4741234567'],
    ['+47 412 34 567', '+4741234567'],
    ['0047 412-34-567', '+4741234567'],
    ['(+47) 412\u00a034\u00a0567', '+4741234567'],
    ['22 33 44 55', '+4722334455'],
    ['+46 70 123 45 67', '+46701234567'],
    ['4123456', null],
    ['412345678', null],
    ['+474123456', null],
    ['+4712345678', null],
    ['+0 1234567', null],
    ['+1234567890123456', null],
    ['ring meg', null],
    ['+47 41234567; 91234567', null],
    ['', null],
  ])('%j is %j', (written, found) => expect(number(written)).toBe(found));
});

describe('a text message can go to', () => {
  it.each([
    ['41234567', '+4741234567'],
    ['912 34 567', '+4791234567'],
    ['+46 70 123 45 67', '+46701234567'],
    ['22 33 44 55', null],
    ['+47 59 12 34 56', null],
    ['nei', null],
    [null, null],
    [undefined, null],
  ])('%j: %j', (written, found) => expect(mobile(written)).toBe(found));
});

describe('a sender', () => {
  it.each([
    ['Fjordvik', true],
    ['Fjordvik k.', true],
    ['Fjordvik komm', false],
    ['Bærum', false],
    ['12', false],
    ['2020', true],
    ['+4741234567', true],
    ['', false],
    ['   ', false],
  ])('%j: %s', (text, holds) => expect(isSender(text)).toBe(holds));
});
