/** Names a colour. Each colour also has a hatch, a dash or a mark, for readers who don't see colours. */
export type Tone = 'first' | 'second' | 'bad' | 'idle'

/** A series has one value for each day, or null where there is none. */
export interface Series {
  key: string
  label: string
  tone: Tone
  values: readonly (number | null)[]
}
