import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { connect, type ChatClient } from '#sdk/node.ts';
import { PASSWORD, type Daemon } from './daemon.ts';
import { openBrowser, Person } from './person.ts';
import { Relay } from './relay.ts';

const FAILURES = 'screenshots/failures';

/** A server, the network before it, browsers, and the people at them; all gone at the end. */
export class Stage {
  private readonly browsers: Browser[] = [];
  private readonly people: Person[] = [];
  private readonly bots: ChatClient[] = [];

  private constructor(
    readonly daemon: Daemon,
    readonly relay: Relay,
  ) {}

  static async set(daemon: Daemon, ...names: string[]): Promise<Stage> {
    for (const name of names) daemon.account(name, `${name[0]?.toUpperCase()}${name.slice(1)}`);
    return new Stage(daemon, await Relay.to(daemon.port));
  }

  async browser(): Promise<Browser> {
    const browser = await openBrowser();
    this.browsers.push(browser);
    return browser;
  }

  /** Someone at a browser; unless told otherwise all share one, with profiles of their own. */
  async person(
    name: string,
    options: Parameters<Browser['newContext']>[0] & { browser?: Browser } = {},
  ): Promise<Person> {
    const browser = options.browser ?? this.browsers[0] ?? (await this.browser());
    const person = await Person.at(browser, this.relay.url, name, options);
    this.people.push(person);
    return person;
  }

  async loggedIn(...names: string[]): Promise<Person[]> {
    await this.browser();
    const people = await Promise.all(names.map((name) => this.person(name)));
    await Promise.all(people.map((person) => person.logIn()));
    return people;
  }

  /** Someone without a screen. */
  async bot(user: string): Promise<ChatClient> {
    const chat = await connect({ server: this.daemon.url, user, password: PASSWORD });
    this.bots.push(chat);
    return chat;
  }

  /** After a failure: what everybody saw. */
  async photograph(test: string): Promise<void> {
    mkdirSync(FAILURES, { recursive: true });
    for (const { name, page } of this.people)
      await page.screenshot({ path: `${FAILURES}/${test} ${name}.png` }).catch(() => undefined);
  }

  async clear(): Promise<void> {
    const complaints = this.people.flatMap((person) => person.complaints);
    await Promise.all(this.bots.map((bot) => bot.close()));
    await Promise.all(this.browsers.map((browser) => browser.close()));
    await this.relay.cut();
    await this.daemon.stop();
    expect(complaints, 'what the pages complained about').toEqual([]);
  }
}
