import { sha256 } from '../ids.ts'
import type { ReplyContext } from '../model.ts'
import type { Turn } from '../ports/index.ts'
import { languageOf } from '../text.ts'
import { withoutMention } from './mention.ts'
import { PROMPT } from './prompt-words.ts'

/** What the model is told: the task and the event's data, the session's turns so far, and the question, once, at the end. */
export function buildPrompt(context: ReplyContext): Turn[] {
  const question = withoutMention(context.question)
  return [
    { role: 'system', content: systemTurn(context, PROMPT[languageOf(question)]) },
    ...context.history.flatMap((turn): Turn[] => [
      { role: 'user', content: withoutMention(turn.question) },
      { role: 'assistant', content: turn.answer },
    ]),
    { role: 'user', content: question },
  ]
}

function systemTurn(context: ReplyContext, words: (typeof PROMPT)['en']): string {
  const data = dataOf(context, words)
  // Made of what it encloses, so that nothing in there can know it and close the fence.
  const mark = `DATA-${sha256(data).slice(0, 16)}`
  return [
    words.task,
    words.untrusted(mark),
    ...(context.summary_updated ? [words.changed] : []),
    `<<<${mark}\n${data}\n${mark}>>>`,
  ].join('\n\n')
}

function dataOf({ event, summary }: ReplyContext, words: (typeof PROMPT)['en']): string {
  return [
    part('event_name', event.event_name),
    part('severity', event.severity),
    part('status', event.event_status),
    part('source', event.source),
    part('created_at', event.created_at),
    part('description', event.message),
    part('context', event.context),
    summary
      ? part(`latest_summary (round ${summary.round_id}, ${summary.updated_at})`, summary.event_summary)
      : words.noSummary,
    part('suggestion', summary?.event_suggestion ?? '') || words.noSuggestion,
  ]
    .filter((text) => text !== '')
    .join('\n')
}

function part(name: string, text: string): string {
  if (text.trim() === '') return ''
  return text.includes('\n') ? `${name}:\n${text.trim()}` : `${name}: ${text.trim()}`
}
