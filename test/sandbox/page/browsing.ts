import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import { openBrowser } from '../../support/chromium.ts';

/** One Chromium for the tests of a file; each page has a profile of its own, and must ask for nothing elsewhere. */
export function browsing() {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  return async (url: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1300, height: 800 }, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) wrong.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) wrong.push(request.url());
    });
    onTestFinished(async () => {
      await context.close();
      expect(wrong).toEqual([]);
    });
    await page.goto(url);
    await page.locator('.person[aria-pressed="true"]').waitFor();
    return page;
  };
}

export const messageBox = (page: Page) => page.getByRole('textbox', { name: 'Message' });
export const person = (page: Page, name: string) => page.locator('.people').getByRole('button', { name });
export const bubbles = (page: Page) => page.locator('.bubble .text');

export async function write(page: Page, text: string): Promise<void> {
  await messageBox(page).fill(text);
  await messageBox(page).press('Enter');
}

/** Waits until the texts of the chat are these. */
export const showsTexts = (page: Page, texts: readonly string[]) =>
  vi.waitFor(async () => expect(await bubbles(page).allTextContents()).toEqual(texts), { timeout: 8_000, interval: 30 });
