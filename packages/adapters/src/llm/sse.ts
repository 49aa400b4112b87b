/** One event of a `text/event-stream`. Its name is `message` unless the stream gives one. */
export interface SseEvent {
  event: string
  data: string
}

export interface SseParser {
  /** The events that this chunk completes. @throws RangeError when a line or an event has no end */
  push(chunk: Uint8Array): SseEvent[]
  /** What stands there without the blank line that should end it: some servers leave the last one out. */
  end(): SseEvent[]
}

const MAX_EVENT_CHARACTERS = 4 * 1024 * 1024

const LINE_END = /\r\n|\r|\n/g

/** Chunks may be split anywhere: inside a character, between CR and LF, inside a field. Comments are dropped. */
export function sseParser(): SseParser {
  const decoder = new TextDecoder() // drops a byte order mark, holds back half a character
  let line = ''
  let afterCr = false
  let name = ''
  let data: string[] = []
  let size = 0

  function endEvent(events: SseEvent[]): void {
    if (data.length > 0) events.push({ event: name || 'message', data: data.join('\n') })
    name = ''
    data = []
    size = 0
  }

  function endLine(events: SseEvent[]): void {
    if (line === '') endEvent(events)
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1))
    if (field === 'data') data.push(value)
    else if (field === 'event') name = value
    size += field === 'data' ? value.length : 0
    line = ''
  }

  function feed(text: string): SseEvent[] {
    const events: SseEvent[] = []
    let start = afterCr && text[0] === '\n' ? 1 : 0 // the other half of a CRLF
    if (text !== '') afterCr = false
    LINE_END.lastIndex = start
    for (let end = LINE_END.exec(text); end; end = LINE_END.exec(text)) {
      line += text.slice(start, end.index)
      endLine(events)
      start = LINE_END.lastIndex
      afterCr = end[0] === '\r' && start === text.length
    }
    line += text.slice(start)
    if (line.length + size > MAX_EVENT_CHARACTERS) throw new RangeError('An event of the stream is too large.')
    return events
  }

  return {
    push: (chunk) => feed(decoder.decode(chunk, { stream: true })),
    end() {
      const events = feed(decoder.decode())
      if (line !== '') endLine(events)
      endEvent(events)
      return events
    },
  }
}
