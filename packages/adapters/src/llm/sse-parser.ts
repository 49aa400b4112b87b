import { LlmError } from '@engineer-chat/chat/models'
import { createParser } from 'eventsource-parser'

/** Describes one event of a `text/event-stream`. The name `event` is empty if the stream gives none. */
export interface SseEvent {
  event: string
  data: string
}

export interface SseParser {
  /** Returns the events that this text completes. @throws LlmError when a line or an event has no end */
  push(text: string): SseEvent[]
  /** Returns the last event if its final blank line is missing, because some servers leave that line out. */
  end(): SseEvent[]
}

/** One event may have this many characters. Some servers send a model's whole thinking in one event. */
export const MAX_EVENT_CHARACTERS = 4 * 1024 * 1024

/** Parses a stream of events with eventsource-parser. The text may be split anywhere, and comments are dropped. */
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
/** Matches data such as `ping`, `[keep-alive]` or `: OPENROUTER PROCESSING`. */
const HEARTBEAT = /^[\s:["'(]*(?:ping|pong|heart-?beat|keep[-_ ]?alive|processing|openrouter processing)[\s\]"').]*$/i
const MAX_HEARTBEAT_CHARACTERS = 64

/** Returns true if the event only keeps the connection alive: it has no data, or its name or data is a heartbeat's. */
export const isHeartbeat = ({ event, data }: SseEvent): boolean =>
  HEARTBEAT_NAMES.includes(event.toLowerCase()) ||
  data.trim() === '' ||
  (data.length <= MAX_HEARTBEAT_CHARACTERS && HEARTBEAT.test(data))
