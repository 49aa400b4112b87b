/** Issues one-use tickets for WebSockets, which every node accepts. */
export interface TicketStore<T> {
  issue(holder: T, ttl_s: number): Promise<string>
  /** Resolves to undefined if the ticket is unknown, expired or used. */
  redeem(ticket: string): Promise<T | undefined>
}
