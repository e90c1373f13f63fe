import { expect, test } from 'vitest';
import { html } from '#server/html.ts';

test('values are escaped, in text and in attributes', () => {
  const sign = `<script>"x" & 'y'`;
  expect(html`<p title="${sign}">${sign}</p>`.markup).toBe(
    `<p title="&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;">&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;</p>`,
  );
});

test('markup of the tag itself stays, lists are joined, and nothing is written for nothing', () => {
  const items = ['a', 'b'].map((one) => html`<li>${one}</li>`);
  expect(
    html`<ul>
      ${items}${false}${null}${undefined}${0}
    </ul>`.markup,
  ).toBe('<ul><li>a</li><li>b</li>0</ul>');
});

test('line breaks go beside tags and become a space elsewhere', () => {
  // prettier-ignore
  const made = html`<p
    class="x"
    ${html` id="y"`}
  >
    one
    two
  </p>
  <p>three</p>`;
  expect(made.markup).toBe('<p class="x" id="y">one two</p><p>three</p>');
});
