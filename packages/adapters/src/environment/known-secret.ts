const TELLTALE = /example|change.?me|default|your.?own|your.{0,20}(?:secret|key)/i
const FEWEST_DIFFERENT_CHARACTERS = 12

/** Tells whether a secret comes from a manual or is one that anybody would try. Random secrets practically never match. */
export function isKnownSecret(secret: string): boolean {
  return TELLTALE.test(secret) || new Set(secret).size < FEWEST_DIFFERENT_CHARACTERS
}

const TRIED_FIRST =
  /administrator|admin|p[a@]ssw[o0]rd|qwert[yz]|letmein|welcome|changeme|engineer.?chat|0?123456789?0?/gi
const FEWEST_REMAINING_CHARACTERS = 8
const FEWEST_DIFFERENT_IN_PASSWORD = 5

/**
 * Tells whether a password comes from a manual, repeats a few characters, or is little more than the words that attackers
 * try first.
 */
export function isGuessablePassword(password: string, username: string): boolean {
  const remaining = password.toLowerCase().replaceAll(username, '').replaceAll(TRIED_FIRST, '')
  return (
    TELLTALE.test(password) ||
    new Set(password).size < FEWEST_DIFFERENT_IN_PASSWORD ||
    remaining.length < FEWEST_REMAINING_CHARACTERS
  )
}
