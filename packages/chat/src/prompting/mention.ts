const MENTION = /^@AI(?![A-Za-z0-9_])[\s,，:：]*/i

/** Returns the question without the mention; a bare `@AI` asks for the current state. */
export function removeMention(text: string): string {
  return text.replace(MENTION, '') || 'Where do we stand?'
}
