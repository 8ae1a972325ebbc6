import type { Cache } from './cache.ts';
import { isPassing } from './rpc_error.ts';
import type { Session } from './session.ts';

const AT_ONCE = 4;

const serverOf = (user: string): string => user.slice(user.indexOf('@') + 1);

/** The profiles of those who are on the screen: each asked for once a connection. */
export class People {
  private readonly asked = new Set<string>();
  private readonly queue: string[] = [];
  private running = 0;

  constructor(
    private readonly session: Session,
    private readonly cache: Cache,
  ) {}

  want(user: string): void {
    if (this.asked.has(user)) return;
    this.asked.add(user);
    this.queue.push(user);
    void this.run();
  }

  /** Those of other servers once more: by now they may be known better. */
  askElsewhere(): void {
    const own = serverOf(this.cache.value('account')?.user ?? '');
    for (const user of this.asked)
      if (serverOf(user) !== own && !this.queue.includes(user)) this.queue.push(user);
    if (this.queue.length > 0) void this.run();
  }

  /** Nobody tells of a new name: after a reconnect each is asked for again. */
  restart(): void {
    this.asked.clear();
    this.queue.length = 0;
  }

  private async run(): Promise<void> {
    if (this.running === AT_ONCE) return;
    this.running++;
    for (let user = this.queue.shift(); user !== undefined; user = this.queue.shift())
      await this.ask(user);
    this.running--;
  }

  private async ask(user: string): Promise<void> {
    try {
      const profile = await this.session.call('profile.get', { user });
      const known = this.cache.people.get(user);
      const isNew =
        known?.display_name !== profile.display_name || known.status_text !== profile.status_text;
      if (isNew) this.cache.put('people', profile);
    } catch (error) {
      if (isPassing(error)) this.asked.delete(user);
    }
  }
}
