const TELLTALE = /example|change.?me|default|your.?own|your.?secret|secret.?key|password|12345678|abcdefgh/i
const FEWEST_DIFFERENT_CHARACTERS = 12

/** Whether a secret is out of a manual, or one that anybody would try. Random ones practically never match. */
export function isKnownSecret(secret: string): boolean {
  return TELLTALE.test(secret) || new Set(secret).size < FEWEST_DIFFERENT_CHARACTERS
}
