/** Names a colour of charts. Each also has a hatch, a dash or a mark, for readers who cannot distinguish colours. */
export type Tone = 'first' | 'second' | 'bad' | 'idle'

/** A series has one value for each day, or null if the day has no value. */
export interface Series {
  key: string
  label: string
  tone: Tone
  values: readonly (number | null)[]
}
