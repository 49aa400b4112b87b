/** How a series looks, everywhere alike: colour, and a hatch, dash or mark for those to whom colours say nothing. */
export type Tone = 'first' | 'second' | 'bad' | 'idle'

/** One value for each day; null: there is none. */
export interface Series {
  key: string
  label: string
  tone: Tone
  values: readonly (number | null)[]
}
