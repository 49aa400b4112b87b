import { readAiMention } from '@engineer-chat/protocol'

/** Returns the question without the mention; a bare `@AI` asks for the current state. */
export function removeMention(text: string): string {
  return text.slice(readAiMention(text).length) || 'Where do we stand?'
}
