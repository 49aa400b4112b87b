const EXAMPLE_SECRET = /example|change.?me|default|your.?own|your.{0,20}(?:secret|key)/i
const MIN_DIFFERENT_CHARACTERS = 12

/** Returns true if a secret comes from a manual or is a common guess. Random secrets practically never match. */
export function isKnownSecret(secret: string): boolean {
  return EXAMPLE_SECRET.test(secret) || new Set(secret).size < MIN_DIFFERENT_CHARACTERS
}

const COMMON_PASSWORD_PARTS =
  /administrator|admin|p[a@]ssw[o0]rd|qwert[yz]|letmein|welcome|changeme|engineer.?chat|0?123456789?0?/gi
const MIN_REMAINING_CHARACTERS = 8
const MIN_DIFFERENT_IN_PASSWORD = 5

/**
 * Returns true if a password comes from a manual, repeats a few characters, or is little more than the words that
 * attackers try first.
 */
export function isGuessablePassword(password: string, username: string): boolean {
  const remaining = password.toLowerCase().replaceAll(username, '').replaceAll(COMMON_PASSWORD_PARTS, '')
  return (
    EXAMPLE_SECRET.test(password) ||
    new Set(password).size < MIN_DIFFERENT_IN_PASSWORD ||
    remaining.length < MIN_REMAINING_CHARACTERS
  )
}
