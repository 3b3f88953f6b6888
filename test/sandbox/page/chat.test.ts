import { describe, expect } from 'vitest';
import { chromiumPath, skippedWithoutChromium } from '../../support/chromium.ts';
import { verifies } from '../../verifies.ts';
import { browsing, messageBox, person, showsTexts, write } from './browsing.ts';
import { ana, assistantTypes, assistantWrites, ben, eva, startPage } from './start-page.ts';

describe.skipIf(chromiumPath === undefined)(skippedWithoutChromium, () => {
  const open = browsing();

  verifies('page:chat', 'Enter sends as the person picked, and the answer comes by itself, with ticks and a time', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    await person(page, 'Ben Okafor').click();

    await messageBox(page).fill('First line');
    await messageBox(page).press('Shift+Enter');
    await messageBox(page).pressSequentially('second');
    await messageBox(page).press('Enter');

    await showsTexts(page, ['First line\nsecond', 'You wrote: First line\nsecond']);
    expect(await messageBox(page).inputValue()).toBe('');
    expect(sandbox.waha.chat(ben).map(({ text }) => text)).toContain('First line\nsecond');
    expect(sandbox.waha.chat(ana)).toEqual([]);
    expect(await page.locator('.bubble.own .tick').textContent()).toContain('delivered');
    expect(await page.locator('.bubble.theirs time').textContent()).toMatch(/^\d\d:\d\d$/);
  });

  verifies('page:chat', 'people stand with role, phone and whether they are signed in; new messages are counted', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);

    await assistantWrites(sandbox, eva, 'Are you there?');

    await person(page, 'Eva Lindqvist').getByText('1 new').waitFor();
    const said = await person(page, 'Eva Lindqvist').textContent();
    expect(said).toContain(`user · ${eva}`);
    expect(said).toContain('not signed in yet');
    await person(page, 'Eva Lindqvist').click();
    await showsTexts(page, ['Are you there?']);
    expect(await person(page, 'Eva Lindqvist').getByText('new').count()).toBe(0);
  });

  verifies('page:chat', 'who is picked stays so after a reload, and the chat is there again', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    await person(page, 'Chloe Martin').click();
    await write(page, 'Hello');
    await showsTexts(page, ['Hello', 'You wrote: Hello']);

    await page.reload();

    await showsTexts(page, ['Hello', 'You wrote: Hello']);
    expect(await person(page, 'Chloe Martin').getAttribute('aria-pressed')).toBe('true');
  });

  verifies('page:chat', 'while the assistant types the phone says so; a suggestion is sent with one click', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);

    await assistantTypes(sandbox, ana);
    await page.locator('#presence', { hasText: 'typing…' }).waitFor();
    await page.getByRole('group', { name: 'Suggestions' }).getByRole('button', { name: 'Hello' }).click();

    await showsTexts(page, ['Hello', 'You wrote: Hello']);
    await page.locator('#presence', { hasText: 'online' }).waitFor();
  });

  verifies('page:chat', 'the box is as high as what stands in it: nothing scrolls before it is as high as it gets', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    const hidden = () => page.evaluate<number>('text.scrollHeight - text.clientHeight');

    const empty = await hidden();
    await messageBox(page).fill('one\ntwo\nthree');
    const three = await hidden();
    await messageBox(page).fill('line\n'.repeat(40));

    expect([empty, three]).toEqual([0, 0]);
    expect(await hidden()).toBeGreaterThan(0);
  });

  verifies('page:chat', 'what cannot be sent stays in the box, and the page says why', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    const refusal = { status: 503, json: { error: { message: 'The sandbox is ending.' } } };
    await page.route('**/sandbox/messages', (route) => route.fulfill(refusal));

    await write(page, 'Do not lose me');

    await page.getByRole('alert').getByText('Not sent: The sandbox is ending.').waitFor();
    expect(await messageBox(page).inputValue()).toBe('Do not lose me');
  });

  verifies('page:chat', 'while the sandbox is away the page says so, and goes on by itself', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    await page.route('**/sandbox/events', (route) => route.fulfill({ status: 503, json: {} }));
    await page.reload();
    await page.getByRole('alert').getByText('The sandbox does not answer').waitFor();
    await assistantWrites(sandbox, ana, 'Written meanwhile');

    await page.unroute('**/sandbox/events');

    await showsTexts(page, ['Written meanwhile']);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
