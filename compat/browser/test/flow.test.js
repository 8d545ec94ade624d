// What people do: log in, agree, refuse, go back, reload, open tabs.
import { test, before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { world, visit, one, refused, moment } from '../world.js';

let w, client;
const here = () => w;
before(async () => {
  w = await world();
  client = await w.newClient();
});
after(() => w?.stop());

const heading = (page) => page.textContent('h1');
const gone = 'This page has expired or was already used.';

describe('one request', () => {
  visit('log in and allow', here, async (p) => {
    const r = w.request(client);
    await p.begin(r);
    assert.equal(await heading(p.page), 'Sign in');
    await p.logIn();
    assert.equal(await heading(p.page), 'Allow access');
    assert.equal(await p.signedIn(), 'John Flores');
    assert.deepEqual(await p.page.locator('#scopes li').allTextContents(), ['Know that it is you', 'See your name and your profile']);
    await p.press('authorize-button');
    const { code, iss } = one(r);
    assert.equal(iss, w.issuer);
    assert.equal((await w.userinfo(await w.redeem(client, code))).sub, '1001');
  });

  visit('log in and deny', here, async (p) => {
    const r = w.request(client);
    await p.begin(r);
    await p.logIn();
    await p.press('deny-button');
    refused(r, 'access_denied');
  });

  visit('cancel at login, with empty fields', here, async (p) => {
    const r = w.request(client);
    await p.begin(r);
    await p.press('deny-button');
    refused(r, 'access_denied');
  });

  visit('empty fields do not leave the page', here, async (p) => {
    await p.begin(w.request(client));
    await p.page.click('#authorize-button');
    await moment();
    assert.equal(await p.focused(), 'loginId');
    assert.equal(await p.page.locator('#login-error').count(), 0);
  });

  visit('a wrong password, then the right one', here, async (p) => {
    const r = w.request(client, { login_hint: 'john' });
    await p.begin(r);
    assert.equal(await p.page.locator('#login-error').count(), 0);
    await p.logIn({ password: 'wrong', expect: 'login-error' });
    assert.equal(await p.page.inputValue('#password'), '');
    assert.equal(await p.page.inputValue('#loginId'), 'john');
    for (const id of ['loginId', 'password']) {
      assert.equal(await p.page.getAttribute(`#${id}`, 'aria-describedby'), 'login-error');
      assert.equal(await p.page.getAttribute(`#${id}`, 'aria-invalid'), 'true');
    }
    // The hint named the account: what is left to type is the password.
    assert.equal(await p.focused(), 'password');
    assert.ok(await p.page.isVisible('#login-error'));
    await p.page.reload();
    await p.see('login-error');
    await p.logIn();
    await p.press('authorize-button');
    one(r);
  });

  visit('every page can be reloaded', here, async (p) => {
    const r = w.request(client);
    await p.begin(r);
    await p.page.reload();
    await p.see('loginId');
    await p.logIn();
    await p.page.reload();
    assert.equal(await p.signedIn(), 'John Flores');
    await p.press('authorize-button');
    one(r);
  });

  visit('back after the end: the page is gone, and there is no second code', here, async (p) => {
    const r = w.request(client);
    await p.through(r);
    await p.page.goBack();
    assert.equal(await heading(p.page), gone);
    await p.page.reload();
    assert.equal(await heading(p.page), gone);
    assert.equal(await p.page.locator('form').count(), 0);
    one(r);
  });

  visit('back after a denial', here, async (p) => {
    const r = w.request(client);
    await p.begin(r);
    await p.logIn();
    await p.press('deny-button');
    await p.page.goBack();
    assert.equal(await heading(p.page), gone);
    refused(r, 'access_denied');
  });

  visit('a posted request', here, async (p) => {
    const r = w.request(client);
    const inputs = [...r.form].map(([k, v]) => `<input type="hidden" name="${k}" value="${v}">`).join('');
    w.app.pages.set('/post', `<form method="post" action="${w.issuer}/authorize">${inputs}<button id="go">go</button></form>`);
    await p.page.goto(`${w.app.origin}/post`);
    await p.page.click('#go');
    await p.see('loginId');
    await p.logIn();
    await p.press('authorize-button');
    one(r);
  });

  visit('a login hint is filled in', here, async (p) => {
    await p.begin(w.request(client, { login_hint: 'jane@example.com' }));
    assert.equal(await p.page.inputValue('#loginId'), 'jane@example.com');
  });

  visit('password managers know the fields', here, async (p) => {
    await p.begin(w.request(client));
    assert.equal(await p.page.getAttribute('#loginId', 'autocomplete'), 'username');
    assert.equal(await p.page.getAttribute('#password', 'autocomplete'), 'current-password');
    assert.equal(await p.page.getAttribute('#password', 'type'), 'password');
  });
});

describe('tabs', () => {
  visit('two requests, one after the other', here, async (p) => {
    const [a, b] = [w.request(client), w.request(client, { scope: 'openid email' })];
    const second = await p.tab();
    await p.begin(a);
    await p.begin(b, second);
    await p.logIn();
    await p.press('authorize-button');
    await p.logIn({ page: second });
    await p.press('authorize-button', second);
    assert.notEqual(one(a).code, one(b).code);
  });

  visit('two requests, interleaved, of two users', here, async (p) => {
    const [a, b] = [w.request(client), w.request(client)];
    const second = await p.tab();
    await p.begin(a);
    await p.begin(b, second);
    await p.logIn();
    await p.logIn({ page: second, user: 'jane' });
    // The first page was shown to John. It is Jane who is logged in now, and
    // she is asked for herself.
    await p.page.click('#authorize-button');
    await p.page.waitForFunction(() => document.querySelector('#signed-in')?.textContent === 'Jane Doe');
    assert.equal(a.answers().length, 0);
    await p.press('authorize-button');
    await p.press('authorize-button', second);
    for (const r of [a, b]) assert.equal((await w.userinfo(await w.redeem(client, one(r).code))).sub, '1002');
  });

  visit('the same request twice', here, async (p) => {
    const r = w.request(client);
    const second = await p.tab();
    await p.begin(r);
    await second.goto(p.page.url());
    await p.see('loginId', second);
    await p.logIn();
    await second.reload();
    await p.see('signed-in', second);
    await p.press('authorize-button');
    await second.click('#authorize-button');
    await second.waitForFunction((t) => document.querySelector('h1').textContent === t, gone);
    one(r);
  });

  visit('the same request twice: the old login form does nothing', here, async (p) => {
    const r = w.request(client);
    const second = await p.tab();
    await p.begin(r);
    await second.goto(p.page.url());
    await p.logIn();
    await p.logIn({ page: second, user: 'jane' });
    assert.equal(await p.signedIn(second), 'John Flores');
    await p.page.reload();
    assert.equal(await p.signedIn(), 'John Flores');
    await p.press('authorize-button');
    one(r);
  });
});

describe('impatience', () => {
  // A second press must not reach a button of the page that follows.
  for (const pause of [0, 50, 100, 200, 300]) {
    visit(`sign in is pressed twice, ${pause} ms apart`, here, async (p) => {
      const r = w.request(client);
      await p.begin(r);
      await p.page.fill('#loginId', 'john');
      await p.page.fill('#password', 'secret');
      const { x, y } = await p.page.locator('#authorize-button').boundingBox();
      await p.page.mouse.click(x + 5, y + 5);
      await moment(pause);
      await p.page.mouse.click(x + 5, y + 5);
      await p.see('signed-in');
      await moment();
      assert.equal(await p.signedIn(), 'John Flores');
      assert.deepEqual(r.answers(), []);
    });
  }

  visit('the buttons of the consent page do not hear the mouse at first', here, async (p) => {
    await p.begin(w.request(client));
    await p.logIn();
    const under = (again) => {
      const buttons = document.querySelector('.buttons');
      if (again) buttons.style.animation = 'none';
      buttons.getBoundingClientRect();
      buttons.style.animation = '';
      const { x, y } = document.querySelector('#authorize-button').getBoundingClientRect();
      return document.elementFromPoint(x + 5, y + 5).id;
    };
    assert.notEqual(await p.page.evaluate(under, true), 'authorize-button');
    await moment(1200);
    assert.equal(await p.page.evaluate(under, false), 'authorize-button');
  });
});

describe('without JavaScript', () => {
  visit('log in, wrong and right, allow', here, { javaScriptEnabled: false }, async (p) => {
    const r = w.request(client);
    await p.begin(r);
    await p.logIn({ password: 'wrong', expect: 'login-error' });
    await p.logIn();
    await p.press('authorize-button');
    one(r);
  });

  visit('form_post: a button takes the place of the script', here, { javaScriptEnabled: false }, async (p) => {
    const r = w.request(client, { response_mode: 'form_post' });
    await p.begin(r);
    await p.logIn();
    await p.page.click('#authorize-button');
    await p.page.click('button:has-text("Continue")');
    await p.see('arrived');
    assert.equal(one(r).method, 'POST');
  });
});

describe('ways back to the client', () => {
  for (const button of ['authorize-button', 'deny-button']) {
    visit(`form_post posts itself: ${button}`, here, async (p) => {
      const state = `<b>"'&</b> ${button}`;
      const r = w.request(client, { response_mode: 'form_post', state });
      await p.begin(r);
      await p.logIn();
      await p.press(button);
      const [answer] = r.answers();
      assert.equal(answer.method, 'POST');
      assert.equal(answer.state, state);
      if (button === 'deny-button') refused(r, 'access_denied');
      else one(r);
    });
  }

  visit('form_post of a refusal without any page', here, async (p) => {
    const r = w.request(client, { response_mode: 'form_post', prompt: 'none' });
    await p.page.goto(r.url);
    await p.see('arrived');
    refused(r, 'login_required');
    assert.equal(r.answers()[0].method, 'POST');
  });

  visit('a pushed request, whose redirect URI the front does not see', here, async (p) => {
    const state = 'pushed';
    const { request_uri } = await w.push(client, { state });
    await p.page.goto(`${w.issuer}/authorize?${new URLSearchParams({ client_id: client.clientId, request_uri })}`);
    await p.see('loginId');
    await p.logIn();
    await p.press('authorize-button');
    one({ answers: () => w.app.answers(state) });
  });

  test('the redirect to the client is what form-action allows', async () => {
    // Were the client's origin not named, Chromium would stop the redirect.
    const p = await w.person();
    try {
      const other = await w.newClient({ redirectUris: [w.app.callback, `${w.app.neighbour}/cb`] });
      for (const redirect_uri of [w.app.callback, `${w.app.neighbour}/cb`]) {
        const r = w.request(other, { redirect_uri, prompt: 'login consent' });
        const response = await p.page.goto(r.url);
        assert.ok(response.headers()['content-security-policy'].endsWith(`form-action 'self' ${new URL(redirect_uri).origin}`));
        await p.logIn();
        await p.press('authorize-button');
        one(r);
      }
      p.clean();
    } finally {
      await p.leave();
    }
  });
});

describe('what the request demands', () => {
  visit('a confidential client asks again: no page; with one scope more: old and new apart', here, async (p) => {
    const own = await w.newClient();
    await p.through(w.request(own));
    const again = w.request(own);
    await p.page.goto(again.url);
    await p.see('arrived');
    one(again);
    const more = w.request(own, { scope: 'openid profile email' });
    await p.page.goto(more.url);
    await p.see('signed-in');
    assert.deepEqual(await p.page.locator('#scopes li').allTextContents(), ['See your e-mail address']);
    assert.deepEqual(await p.page.locator('#scopes-before li').allTextContents(), ['Know that it is you', 'See your name and your profile']);
    await p.press('authorize-button');
    one(more);
    const less = w.request(own, { scope: 'openid email', prompt: 'none' });
    await p.page.goto(less.url);
    await p.see('arrived');
    one(less);
  });

  visit('a public client is asked about again', here, async (p) => {
    const own = await w.newClient({ clientType: 'PUBLIC' });
    const pkce = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
    await p.through(w.request(own, pkce));
    await p.page.goto(w.request(own, pkce).url);
    await p.see('signed-in');
    assert.equal(await p.page.locator('#scopes').count(), 0);
    assert.equal(await p.page.locator('#scopes-before li').count(), 2);
  });

  visit('prompt=login, prompt=consent, prompt=none', here, async (p) => {
    const own = await w.newClient();
    await p.through(w.request(own));
    const login = w.request(own, { prompt: 'login' });
    await p.begin(login);
    await p.logIn({ expect: 'arrived' });
    one(login);
    const consent = w.request(own, { prompt: 'consent' });
    await p.page.goto(consent.url);
    await p.see('signed-in');
    await p.press('authorize-button');
    one(consent);
    const none = w.request(own, { prompt: 'none' });
    await p.page.goto(none.url);
    await p.see('arrived');
    one(none);
    const foreign = w.request(client, { prompt: 'none' });
    await p.page.goto(foreign.url);
    await p.see('arrived');
    refused(foreign, 'consent_required');
  });

  visit('max_age: an old login does not do', here, async (p) => {
    const own = await w.newClient();
    await p.through(w.request(own));
    const young = w.request(own, { max_age: '3600' });
    await p.page.goto(young.url);
    await p.see('arrived');
    one(young);
    await moment(2200);
    const old = w.request(own, { max_age: '1' });
    await p.begin(old);
    await p.logIn({ expect: 'arrived' });
    one(old);
  });

  visit('sign in as somebody else', here, async (p) => {
    const r = w.request(client);
    await p.begin(r);
    await p.logIn();
    await p.page.click('#switch-button');
    await p.see('loginId');
    await p.logIn({ user: 'jane' });
    assert.equal(await p.signedIn(), 'Jane Doe');
    await p.press('authorize-button');
    assert.equal((await w.userinfo(await w.redeem(client, one(r).code))).sub, '1002');
  });

  visit('claims that are asked for one by one are told', here, async (p) => {
    await p.begin(w.request(client, { claims: JSON.stringify({ id_token: { email: null }, userinfo: { name: null } }) }));
    await p.logIn();
    assert.deepEqual(await p.page.locator('#claims li').allTextContents(), ['E-mail address', 'Name']);
  });
});

describe('languages', () => {
  const inJapanese = async (p, r) => {
    await p.begin(r);
    assert.equal(await p.page.getAttribute('html', 'lang'), 'ja');
    assert.equal(await heading(p.page), 'ログイン');
    await p.logIn();
    assert.equal(await heading(p.page), 'アクセスの許可');
    await p.press('authorize-button');
    one(r);
  };
  visit('ui_locales=ja', here, (p) => inJapanese(p, w.request(client, { ui_locales: 'fr ja' })));
  visit('a Japanese browser', here, { locale: 'ja-JP' }, (p) => inJapanese(p, w.request(client)));
  visit('ui_locales goes before the browser', here, { locale: 'ja-JP' }, async (p) => {
    await p.begin(w.request(client, { ui_locales: 'en-US' }));
    assert.equal(await heading(p.page), 'Sign in');
  });
  visit('any other browser', here, { locale: 'fr-FR' }, async (p) => {
    await p.begin(w.request(client));
    assert.equal(await p.page.getAttribute('html', 'lang'), 'en');
  });
});
