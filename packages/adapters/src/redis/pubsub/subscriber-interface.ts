export interface Subscriber {
  /** Resolves once the channel is heard, or soon while Redis is away or hangs: then `onBack` follows. */
  subscribe(channel: string, listener: (text: string) => void): Promise<void>
  unsubscribe(channel: string): void
  /** Redis is back, every channel is heard again, and messages may have been lost. */
  onBack(listener: () => void): void
  status(): 'ready' | 'down'
  close(): void
}
