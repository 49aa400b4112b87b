/** Describes a change of the shown text of a reply. */
export type ReplyUpdate =
  | { type: 'text'; text: string }
  /** Another attempt begins, and its text replaces the shown text. */
  | { type: 'reset' }
