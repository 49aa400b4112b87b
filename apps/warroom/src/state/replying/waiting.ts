import type { Message, WaitingReply } from '@engineer-chat/protocol'
import { useEffect } from 'react'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'

/** Most answers begin within this time, so that the page need not request their places in the queue. */
const FIRST_REQUEST_AFTER_MS = 1_500
const REQUEST_INTERVAL_MS = 4_000

/** Holds the waiting replies of each event. */
const useWaitingReplies = create<Record<string, readonly WaitingReply[]>>(() => ({}))

/** Describes the regular requests for the places that an event's replies have in the queues. */
interface Watch {
  /** Counts the shown replies that need the requests. */
  watcherCount: number
  timer: ReturnType<typeof setTimeout>
}

const watches = new Map<string, Watch>()

/** Returns the place of a reply in the queue of its model, while the reply waits there and `needsPlace` is true. */
export function useWaitingReply({ event_id, message_id }: Message, needsPlace: boolean): WaitingReply | undefined {
  useEffect(() => (needsPlace ? watchEvent(event_id) : undefined), [event_id, needsPlace])
  return useWaitingReplies((repliesByEvent) =>
    needsPlace ? repliesByEvent[event_id]?.find((reply) => reply.message_id === message_id) : undefined,
  )
}

/**
 * Requests the places of all replies in an event every four seconds while the page is visible. Returns the stop
 * function.
 */
function watchEvent(event_id: string): () => void {
  const watch = watches.get(event_id) ?? {
    watcherCount: 0,
    timer: setTimeout(() => void requestPlaces(event_id), FIRST_REQUEST_AFTER_MS),
  }
  watch.watcherCount += 1
  watches.set(event_id, watch)
  return () => {
    watch.watcherCount -= 1
    if (watch.watcherCount > 0) return
    clearTimeout(watch.timer)
    watches.delete(event_id)
    useWaitingReplies.setState({ [event_id]: [] })
  }
}

/** Requests the places and plans the next request. A failure is ignored, because the next request may succeed. */
async function requestPlaces(event_id: string): Promise<void> {
  const watch = watches.get(event_id)
  const status =
    document.visibilityState === 'visible' ? await client.getStatus(event_id).catch(() => undefined) : undefined
  if (!watch || watches.get(event_id) !== watch) return
  if (status) useWaitingReplies.setState({ [event_id]: status.waiting_replies ?? [] })
  watch.timer = setTimeout(() => void requestPlaces(event_id), REQUEST_INTERVAL_MS)
}
