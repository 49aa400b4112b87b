/** Manuals use these words in secrets that the reader has to replace. */
const EXAMPLE_SECRET = /example|change.?me|default|your.?own|your.{0,20}(?:secret|key)/i
const MIN_DIFFERENT_CHARACTERS = 12

/** Returns true if a secret comes from a manual or is a common guess. Random secrets practically never match. */
export function isKnownSecret(secret: string): boolean {
  return EXAMPLE_SECRET.test(secret) || new Set(secret).size < MIN_DIFFERENT_CHARACTERS
}

/** Returns true if a password comes from a manual. */
export const isExamplePassword = (password: string): boolean => EXAMPLE_SECRET.test(password)
