/** Holds one page of a list. `next_cursor` asks for the next page; null means that this is the last one. */
export interface Items<T> {
  items: T[]
  next_cursor: string | null
}
