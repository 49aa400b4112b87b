/** Issues tickets that open one WebSocket each, at any node. A ticket stands for a sign-in. */
export interface TicketStore<T> {
  issue(signIn: T, ttl_s: number): Promise<string>
  /** Resolves to undefined if the ticket is unknown, expired or used. */
  redeem(ticket: string): Promise<T | undefined>
}
