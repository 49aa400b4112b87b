import type { Feedback } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'

/** Holds the verdicts that were given since the page was loaded, by message. */
export const useFeedback = create<Record<string, Feedback['rating']>>(() => ({}))

export async function sendFeedback(message_id: string, feedback: Feedback): Promise<void> {
  await client.sendFeedback(message_id, feedback)
  useFeedback.setState({ [message_id]: feedback.rating })
}
