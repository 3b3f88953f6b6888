import { describe, expect } from 'vitest';
import { chromiumPath, skippedWithoutChromium } from '../../support/chromium.ts';
import { verifies } from '../../verifies.ts';
import { browsing, bubbles, messageBox, person, showsTexts, write } from './browsing.ts';
import { ana, assistantWrites, eva, startPage } from './start-page.ts';

describe.skipIf(chromiumPath === undefined)(skippedWithoutChromium, () => {
  const open = browsing();

  verifies('page:links', 'a link opens in a tab that cannot reach back; what ends the sentence is not part of it', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    const link = `${sandbox.url}/sandbox/people?a=1&b=(2)_`;
    await assistantWrites(sandbox, ana, `Open *this* (${link}), please: ${link}.`);

    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.locator('.bubble a').first().click()]);

    const links = page.locator('.bubble a');
    expect([await links.nth(0).getAttribute('href'), await links.nth(1).getAttribute('href')]).toEqual([link, link]);
    expect(await links.first().getAttribute('rel')).toBe('noopener noreferrer');
    expect(await bubbles(page).textContent()).toBe(`Open this (${link}), please: ${link}.`);
    expect(tab.url()).toBe(link);
    expect(await tab.evaluate('opener')).toBeNull();
  });

  verifies('page:links', 'after a sign-in link one tap sends the code that was copied, whatever stands around it', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await person(page, 'Eva Lindqvist').click();
    await assistantWrites(sandbox, eva, 'Open https://assistant.example/api/sign-in/abc to sign in.');
    const tap = page.getByRole('button', { name: 'Paste the sign-in code and send' });
    await page.evaluate('navigator.clipboard.writeText("Your code: 123 456")');

    await tap.click();

    await page.getByText('You wrote: 123456').waitFor();
    await page.evaluate('navigator.clipboard.writeText("no code, or 123456 and 654321")');
    await tap.click();
    await page.getByRole('alert').getByText('There is no code of six digits').waitFor();
    expect(sandbox.waha.chat(eva).filter(({ fromMe }) => fromMe)).toHaveLength(1);
  });

  verifies('page:links', 'where the page may not read what was copied it asks to paste', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    await person(page, 'Eva Lindqvist').click();
    await assistantWrites(sandbox, eva, 'Open https://assistant.example/api/sign-in/abc to sign in.');

    await page.getByRole('button', { name: 'Paste the sign-in code and send' }).click();

    await page.getByRole('alert').getByText('paste the code into the message box').waitFor();
    expect(await page.locator('#text:focus').count()).toBe(1);
  });

  verifies(
    'page:links',
    "WhatsApp's own link leads to the chat of whoever was picked, its text written but not sent",
    async () => {
      const sandbox = await startPage();
      const page = await open(sandbox.url);
      await person(page, 'Eva Lindqvist').click();

      await page.goto(`${sandbox.url}/wa.me/15550100000?text=204060`);

      await page.locator('.person[aria-pressed="true"]').getByText('Eva').waitFor();
      expect(await messageBox(page).inputValue()).toBe('204060');
      expect(page.url()).toBe(`${sandbox.url}/`);
      expect(sandbox.waha.chat(eva)).toEqual([]);
      await messageBox(page).press('Enter');
      await showsTexts(page, ['204060', 'You wrote: 204060']);
    },
  );

  verifies('page:links', "WhatsApp's own link pasted into the box becomes the text it carries", async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.evaluate('navigator.clipboard.writeText("https://wa.me/15550100000?text=204060")');

    await messageBox(page).focus();
    await page.keyboard.press('Control+V');

    expect(await messageBox(page).inputValue()).toBe('204060');
  });

  verifies('page:data', 'markup, scripts and strange links in messages stay text; WhatsApp’s marks are shown', async () => {
    const evil = '<img src=x onerror="document.title=1"> javascript:alert(1) https://<b> data:text/html,x';
    const sandbox = await startPage({ answer: () => `${evil} *bold* _it_ ~gone~ \`a*b*c\` 2*3*4 snake_case_name` });
    const page = await open(sandbox.url);

    await write(page, evil);

    await showsTexts(page, [evil, `${evil} bold it gone a*b*c 2*3*4 snake_case_name`]);
    const shown = await page.locator('.bubble.theirs .text').innerHTML();
    const marks = '<strong>bold</strong> <em>it</em> <s>gone</s> <code>a*b*c</code> 2*3*4 snake_case_name';
    expect(shown.slice(shown.indexOf('<'))).toBe(marks);
    await page.locator('.story .quoted', { hasText: evil }).waitFor();
    expect(await page.title()).not.toBe('1');
  });
});
