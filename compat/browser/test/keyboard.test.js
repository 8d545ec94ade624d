// The pages by keyboard alone.
import { before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { world, visit, one, refused, moment } from '../world.js';

let w, client;
const here = () => w;
before(async () => {
  w = await world();
  client = await w.newClient({ policyUri: 'https://client.example/policy', tosUri: 'https://client.example/terms' });
});
after(() => w?.stop());

/** Where Tab leads, one press after the other; each place is marked. */
async function round(p, keys) {
  const seen = [];
  for (const key of keys) {
    await p.page.keyboard.press(key);
    seen.push(await p.focused());
    const outline = await p.page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth);
    });
    assert.ok(outline >= 2, `${seen.at(-1)} has an outline of ${outline}px`);
  }
  return seen;
}

visit('login: the order of focus, there and back', here, async (p) => {
  await p.begin(w.request(client));
  assert.equal(await p.focused(), 'body');
  assert.deepEqual(await round(p, Array(4).fill('Tab')), ['loginId', 'password', 'authorize-button', 'deny-button']);
  assert.deepEqual(await round(p, Array(3).fill('Shift+Tab')), ['authorize-button', 'password', 'loginId']);
});

visit('login: Enter in a field signs in, and does not cancel', here, async (p) => {
  for (const field of ['password', 'loginId']) {
    const r = w.request(client, { prompt: 'login' });
    await p.begin(r);
    await p.page.fill('#loginId', 'john');
    await p.page.fill('#password', 'secret');
    await p.page.focus(`#${field}`);
    await p.page.keyboard.press('Enter');
    await p.see('signed-in');
    assert.equal(r.answers().length, 0);
  }
});

visit('typed from begin to end', here, async (p) => {
  const r = w.request(client);
  const { keyboard } = p.page;
  await p.begin(r);
  await keyboard.press('Tab');
  await keyboard.type('john');
  await keyboard.press('Tab');
  await keyboard.type('secret');
  await keyboard.press('Enter');
  await p.see('signed-in');
  await keyboard.press('Tab');
  assert.equal(await p.focused(), 'authorize-button');
  await keyboard.press('Space');
  await p.see('arrived');
  one(r);
});

visit('login: Space on cancel', here, async (p) => {
  const r = w.request(client);
  await p.begin(r);
  await round(p, Array(4).fill('Tab'));
  await p.page.keyboard.press('Space');
  await p.see('arrived');
  refused(r, 'access_denied');
});

visit('consent: nothing has the focus, and Enter does nothing', here, async (p) => {
  const r = w.request(client);
  await p.begin(r);
  await p.page.fill('#loginId', 'john');
  await p.page.fill('#password', 'secret');
  await p.page.keyboard.press('Enter');
  await p.see('signed-in');
  assert.equal(await p.focused(), 'body');
  for (const key of ['Enter', 'Space', 'Enter']) await p.page.keyboard.press(key);
  await moment();
  assert.equal(r.answers().length, 0);
  assert.equal(await p.signedIn(), 'John Flores');
});

describe('consent: the order of focus, and what each button does', () => {
  const order = ['authorize-button', 'deny-button', 'switch-button', 'a', 'a'];
  visit('there and back', here, async (p) => {
    await p.begin(w.request(client));
    await p.logIn();
    assert.deepEqual(await round(p, Array(5).fill('Tab')), order);
    assert.deepEqual(await round(p, Array(4).fill('Shift+Tab')), order.slice(0, -1).reverse());
  });
  for (const [n, key, outcome] of [[1, 'Enter', one], [2, 'Enter', (r) => refused(r, 'access_denied')], [2, 'Space', (r) => refused(r, 'access_denied')]]) {
    visit(`${key} on ${order[n - 1]}`, here, async (p) => {
      const r = w.request(client);
      await p.begin(r);
      await p.logIn();
      await round(p, Array(n).fill('Tab'));
      await p.page.keyboard.press(key);
      await p.see('arrived');
      outcome(r);
    });
  }
  visit('Enter on switch-button', here, async (p) => {
    await p.begin(w.request(client));
    await p.logIn();
    await round(p, Array(3).fill('Tab'));
    await p.page.keyboard.press('Enter');
    await p.see('loginId');
  });
});

visit('after a wrong password the focus is where to go on', here, async (p) => {
  for (const [parameters, field] of [[{}, 'loginId'], [{ login_hint: 'john' }, 'password']]) {
    await p.begin(w.request(client, parameters));
    await p.logIn({ password: 'wrong', expect: 'login-error' });
    assert.equal(await p.focused(), field);
  }
});
