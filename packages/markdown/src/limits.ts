/** Limits the nesting, because code that walks the tree must not exhaust the stack. Deeper markup stays text. */
export const NESTING_LIMITS = {
  /** Limits the nesting of quotes and lists. */
  containers: 20,
  /** Limits the nesting of emphasis and links. */
  inlines: 20,
  /** Limits the nesting of parentheses in a link's destination. */
  parentheses: 10,
} as const
