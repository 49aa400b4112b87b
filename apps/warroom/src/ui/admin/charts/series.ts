/**
 * Names a colour of charts. For readers who cannot distinguish colours, lines also differ in their dashes and points,
 * and bars of the tone `bad` have a hatch.
 */
export type Tone = 'first' | 'second' | 'bad' | 'idle'

/** A series has one value for each day, or null if the day has no value. */
export interface Series {
  key: string
  label: string
  tone: Tone
  values: readonly (number | null)[]
}
