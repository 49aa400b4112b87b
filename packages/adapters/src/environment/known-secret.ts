/** Matches words of the sample secrets in manuals, which the reader has to replace. */
const EXAMPLE_SECRET = /example|change.?me|default|your.?own|your.{0,20}(?:secret|key)/i
const MIN_DIFFERENT_CHARACTERS = 12

/** Returns true if a secret looks like a manual's sample or a common guess. A random secret practically never does. */
export function isKnownSecret(secret: string): boolean {
  return EXAMPLE_SECRET.test(secret) || new Set(secret).size < MIN_DIFFERENT_CHARACTERS
}

/** Returns true if a password contains words of a sample in a manual. */
export const isExamplePassword = (password: string): boolean => EXAMPLE_SECRET.test(password)
