import type { AgentName, PostAgentMessage } from '@engineer-chat/protocol'
import type { DemoStep } from './seed-event.ts'

type Content = PostAgentMessage['message_content']

/** Joins the lines of a long text, which is wrapped only in the source code. */
export const toOneLine = (text: string): string => text.replaceAll('\n', ' ')

/** Returns a function that creates steps of this round. In each of them, an agent posts a text in Markdown. */
export const createAgentStepFactory =
  (round_id: number) =>
  (message_from: AgentName, message_type: string, content: Content): DemoStep => ({
    type: 'agent',
    post: { message_from, message_type, message_content: addMarkdownFormat(content), round_id },
  })

const addMarkdownFormat = (content: Content): Content => {
  const fields = typeof content === 'string' ? { content } : content
  return 'content' in fields ? { ...fields, format: 'markdown' } : content
}

export const createPersonStep = (username: 'alice' | 'bob', message: string): DemoStep => ({
  type: 'person',
  username,
  message,
})

export const createSummaryStep = (round_id: number, event_summary: string, event_suggestion: string): DemoStep => ({
  type: 'summary',
  summary: { round_id, event_summary, event_suggestion },
})
