export interface Subscriber {
  /**
   * Resolves when the channel is subscribed. While Redis is down or hangs, it resolves soon without a subscription,
   * and the listeners of `onRestored` are called later.
   */
  subscribe(channel: string, listener: (text: string) => void): Promise<void>
  unsubscribe(channel: string): void
  /** Runs after a reconnect, once every channel is subscribed again. Messages may have been lost. */
  onRestored(listener: () => void): void
  status(): 'ready' | 'down'
  close(): void
}
