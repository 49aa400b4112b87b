const TELLTALE = /example|change.?me|default|your.?own|your.{0,20}(?:secret|key)/i
const FEWEST_DIFFERENT_CHARACTERS = 12

/** Whether a secret is out of a manual, or one that anybody would try. Random ones practically never match. */
export function isKnownSecret(secret: string): boolean {
  return TELLTALE.test(secret) || new Set(secret).size < FEWEST_DIFFERENT_CHARACTERS
}
