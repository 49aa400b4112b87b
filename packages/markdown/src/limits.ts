/** Deeper nesting stays text. Nobody writes it, and code that walks the tree must not exhaust the stack. */
export const LIMITS = {
  /** Quotes and lists within each other. */
  containers: 20,
  /** Limits emphasis and links inside each other. */
  inlines: 20,
  /** Limits parentheses inside a link's destination. */
  parentheses: 10,
} as const
