import type { Message } from '@engineer-chat/protocol'
import t from 'tap'
import { startFakePage } from '../testing/fake-page.ts'

const page = startFakePage()
Object.assign(globalThis, { matchMedia: () => ({ matches: false }), setInterval: () => 0 })
Object.assign(document, { documentElement: { dataset: {} } })

/** Is a line that the machine speaks. */
class FakeUtterance {
  text: string
  onend: (() => void) | null = null
  constructor(text: string) {
    this.text = text
  }
}
const spokenLines: string[] = []
Object.assign(globalThis, {
  SpeechSynthesisUtterance: FakeUtterance,
  speechSynthesis: {
    getVoices: () => [{ localService: true, lang: 'en-GB' }],
    speak({ text, onend }: FakeUtterance) {
      spokenLines.push(text)
      onend?.()
    },
    cancel() {},
  },
})

const { loadMessages } = await import('../src/i18n/index.ts')
const { getRoom } = await import('../src/state/rooms/rooms.ts')
const { useToasts } = await import('../src/state/page/toasts.ts')
const { readAloud, stopReadAloud, useReadAloud } = await import('../src/state/voice/read-aloud.ts')
const { getSocket } = await import('../src/state/people/sign-in.ts')
await loadMessages('en')
t.teardown(() => getSocket().close())

const wholeAnswer = {
  message_id: 'm7',
  event_id: 'e',
  position: 7,
  seq: 7,
  user_id: 'u-1',
  message_type: 'chat',
  sender_type: 'ai',
  message_category: 'engineer_chat',
  message_content: { content: 'The first line.\n\nThe last line.' },
} as Message
const truncatedAnswer: Message = {
  ...wholeAnswer,
  truncated: true,
  message_content: { ...wholeAnswer.message_content, content: 'The first' },
}
const toPage = (messages: Message[]) => ({ messages, has_more: false, seq: 7 })

t.beforeEach(() => {
  spokenLines.length = 0
})

t.test('[ROOM28] an answer that the socket has truncated is loaded and read to its end', async (t) => {
  getRoom('e')
  const reading = readAloud(truncatedAnswer)
  t.match(useReadAloud.getState(), { message_id: 'm7', phase: 'loading' })
  await (await page.takeRequest()).respond(toPage([wholeAnswer]))
  await reading
  t.same(spokenLines, ['The first line.', 'The last line.'])
  t.equal(useReadAloud.getState().message_id, null)
})

t.test('[ROOM28] if the whole answer can’t be loaded, nothing is read and the problem is shown', async (t) => {
  const reading = readAloud({ ...truncatedAnswer, message_id: 'm8', position: 8 })
  await (await page.takeRequest()).fail()
  await reading
  t.same(spokenLines, [])
  t.equal(useToasts.getState().toasts.length, 1)
  t.equal(useReadAloud.getState().message_id, null)
})

t.test('[ROOM28] an answer whose reading is stopped while it loads is not read', async (t) => {
  const reading = readAloud({ ...truncatedAnswer, message_id: 'm9', position: 9 })
  const request = await page.takeRequest()
  stopReadAloud()
  await request.respond(toPage([{ ...wholeAnswer, message_id: 'm9', position: 9 }]))
  await reading
  t.same(spokenLines, [])
})
