import type { AgentName, PostAgentMessage } from '@engineer-chat/protocol'
import type { Step } from './seed-event.ts'

type Content = PostAgentMessage['message_content']

/** Joins the lines of a long text, which is wrapped in its source alone. */
export const toOneLine = (text: string): string => text.replaceAll('\n', ' ')

/** Makes steps in which agents post in a round, texts as Markdown. */
export const createAgentSteps =
  (round_id: number) =>
  (message_from: AgentName, message_type: string, content: Content): Step => ({
    type: 'agent',
    post: { message_from, message_type, message_content: toMarkdown(content), round_id },
  })

const toMarkdown = (content: Content): Content => {
  const fields = typeof content === 'string' ? { content } : content
  return 'content' in fields ? { ...fields, format: 'markdown' } : content
}

export const person = (username: 'alice' | 'bob', message: string): Step => ({ type: 'person', username, message })

export const summary = (round_id: number, event_summary: string, event_suggestion: string): Step => ({
  type: 'summary',
  summary: { round_id, event_summary, event_suggestion },
})
