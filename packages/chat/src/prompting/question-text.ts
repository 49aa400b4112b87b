import { readAiMention } from '@engineer-chat/protocol'

/** Returns the question without its `@AI`. A bare `@AI` becomes a question about the current state. */
export function toQuestionText(text: string): string {
  return text.slice(readAiMention(text).length) || 'Where do we stand?'
}
