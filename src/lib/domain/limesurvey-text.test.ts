import { describe, expect, it } from 'vitest';
import { languageOf, plain } from '#domain/limesurvey-text.ts';

describe('a text of LimeSurvey as plain text', () => {
  it.each([
    ['Jeg trives.', 'Jeg trives.', []],
    ['<p>Jeg <b>tri</b>ves.</p>\r\n<p>Ofte.</p>', 'Jeg trives. Ofte.', ['markup']],
    ['Bl&aring;b&aelig;r &amp; fl&#248;te &#x2013; &lt;b&gt; &ukjent;', 'Blåbær & fløte – <b> &ukjent;', []],
    ['A<script>alert(1)</script>B', 'A B', ['script', 'markup']],
    ['A<SCRIPT src=x>aldri lukket', 'A', ['script', 'markup']],
    ['<img src=x onerror=alert(1)>Hei', 'Hei', ['script', 'markup']],
    ['<a href="javascript:x">Hei</a>', 'Hei', ['script', 'markup']],
    ['<scr<script>x</script>ipt>alert(1)', 'alert(1)', ['script', 'markup']],
    ['Hei {TOKEN:FIRSTNAME}', 'Hei {TOKEN:FIRSTNAME}', ['expression']],
    ['2 < 3 og 4 > 3', '2 < 3 og 4 > 3', []],
    ['snu\u202Edet\u0007her\u0000', 'snudet her', []],
    ['&#55296;&#1114112;&#0;x\ud800', 'x\ufffd', []],
    ['<!-- borte', '', ['markup']],
    ['', '', []],
  ])('%j', (html, text, losses) => {
    expect(plain(html)).toEqual({ text, losses });
  });

  it('takes no longer for a hostile text than its length allows', () => {
    for (const hostile of ['<script', '<a ', '<!--', '{a', '&#1', ' onx', '<']) {
      const began = performance.now();
      plain(hostile.repeat(200_000));
      expect(performance.now() - began).toBeLessThan(5000);
    }
  });
});

it.each([
  ['nb', 'nb'],
  ['no', 'nb'],
  ['pt-BR', 'pt-BR'],
  ['zh-Hans', 'zh-Hans'],
  ['de-informal', null],
  ['__proto__', null],
])('language %s is %s', (code, tag) => expect(languageOf(code)).toBe(tag));
