const MENTION = /^@AI(?![A-Za-z0-9_])[\s,，:：]*/i

/** The question itself; a bare `@AI` asks where things stand. */
export function removeMention(text: string): string {
  return text.replace(MENTION, '') || 'Where do we stand?'
}
