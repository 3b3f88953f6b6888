import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { authorizeUrl, choose, plain, redirectUri, sentBack, startEntra } from './start-entra.ts';

const people = ['ana', 'ben', 'chloe', 'dmitri', 'eva'].map((name) => `${name}@alderfinch.example`);
const buttons = (page: string) => [...page.matchAll(/<button[^>]* value="([^"]+)"/g)].map(([, value]) => value);

verifies('entra:page', 'has a button for everybody and one to cancel, and is not kept', async () => {
  const started = await startEntra();

  const response = await fetch(authorizeUrl(started));
  const page = await response.text();

  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(buttons(page)).toEqual([...people, 'guest@elsewhere.example', 'stranger@elsewhere.example', 'cancel']);
  expect(page).toMatch(/<html lang="en">[^]*<title>Choose an account<\/title>[^]*<h1>[^]*<strong>Adjutant<\/strong>/);
});

verifies('entra:page', 'a login hint comes first and has the focus', async () => {
  const started = await startEntra();

  const page = await (await fetch(authorizeUrl(started, { login_hint: 'Dmitri@alderfinch.example' }))).text();

  expect(buttons(page)[0]).toBe('dmitri@alderfinch.example');
  expect(page.match(/autofocus/g)).toHaveLength(1);
  expect(page).toMatch(/value="dmitri@alderfinch\.example"\s+autofocus/);
});

verifies('entra:page', 'what stands in the address is shown as text, never as markup', async () => {
  const started = await startEntra();
  const evil = '"><script>alert(1)</script>';

  const shown = await (await fetch(authorizeUrl(started, { state: evil, client_id: evil }))).text();
  const carried = await (await fetch(authorizeUrl(started, { state: evil }))).text();

  expect([shown.includes(evil), carried.includes(evil)]).toEqual([false, false]);
  expect(plain(shown)).toContain(`Application with identifier '${evil}'`);
});

verifies('entra:page', 'choosing sends a code and the state back, as a query', async () => {
  const started = await startEntra();

  const response = await choose(authorizeUrl(started, { client_info: '1' }), 'ana@alderfinch.example');

  expect(response.status).toBe(302);
  expect(Object.keys(sentBack(response)).sort()).toEqual(['client_info', 'code', 'session_state', 'state']);
  expect(sentBack(response)['state']).toBe('the-state');
});

verifies('entra:page', 'form_post sends them in a form, fragment behind the hash', async () => {
  const started = await startEntra();

  const posted = await choose(authorizeUrl(started, { response_mode: 'form_post' }), 'ana@alderfinch.example');
  const hashed = await choose(authorizeUrl(started, { response_mode: 'fragment' }), 'ana@alderfinch.example');

  const form = await posted.text();
  expect(form).toContain(`<form method="post" action="${redirectUri}">`);
  expect(form).toMatch(/name="code"\s+value="1\.[^]*name="state"\s+value="the-state"/);
  expect(hashed.headers.get('location')).toMatch(/callback#code=1\..+&state=the-state$/);
});

verifies('entra:page', 'cancelling tells the application so', async () => {
  const started = await startEntra();

  const response = await choose(authorizeUrl(started), 'cancel');

  expect(sentBack(response)).toMatchObject({ error: 'access_denied', error_subcode: 'cancel', state: 'the-state' });
});

verifies('entra:page', 'the request may come as a form too', async () => {
  const started = await startEntra();
  const url = new URL(authorizeUrl(started));

  const response = await fetch(`${url.origin}${url.pathname}`, { method: 'POST', body: url.searchParams });

  expect(buttons(await response.text())).toContain('eva@alderfinch.example');
});
