import type { Feedback } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { readStored, store, toVerdictsKey } from '../page/storage.ts'
import { client, useSignIn } from '../people/sign-in.ts'

type Rating = Feedback['rating']

/** This browser keeps the newest verdicts; the server keeps all. */
const MAX_KEPT = 200

/** Holds the verdicts that were given since the page was loaded, by message. */
const useGiven = create<Record<string, Rating>>(() => ({}))

/** Pairs of a message and its verdict, the newest last. */
const readKept = (user_id: string): Array<[string, Rating]> => readStored(toVerdictsKey(user_id)) ?? []

/** Returns the verdict that the reader gave in this browser, also before a reload. */
export function useVerdict(message_id: string): Rating | undefined {
  const user_id = useSignIn(({ user }) => user?.user_id ?? '')
  const given = useGiven((all) => all[message_id])
  return given ?? readKept(user_id).find(([id]) => id === message_id)?.[1]
}

export async function sendFeedback(message_id: string, feedback: Feedback): Promise<void> {
  await client.sendFeedback(message_id, feedback)
  const user_id = useSignIn.getState().user?.user_id ?? ''
  const others = readKept(user_id).filter(([id]) => id !== message_id)
  store(toVerdictsKey(user_id), [...others, [message_id, feedback.rating]].slice(-MAX_KEPT))
  useGiven.setState({ [message_id]: feedback.rating })
}
