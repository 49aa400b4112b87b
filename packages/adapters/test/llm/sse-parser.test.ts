import { LlmError } from '@engineer-chat/chat/models'
import t from 'tap'
import { createSseParser, MAX_EVENT_CHARACTERS, type SseEvent } from '../../src/llm/sse-parser.ts'

const toBytes = (text: string) => new TextEncoder().encode(text)

function parse(...chunks: Uint8Array[]): SseEvent[] {
  const parser = createSseParser()
  const decoder = new TextDecoder()
  const events = chunks.flatMap((chunk) => parser.push(decoder.decode(chunk, { stream: true })))
  return [...events, ...parser.end()]
}

const STREAMS = {
  plain: 'data: {"a":1}\n\ndata: [DONE]\n\n',
  crlf: 'data: one\r\ndata: two\r\n\r\ndata: three\r\n\r\n',
  cr: 'data: one\r\rdata: two\r\r',
  comments: ': keep-alive\n\n: keep-alive\n\ndata: x\n: inside\ndata: y\n\n',
  unicode: '\uFEFFdata: 隔离 🛡️ é\n\ndata: 👩‍💻\r\n\r\n',
  fields: 'event: ping\nid: 7\nretry: 10\ndata:no space\ndata\n\nevent: nothing\n\ndata:  two spaces\n\n',
  unended: 'data: first\n\ndata: last',
}

const EXPECTED: Record<keyof typeof STREAMS, SseEvent[]> = {
  plain: [createMessageEvent('{"a":1}'), createMessageEvent('[DONE]')],
  crlf: [createMessageEvent('one\ntwo'), createMessageEvent('three')],
  cr: [createMessageEvent('one'), createMessageEvent('two')],
  comments: [createMessageEvent('x\ny')],
  unicode: [createMessageEvent('隔离 🛡️ é'), createMessageEvent('👩‍💻')],
  fields: [{ event: 'ping', data: 'no space\n' }, createMessageEvent(' two spaces')],
  unended: [createMessageEvent('first'), createMessageEvent('last')],
}

function createMessageEvent(data: string): SseEvent {
  return { event: '', data }
}

t.test(
  '[ANSWER12] a stream means the same however it is split: at every byte, in two at every place, in three',
  async (t) => {
    for (const [name, text] of Object.entries(STREAMS)) {
      const streamBytes = toBytes(text)
      const expected = EXPECTED[name as keyof typeof STREAMS]
      t.strictSame(parse(streamBytes), expected, `${name}, whole`)
      t.strictSame(parse(...[...streamBytes].map((byte) => Uint8Array.of(byte))), expected, `${name}, bytewise`)
      let differentCount = 0
      for (let first = 0; first <= streamBytes.length; first++) {
        for (let second = first; second <= streamBytes.length; second++) {
          const events = parse(
            streamBytes.subarray(0, first),
            streamBytes.subarray(first, second),
            streamBytes.subarray(second),
          )
          if (JSON.stringify(events) !== JSON.stringify(expected)) differentCount++
        }
      }
      t.equal(differentCount, 0, `${name}, every split`)
    }
  },
)

t.test(
  '[ANSWER12] an event that does not end is refused before it fills the memory, and a long event is read',
  async (t) => {
    const pushText = (length: number) => {
      const parser = createSseParser()
      parser.push('data:')
      for (let remaining = length; remaining > 0; remaining -= 65_536)
        parser.push('x'.repeat(Math.min(remaining, 65_536)))
      return parser.push('\n\n')[0]?.data.length
    }
    t.equal(pushText(MAX_EVENT_CHARACTERS - 'data:'.length), MAX_EVENT_CHARACTERS - 'data:'.length)
    t.throws(() => pushText(MAX_EVENT_CHARACTERS), { code: 'llm_unavailable', transient: false })
    const lines = createSseParser()
    t.throws(() => {
      for (let count = 0; count < 10; count++) lines.push(`data: ${'x'.repeat(1024 * 1024)}\n`)
    }, LlmError)
  },
)
