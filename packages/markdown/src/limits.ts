/** What is nested deeper is text. Nobody writes it, and whoever walks the tree must not run out of stack. */
export const LIMITS = {
  /** Quotes and lists within each other. */
  containers: 20,
  /** Emphasis and links within each other. */
  inlines: 20,
  /** Parentheses within a link's destination. */
  parentheses: 10,
} as const
