import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { chromiumPath, skippedWithoutChromium } from '../../support/chromium.ts';
import { verifies } from '../../verifies.ts';
import { browsing, messageBox, person, showsTexts, write } from './browsing.ts';
import { ana, startPage, type StartedPage } from './start-page.ts';

const phone = { viewport: { width: 360, height: 700 } };
const line = (page: Page, kind: string) => page.locator(`.step.${kind} > details`).first();

/** The model asks for one tool, then answers. */
function scriptTool({ openai }: StartedPage): void {
  const call = { type: 'function_call', name: 'calendar_list_events', arguments: { day: '<b>tomorrow</b>' } };
  openai.script([{ response: { output: [call] } }, { response: { output_text: 'One meeting.' } }]);
}

describe.skipIf(chromiumPath === undefined)(skippedWithoutChromium, () => {
  const open = browsing();

  verifies('page:trace', 'beside the message stands each step with its time, nested as it happened', async () => {
    const sandbox = await startPage();
    scriptTool(sandbox);
    const page = await open(sandbox.url);

    await write(page, 'What is on tomorrow?');

    const step = (kind: string, words: string) => page.locator(`.step.${kind}`, { hasText: words }).first();
    await step('wake', 'at a bell').locator('.step.turn .step.tool', { hasText: 'calendar_list_events' }).waitFor();
    for (const [kind, words] of [
      ['webhook', 'from WAHA'],
      ['bell', 'rung'],
      ['bell', 'delivered'],
      ['bell', 'done'],
      ['node', 'reasoning'],
      ['model', 'adjutant-rules-1'],
      ['vendor', 'waha POST /startTyping'],
      ['send', 'waha POST /sendText'],
    ] as const) {
      await step(kind, words).waitFor();
    }
    expect(await line(page, 'webhook').locator('.start').textContent()).toBe('+0 ms');
    expect(await line(page, 'turn').locator('.duration').textContent()).toMatch(/^\d+ ms$/);
    expect(await page.locator('.totals').textContent()).toMatch(
      /2 model calls · 1 tool call · 2 vendor calls · 0 database calls · [\d,]+ tokens/,
    );
  });

  verifies('page:trace', 'a tool call opens to its arguments and result, as text, and stays open when more is told', async () => {
    const sandbox = await startPage();
    scriptTool(sandbox);
    const page = await open(sandbox.url);
    await write(page, 'What is on tomorrow?');
    await line(page, 'tool').locator('summary').click();

    await fetch(`${sandbox.url}/otlp/v1/traces`, { method: 'POST', body: '{"resourceSpans":[]}' });
    await page.getByLabel('Database calls').check();

    const shown = line(page, 'tool').locator('pre');
    expect(await shown.nth(0).textContent()).toBe('{\n  "day": "<b>tomorrow</b>"\n}');
    expect(await shown.nth(1).textContent()).toBe('{\n  "events": [\n    "Board meeting"\n  ]\n}');
    expect(await line(page, 'tool').getAttribute('open')).not.toBeNull();
  });

  verifies('page:trace', 'the story of an earlier message comes back with a click, and of the answer too', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    await write(page, 'One');
    await showsTexts(page, ['One', 'You wrote: One']);
    await write(page, 'Two');
    await showsTexts(page, ['One', 'You wrote: One', 'Two', 'You wrote: Two']);
    await page.locator('.quoted', { hasText: 'Two' }).waitFor();

    await page.locator('.bubble.theirs').first().click();

    await page.locator('.quoted', { hasText: 'You wrote: One' }).waitFor();
    await line(page, 'webhook').waitFor();
    expect(await page.locator('.bubble.selected .text').allTextContents()).toEqual(['You wrote: One']);
  });

  verifies('page:trace', 'what failed is red and says so in words', async () => {
    const sandbox = await startPage();
    sandbox.context.faults.add({ vendor: 'openai', effect: 'answer', status: 500 });
    const page = await open(sandbox.url);

    await write(page, 'Hello');

    const failed = page.locator('.step.model.failed > details');
    expect(await failed.locator('.facts').textContent()).toContain('failed 500');
    await failed.locator('summary').click();
    expect(await failed.locator('pre').last().textContent()).toContain('error');
  });

  verifies('page:keyboard', 'by keys alone: a person, a message, its story, a step of it', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    expect(await page.locator('#text:focus').count()).toBe(1);
    await person(page, 'Dmitri Volkov').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.locator('.person:focus-visible').textContent()).toContain('Eva Lindqvist');
    await write(page, 'By keys');
    await showsTexts(page, ['By keys', 'You wrote: By keys']);

    await page
      .getByRole('button', { name: /^What happened for the message/ })
      .last()
      .focus();
    await page.keyboard.press('Enter');
    await page.locator('.quoted', { hasText: 'You wrote' }).waitFor();
    await line(page, 'webhook').locator('summary').focus();
    await page.keyboard.press('Space');

    await line(page, 'webhook').locator('pre').first().waitFor();
    expect(await page.locator('.person[aria-pressed="true"]').textContent()).toContain('Dmitri Volkov');
  });

  verifies('page:keyboard', 'what is in focus stays so when a message changes', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url);
    await write(page, 'Hello');
    await showsTexts(page, ['Hello', 'You wrote: Hello']);
    const about = page.locator('.bubble.own .about');
    await about.focus();

    sandbox.waha.edit(ana, sandbox.waha.chat(ana)[0]?.id ?? '', 'Hello again');

    await showsTexts(page, ['Hello again', 'You wrote: Hello']);
    expect(await page.locator('.bubble.own .about:focus').count()).toBe(1);
  });

  verifies('page:keyboard', 'on a narrow screen chat and story take turns and nothing is wider than the screen', async () => {
    const sandbox = await startPage({ answer: () => `A long word: ${'x'.repeat(300)} https://a.example/${'y'.repeat(300)}` });
    const page = await open(sandbox.url, phone);
    const fits = () => page.evaluate('document.documentElement.scrollWidth <= innerWidth');
    await write(page, 'Hello');
    await page.locator('.bubble.theirs').waitFor();
    expect(await fits()).toBe(true);
    expect(await page.locator('.story').isVisible()).toBe(false);

    await page.locator('.phone-header').getByRole('button', { name: 'What happened' }).click();

    await line(page, 'webhook').waitFor();
    expect(await page.locator('.phone').isVisible()).toBe(false);
    expect(await fits()).toBe(true);
    await page.getByRole('button', { name: '← Chat' }).click();
    expect(await messageBox(page).isVisible()).toBe(true);
  });

  verifies('page:keyboard', 'new messages are announced; every control has a name; dark where the system is', async () => {
    const sandbox = await startPage();
    const page = await open(sandbox.url, { colorScheme: 'dark' });
    await write(page, 'Hello');
    await showsTexts(page, ['Hello', 'You wrote: Hello']);

    const tree = await page.locator('body').ariaSnapshot();

    expect(tree).not.toMatch(/- (button|textbox|link|checkbox)(:| \[|\n|$)/m);
    expect(tree).toContain('- log "Messages"');
    expect(await page.locator('#messages').getAttribute('aria-live')).toBe('polite');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(16, 21, 20)');
  });
});
