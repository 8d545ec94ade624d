// How every page looks: what axe says, what overflows, what the browser
// complains of. With SCREENSHOTS=DIR, pictures of them all.
import { test, before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { world } from '../world.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.SCREENSHOTS;
const combinations = ['en-GB', 'ja-JP'].flatMap((locale) => ['light', 'dark'].map((colorScheme) => ({ locale, colorScheme })));

const ja = (tag, value) => ({ [`${tag}s`]: [{ tag: 'ja', value }] });
const scopes = [
  { name: 'openid' }, { name: 'profile' }, { name: 'email' }, { name: 'offline_access' },
  { name: 'accounts', description: 'See the balances and the transactions of your accounts', ...ja('description', '口座の残高と取引明細の参照') },
  { name: 'payments', description: 'Start payments of up to 500 euros a day', ...ja('description', '1 日 50,000 円までの支払いの開始') },
  { name: 'urn:example:a-scope-without-any-description:of-a-great-length' },
];

let w, client, crowded;
before(async () => {
  w = await world({ supportedScopes: scopes });
  const addresses = { policyUri: 'https://client.example/policy', tosUri: 'https://client.example/terms' };
  client = await w.newClient({ ...addresses, ...ja('clientName', '家計簿アプリ') });
  // Everything as long as it gets.
  crowded = await w.newClient({ ...addresses, clientName: 'W'.repeat(60) + ' ' + 'and a rather long name '.repeat(4) });
});
after(() => w?.stop());

/** Brings up every page, one after the other, and hands it to look. */
async function everyPage(p, look) {
  const locales = p.locale === 'ja-JP' ? { ui_locales: 'ja' } : {};
  const request = (parameters) => w.request(client, { ...locales, ...parameters });
  await p.begin(request());
  await look('login');
  await p.begin(request({ login_hint: 'john' }));
  await p.logIn({ password: 'wrong', expect: 'login-error' });
  await look('login-wrong');
  await p.logIn();
  await look('consent');
  await p.press('authorize-button');
  await p.page.goto(request({ scope: 'openid profile email offline_access accounts payments', claims: JSON.stringify({ userinfo: { phone_number: null, birthdate: null } }) }).url);
  await p.see('scopes-before');
  await look('consent-more');
  await p.page.goto(w.request(crowded, { ...locales, scope: scopes.map((s) => s.name).join(' '), claims: JSON.stringify({ userinfo: { ['https://claims.example/' + 'x'.repeat(80)]: null } }) }).url);
  await p.see('signed-in');
  await look('consent-crowded');
  await p.begin(w.request(crowded, { prompt: 'login', login_hint: 'x'.repeat(200) }));
  await look('login-crowded');

  await p.begin(request({ prompt: 'login' }));
  for (let tries = 0; ; tries++) {
    await p.page.fill('#loginId', 'locked');
    await p.page.fill('#password', 'wrong');
    await p.page.click('#authorize-button');
    await p.page.waitForSelector('#incident, #login-error:not([data-old])');
    if (await p.page.locator('#incident').count()) break;
    assert.ok(tries < 15);
    await p.page.evaluate(() => document.querySelector('#login-error').setAttribute('data-old', ''));
  }
  await look('limited');
  await p.begin(request({ prompt: 'login' }));
  await p.page.evaluate(() => (document.querySelector('[name=csrf]').value = 'x'));
  await p.logIn({ expect: 'incident' });
  await look('forged');
  await p.page.goto(`${w.issuer}/interaction/x`);
  await look('gone');
  await p.page.goto(request({ redirect_uri: 'https://elsewhere.example/' }).url);
  await p.see('error');
  await look('refused');
}

const text = (o) => `${o.locale.slice(0, 2)} ${o.colorScheme}`;

/** A test of pages in every language and colour scheme. */
function everywhere(name, settings, walk) {
  for (const combination of combinations) {
    test(`${name}, ${text(combination)}`, async () => {
      const p = await w.person({ ...combination, ...settings });
      Object.assign(p, combination);
      try {
        await walk(p);
        p.clean();
      } finally {
        await p.leave();
      }
    });
  }
}

const looks = [['axe finds nothing', { bypassCSP: true }, accessible], ['nothing overflows, and no complaints', {}, fits]];

describe('every page', () => {
  for (const [name, settings, look] of looks) everywhere(name, settings, (p) => everyPage(p, (page) => look(p, page)));
});

// These two end the service and then the engine.
describe('what goes wrong on our side', () => {
  test('the service is gone', () => w.server.call('service/delete', undefined, 'DELETE'));
  for (const [name, settings, look] of looks) {
    everywhere(`broken: ${name}`, settings, async (p) => {
      await p.page.goto(w.request(client).url);
      await p.see('incident');
      await look(p, 'broken');
    });
  }
  test('the engine is gone', () => w.server.stopEngine());
  for (const [name, settings, look] of looks) {
    everywhere(`busy: ${name}`, settings, async (p) => {
      await p.page.goto(w.request(client).url);
      await p.see('incident');
      await look(p, 'busy');
    });
  }
});

async function accessible(p, name) {
  await p.page.addScriptTag({ content: axe });
  const violations = await p.page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } });
    return violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => `${n.html} ${n.any[0]?.message ?? ''}`).join('\n')}`);
  });
  assert.deepEqual(violations, [], name);
}

/** The language, the scheme, and the width that the page takes. */
async function fits(p, name) {
  const { page } = p;
  assert.equal(await page.getAttribute('html', 'lang'), p.locale.slice(0, 2), name);
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const brightness = background.match(/\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3;
  assert.ok(p.colorScheme === 'dark' ? brightness < 70 : brightness > 200, `${name} is ${background}`);
  const old = page.viewportSize();
  for (const [width, height, size] of [[1280, 800, 100], [640, 400, 100], [390, 844, 100], [320, 256, 100], [1280, 800, 200], [320, 568, 200]]) {
    await page.setViewportSize({ width, height });
    await page.evaluate((size) => (document.documentElement.style.fontSize = `${size}%`), size);
    const { wide, out } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      out: [...document.querySelectorAll('main *')].filter((e) => {
        const { left, right } = e.getBoundingClientRect();
        return left < 0 || right > document.documentElement.clientWidth + 0.5 || (e.localName !== 'input' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0);
      }).map((e) => e.outerHTML.slice(0, 80)),
    }));
    assert.ok(wide <= width, `${name} is ${wide} wide in ${width}px at ${size}%`);
    assert.deepEqual(out, [], `${name} in ${width}px at ${size}%`);
    if (pictures && size === 100 && (width === 390 || (width === 1280 && height === 800))) {
      const dir = join(pictures, p.locale.slice(0, 2), p.colorScheme);
      mkdirSync(dir, { recursive: true });
      await page.screenshot({ path: join(dir, `${name}-${width}.png`), fullPage: true });
    }
  }
  await page.evaluate(() => (document.documentElement.style.fontSize = ''));
  await page.setViewportSize(old);
}
