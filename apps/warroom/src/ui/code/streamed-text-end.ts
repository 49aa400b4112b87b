import { createContext } from 'react'

/** Holds the length of a text that is still being written. A block that ends before it is finished. */
export const StreamedTextEnd = createContext(Number.POSITIVE_INFINITY)
