export type ReplyUpdate =
  | { type: 'text'; text: string }
  /** What was shown is void: another attempt begins. */
  | { type: 'reset' }
