export interface Items<T> {
  items: T[]
  next_cursor: string | null
}
