/** Describes a change of the shown text of a reply. */
export type ReplyUpdate =
  /** The text is appended to the shown text. */
  | { type: 'text'; text: string }
  /** The texts that follow replace the shown text, because another attempt began or the final row has another text. */
  | { type: 'reset' }
