import { createContext } from 'react'

/**
 * Holds the length of a text that is still being written, or infinity for a complete text. A block is finished if its
 * end is before this position.
 */
export const StreamedTextEnd = createContext(Number.POSITIVE_INFINITY)
