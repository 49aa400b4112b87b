import { LlmError } from '@engineer-chat/chat/models'
import { createParser } from 'eventsource-parser'

/** Describes one event of a `text/event-stream`. Its name is empty unless the stream gives one. */
export interface SseEvent {
  event: string
  data: string
}

export interface SseParser {
  /** Returns the events that this text completes. @throws LlmError when a line or an event has no end */
  push(text: string): SseEvent[]
  /** Returns the event that lacks its final blank line: some servers leave the last one out. */
  end(): SseEvent[]
}

/** This limit applies to one event. A model's whole thinking may come in one. */
export const MAX_EVENT_CHARACTERS = 4 * 1024 * 1024

/**
 * Parses a stream of events. eventsource-parser does the framing: the text may be split anywhere, and comments are
 * dropped.
 */
export function createSseParser(): SseParser {
  let events: SseEvent[] = []
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: ({ event = '', data }) => void events.push({ event, data }),
    onError({ type }) {
      if (type === 'max-buffer-size-exceeded') throw createTooLargeError()
    },
  })
  const push = (text: string): SseEvent[] => {
    events = []
    parser.feed(text)
    return events
  }
  return { push, end: () => push('\n\n\n') } // The first line break may be the second half of a CRLF.
}

export const createTooLargeError = (): LlmError =>
  new LlmError('llm_unavailable', `a piece of the answer is over ${MAX_EVENT_CHARACTERS} characters`, {
    transient: false,
  })

const HEARTBEAT_NAMES = ['ping', 'pong', 'heartbeat', 'keepalive', 'keep-alive', 'keep_alive']
const HEARTBEAT = /^[\s:["'(]*(?:ping|pong|heart-?beat|keep[-_ ]?alive|processing|openrouter processing)[\s\]"').]*$/i
const MAX_HEARTBEAT_CHARACTERS = 64

/**
 * Returns true if the event only keeps the connection alive: it has no data, no name, or a word that servers use for
 * it.
 */
export const isHeartbeat = ({ event, data }: SseEvent): boolean =>
  HEARTBEAT_NAMES.includes(event.toLowerCase()) ||
  data.trim() === '' ||
  (data.length <= MAX_HEARTBEAT_CHARACTERS && HEARTBEAT.test(data))
