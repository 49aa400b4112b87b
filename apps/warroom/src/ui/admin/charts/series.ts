/** A tone is a colour with a hatch, dash or mark, for readers who don't see the colour. */
export type Tone = 'first' | 'second' | 'bad' | 'idle'

/** A series has one value for each day, or null where there is none. */
export interface Series {
  key: string
  label: string
  tone: Tone
  values: readonly (number | null)[]
}
