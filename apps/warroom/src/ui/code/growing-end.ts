import { createContext } from 'react'

/** Holds where a text ends that is still being written. What ends there may go on; what ends before it is finished. */
export const GrowingEnd = createContext(Number.POSITIVE_INFINITY)
