import {
  chromium,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
} from 'playwright-core';
import { PASSWORD } from './daemon.ts';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** Debian's Chromium, with a profile of its own. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });

/** Someone at a browser: does what people do, and sees what they see. */
export class Person {
  /** What the page complained about; a test that is done expects nothing. */
  readonly complaints: string[] = [];

  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    public page: Page,
    private readonly url: string,
  ) {}

  static async at(
    browser: Browser,
    url: string,
    name: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Person> {
    const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-GB', ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const person = new Person(name, context, page, url);
    context.on('page', (other) => person.watch(other));
    person.watch(page);
    await page.goto(url);
    return person;
  }

  private watch(page: Page): void {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      const isLine = /ERR_CONNECTION_REFUSED|WebSocket connection|net::ERR/.test(message.text());
      if (message.type() === 'error' && !isLine) this.complaints.push(message.text());
    });
  }

  /** In any language. */
  async logIn(): Promise<void> {
    await this.page.locator('input[autocomplete=username]').fill(this.name);
    await this.page.locator('input[type=password]').fill(PASSWORD);
    await this.page.locator('button[type=submit]').click();
    await this.page.locator('.sidebar').waitFor();
  }

  /** A second tab of the same browser. */
  async openTab(): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.url);
    return page;
  }

  /** By its address, in any language. */
  async goTo(hash: string): Promise<void> {
    await this.page.evaluate((to) => (location.hash = to), hash);
  }

  async openRoom(title: string): Promise<void> {
    await this.page
      .getByRole('complementary', { name: 'Conversations' })
      .getByText(title)
      .first()
      .click();
    await this.composer.waitFor();
  }

  async beginDirect(user: string): Promise<void> {
    await this.page.getByRole('link', { name: 'New conversation' }).first().click();
    await this.page.getByLabel('Name or address').fill(user);
    await this.page.getByRole('button', { name: new RegExp(`${user}@`) }).click();
    await this.composer.waitFor();
  }

  /** What the operating system tells a browser. */
  async networkIsBack(): Promise<void> {
    await this.page.evaluate(() => dispatchEvent(new Event('online')));
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message to/ });
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  message(text: string): Locator {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  /** What is on the page of the conversation, in order. */
  texts(): Promise<string[]> {
    return this.log.locator('.bubble > .text').allInnerTexts();
  }
}
