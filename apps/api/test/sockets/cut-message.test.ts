import { MAX_MESSAGE_JSON_BYTES, type Message } from '@engineer-chat/protocol'
import t from 'tap'
import { toMessageJson } from '../../src/sockets/frames/encode-frame.ts'

const MESSAGE: Message = {
  message_id: 'm1',
  event_id: 'e1',
  position: 1,
  seq: 1,
  user_id: null,
  message_from: '_captain',
  message_type: 'note',
  message_category: 'agent',
  sender_type: null,
  chat_session_id: null,
  visibility: 'room',
  reply_to: null,
  round_id: null,
  event_summary_version: null,
  message_content: { content: '' },
  created_at: '2026-01-31T12:00:00.000Z',
  updated_at: '2026-01-31T12:00:00.000Z',
}

function cut(fields: Partial<Message>): { message: Message; bytes: number } {
  const json = toMessageJson({ message: { ...MESSAGE, ...fields }, audience: 'all', attempt: 0 })
  return { message: JSON.parse(json), bytes: Buffer.byteLength(json) }
}

t.test('[WS15] a truncated message of an agent has the space for its text, whatever its fields are', async (t) => {
  const usage = 'bad.example '.repeat(2_000)
  const { message, bytes } = cut({
    message_content: JSON.parse(JSON.stringify({ content: 'x'.repeat(70_000), usage })),
  })
  t.equal(message.truncated, true)
  t.same(Object.keys(message.message_content), ['content'])
  t.ok(message.message_content.content.length > 64_000)
  t.equal(message.indicators, undefined, 'no indicator points to text that was cut off')
  t.ok(bytes <= MAX_MESSAGE_JSON_BYTES)
})

t.test('[WS15] a truncated answer keeps the small fields of the product', async (t) => {
  const { message } = cut({
    message_category: 'engineer_chat',
    sender_type: 'ai',
    message_content: { content: 'x'.repeat(70_000), model: 'gpt', attempts: 1, prompt_version: 'answer/1' },
  })
  t.same(Object.keys(message.message_content).sort(), ['attempts', 'content', 'model'])
})
