export interface Subscriber {
  /**
   * Resolves when the channel is subscribed. While Redis is down or hangs, it resolves soon without a subscription,
   * and the listeners of `onGap` are called later.
   */
  subscribe(channel: string, listener: (text: string) => void): Promise<void>
  unsubscribe(channel: string): void
  /** Runs the listener at the end of each gap: channels are subscribed again, and messages may have been lost. */
  onGap(listener: () => void): void
  status(): 'ready' | 'down'
  close(): void
}
