/** Describes how the shown text of a reply changes. */
export type ReplyUpdate =
  | { type: 'text'; text: string }
  /** Another attempt begins, and its text replaces what was shown. */
  | { type: 'reset' }
