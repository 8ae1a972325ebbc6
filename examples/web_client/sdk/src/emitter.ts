/** Who wants to hear of what. */
export class Emitter<Events> {
  private readonly handlers = new Map<keyof Events, Set<(value: never) => void>>();

  /** Calls the handler from now on; call what it gives to stop. */
  on<Name extends keyof Events>(name: Name, handler: (value: Events[Name]) => void): () => void {
    const all = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, all);
    all.add(handler);
    return () => all.delete(handler);
  }

  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    for (const handler of this.handlers.get(name) ?? [])
      (handler as (value: Events[Name]) => void)(value);
  }
}
