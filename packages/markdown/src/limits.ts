/** Limits the nesting, because code that walks the tree must not exhaust the stack. Deeper markup stays text. */
export const LIMITS = {
  /** Limits how many quotes and lists stand inside each other. */
  containers: 20,
  /** Limits how many emphases and links stand inside each other. */
  inlines: 20,
  /** Limits parentheses inside a link's destination. */
  parentheses: 10,
} as const
