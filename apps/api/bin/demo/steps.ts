import type { AgentName, PostAgentMessage } from '@engineer-chat/protocol'
import type { Step } from './seed-event.ts'

type Content = PostAgentMessage['message_content']

/** Joins the lines of a long text, which is wrapped in its source alone. */
export const oneLine = (text: string): string => text.replaceAll('\n', ' ')

/** Makes steps in which agents post in a round. */
export const agent =
  (round_id: number) =>
  (message_from: AgentName, message_type: string, message_content: Content): Step => ({
    type: 'agent',
    post: { message_from, message_type, message_content, round_id },
  })

export const person = (username: 'alice' | 'bob', message: string): Step => ({ type: 'person', username, message })

export const summary = (round_id: number, event_summary: string, event_suggestion: string): Step => ({
  type: 'summary',
  summary: { round_id, event_summary, event_suggestion },
})
