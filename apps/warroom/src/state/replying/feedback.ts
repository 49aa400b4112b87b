import type { Feedback } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { readStored, store, toRatingsKey } from '../page/storage.ts'
import { client, useSignIn } from '../people/sign-in.ts'

type Rating = Feedback['rating']

/** This browser stores only this many of the newest ratings; the server stores all. */
const MAX_STORED_RATINGS = 200

/** Holds the ratings that the reader gave since the page was loaded, by message. */
const useNewRatings = create<Record<string, Rating>>(() => ({}))

/** Reads pairs of a message id and its rating, the newest last. */
const readStoredRatings = (user_id: string): Array<[string, Rating]> => readStored(toRatingsKey(user_id)) ?? []

/** Returns the rating that the reader gave in this browser, also before a reload. */
export function useRating(message_id: string): Rating | undefined {
  const user_id = useSignIn(({ user }) => user?.user_id ?? '')
  const newRating = useNewRatings((ratings) => ratings[message_id])
  return newRating ?? readStoredRatings(user_id).find(([id]) => id === message_id)?.[1]
}

export async function sendFeedback(message_id: string, feedback: Feedback): Promise<void> {
  await client.sendFeedback(message_id, feedback)
  const user_id = useSignIn.getState().user?.user_id ?? ''
  const otherRatings = readStoredRatings(user_id).filter(([id]) => id !== message_id)
  store(toRatingsKey(user_id), [...otherRatings, [message_id, feedback.rating]].slice(-MAX_STORED_RATINGS))
  useNewRatings.setState({ [message_id]: feedback.rating })
}
