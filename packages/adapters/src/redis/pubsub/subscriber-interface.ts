export interface Subscriber {
  /** Resolves once the channel is subscribed, or soon while Redis is down or hangs. Then `onRestored` follows. */
  subscribe(channel: string, listener: (text: string) => void): Promise<void>
  unsubscribe(channel: string): void
  /** Runs after a reconnect, once every channel is subscribed again. Messages may have been lost. */
  onRestored(listener: () => void): void
  status(): 'ready' | 'down'
  close(): void
}
