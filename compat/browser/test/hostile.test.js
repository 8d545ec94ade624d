// What others may try: frames, forged forms, copied addresses, markup.
import { test, before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { world, visit, one, evil, moment } from '../world.js';

let w, client;
const here = () => w;
before(async () => {
  w = await world();
  client = await w.newClient();
});
after(() => w?.stop());

/** A test whose browser may complain. */
const attack = (name, walk) =>
  test(name, async () => {
    const p = await w.person();
    try {
      await walk(p);
    } finally {
      await p.leave();
    }
  });

// Both are other origins than the front's. The neighbour is of the same site,
// and what it sends carries the cookies of the front.
const places = () => [['another site', w.app.origin], ['a neighbour', w.app.neighbour]];

describe('frames', () => {
  attack('no page shows in a frame', async (p) => {
    const r = w.request(client);
    await p.begin(r);
    const interaction = p.page.url();
    const addresses = { login: interaction, authorize: w.request(client).url, message: `${w.issuer}/authorize?client_id=0`, gone: `${w.issuer}/interaction/x` };
    w.app.pages.set('/framed', '<p id="framed">framed</p>');
    w.app.pages.set('/frames', Object.entries({ control: '/framed', ...addresses }).map(([k, v]) => `<iframe name="${k}" src="${v.replaceAll('&', '&amp;')}"></iframe>`).join(''));
    for (const [place, origin] of places()) {
      const page = await p.tab();
      await page.goto(`${origin}/frames`);
      assert.equal(await page.frame('control').textContent('#framed'), 'framed');
      for (const name of Object.keys(addresses)) {
        const frame = page.frame(name);
        await frame.waitForLoadState();
        assert.equal(await frame.locator('main').count(), 0, `${name} shows in a frame of ${place}`);
        assert.match(frame.url(), /^chrome-error:/, `${name} in a frame of ${place}`);
      }
    }
  });
});

describe('forged forms', () => {
  const form = (action, values, target = '') =>
    `<form method="post" action="${action}"${target}>` + Object.entries(values).map(([k, v]) => `<input type="hidden" name="${k}" value="${v}">`).join('') + '<button id="go">go</button></form>';

  attack('a form of another origin allows nothing', async (p) => {
    const r = w.request(client);
    await p.begin(r);
    await p.logIn();
    const values = { authorized: 'true', csrf: '', session: '' };
    for (const [place, origin] of places()) {
      w.app.pages.set('/forged', form(p.page.url(), values));
      const page = await p.tab();
      await page.goto(`${origin}/forged`);
      await page.click('#go');
      await p.see('incident', page);
      assert.equal(await page.textContent('h1'), origin === w.app.neighbour ? 'This form did not come from our page.' : 'This page has expired or was already used.', place);
      assert.equal(r.answers().length, 0, place);
    }
    await p.press('authorize-button');
    one(r);
  });

  attack('a form of another origin logs nobody in', async (p) => {
    await p.begin(w.request(client));
    for (const [, origin] of places()) {
      w.app.pages.set('/forged', form(p.page.url(), { authorized: 'true', loginId: 'jane', password: 'secret' }));
      const page = await p.tab();
      await page.goto(`${origin}/forged`);
      await page.click('#go');
      await p.see('incident', page);
    }
    await p.page.reload();
    await p.see('loginId');
    assert.deepEqual((await p.cookies()).filter((c) => c.name.endsWith('_session')), []);
  });

  attack('a form that posts to the authorization endpoint asks, whatever it says', async (p) => {
    await p.through(w.request(client));
    const own = await w.newClient();
    for (const [place, origin] of places()) {
      const r = w.request(own);
      w.app.pages.set('/forged', form(`${w.issuer}/authorize`, { ...Object.fromEntries(r.form), authorized: 'true', loginId: 'john', password: 'secret' }));
      const page = await p.tab();
      await page.goto(`${origin}/forged`);
      await page.click('#go');
      await p.see('signed-in', page);
      assert.equal(r.answers().length, 0, place);
    }
  });

  attack('a page that was shown to one cannot be sent by another', async (p) => {
    const other = await w.person();
    try {
      const r = w.request(client);
      await p.begin(r);
      await p.logIn();
      const copied = Object.fromEntries(await p.page.locator('input[type=hidden]').evaluateAll((all) => all.map((e) => [e.name, e.value])));
      w.app.pages.set('/copied', form(p.page.url(), { ...copied, authorized: 'true' }));
      await other.page.goto(`${w.app.neighbour}/copied`);
      await other.page.click('#go');
      await other.see('incident');
      assert.equal(r.answers().length, 0);
    } finally {
      await other.leave();
    }
  });
});

describe('copied addresses', () => {
  visit('the address of a page shows nothing in another browser', here, async (p) => {
    const other = await w.person();
    try {
      for (const step of ['begin', 'logIn']) {
        await (step === 'begin' ? p.begin(w.request(client)) : p.logIn());
        await other.page.goto(p.page.url());
        assert.equal(await other.page.textContent('h1'), 'This page has expired or was already used.');
        assert.equal(await other.page.locator('form').count(), 0);
        assert.doesNotMatch(await other.page.content(), /Household|Example Bank|John/);
      }
      other.clean();
    } finally {
      await other.leave();
    }
  });
});

describe('cookies', () => {
  visit('scripts do not see them, and other sites do not send them', here, async (p) => {
    const r = w.request(client);
    await p.begin(r);
    const first = await p.cookies();
    await p.logIn();
    assert.equal(await p.page.evaluate(() => document.cookie), '');
    await p.press('authorize-button');
    const all = await p.cookies();
    // Chromium treats a cookie that says nothing as Lax, but not in its first two minutes.
    assert.ok(p.setCookies.length >= 4);
    for (const c of p.setCookies) assert.match(c, /; HttpOnly; SameSite=Lax$/);
    assert.equal(first.length, 1);
    assert.match(first[0].name, /^symbolon_[0-9a-f]+_i_/);
    assert.deepEqual(all.map((c) => c.name.replace(/.*_/, '')).sort(), ['consents', 'session'], 'what is left');
    for (const c of [...first, ...all]) {
      assert.deepEqual([c.httpOnly, c.sameSite, c.path, c.domain], [true, 'Lax', '/', 'localhost'], c.name);
      assert.equal(c.expires === -1, !c.name.endsWith('consents'), c.name);
    }
  });
});

describe('markup', () => {
  test('is shown as text', async () => {
    // Scopes belong to services: this one has a service of its own.
    const v = await world({ serviceName: `Bank ${evil}`, supportedScopes: [{ name: 'openid' }, { name: 'pay', description: `Pay ${evil}` }] });
    const q = await v.person();
    try {
      const c = await v.newClient({ clientName: `App ${evil}` });
      const r = v.request(c, { scope: 'openid pay', state: evil, login_hint: evil, claims: JSON.stringify({ userinfo: { [evil]: null } }) });
      await q.begin(r);
      assert.equal(await q.page.inputValue('#loginId'), evil);
      const shows = async () => {
        assert.match(await q.page.title(), /<img src=x/);
        const text = await q.page.innerText('main');
        for (const name of ['App', 'Bank']) assert.ok(text.includes(`${name} ${evil}`), text);
        assert.equal(await q.page.locator('img, script, b').count(), 0);
      };
      await shows();
      await q.logIn();
      await shows();
      assert.ok((await q.page.textContent('#scopes')).includes(`Pay ${evil}`));
      assert.ok((await q.page.textContent('#claims')).includes(evil));
      await q.press('authorize-button');
      assert.equal(one(r).state, evil);
      q.clean();
    } finally {
      await q.leave();
      await v.stop();
    }
  });

  visit('in a refused request', here, async (p) => {
    const r = w.request(client, { redirect_uri: `https://client.example/${evil}`, scope: evil, state: evil });
    await p.page.goto(r.url);
    await p.see('error');
    assert.equal(await p.page.locator('img, script, b').count(), 0);
    await moment(100);
  });
});
