import { createOpenAiVoice } from '@engineer-chat/adapters/voice'
import { PIECE_RULES } from '@engineer-chat/chat/ranking'
import { createId } from '@engineer-chat/chat/shared'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import { speakText, transcribeRecording, type Voice } from '@engineer-chat/chat/voice'
import t, { type Test } from 'tap'
import { createHttpWorker, createModel } from './http-worker.ts'
import { startRecordingEndpoint } from './recording-endpoint.ts'

type Endpoint = Awaited<ReturnType<typeof startRecordingEndpoint>>
type Worker = ReturnType<typeof createHttpWorker>

const WEBM_SIGNATURE = Buffer.from('1a45dfa3', 'hex')
const QUESTIONS = ['what now?', '/summary', '/catchup', '/handover', '现在怎么办？']
const RED_EVENTS = 25
const CANARIES = 1_000

/** Creates words that occur nowhere else. */
function createCanaries() {
  const words: string[] = []
  const plant = (count: number): string =>
    Array.from({ length: count }, () => {
      const word = `kanarie${String(words.length).padStart(4, '0')}vogel`
      words.push(word)
      return word
    }).join(', ')
  return { words, plant }
}

const createVoice = ({ url: baseUrl }: Endpoint, isInside: boolean): Voice =>
  createOpenAiVoice({
    baseUrl,
    transcriptionModel: 'whisper-1',
    speechModel: 'tts-1',
    speechVoice: 'alloy',
    timeoutMs: 20_000,
    isInside,
  })

/** Starts models of each protocol outside, one inside, and the analyst. One outside falls back to one inside. */
function startWorker(outside: Endpoint, inside: Endpoint): Worker {
  return createHttpWorker([
    createModel('gpt', outside.url, {
      fallbacks: ['claude', 'house', 'offline'],
      choose_for: [{ severity: ['high'] }],
    }),
    createModel('claude', outside.url, { provider: 'anthropic' }),
    createModel('house', inside.url, { inside: true, fallbacks: ['gpt', 'claude', 'offline'] }),
    createModel('offline', '', { provider: 'offline' }),
  ])
}

/** Writes canaries wherever an event has texts of people, agents and models. */
async function fillRoom({ stores, userCreated }: Worker, event_id: string, plant: (count: number) => string) {
  const { user_id } = await userCreated
  await stores.events.addSummary(event_id, { round_id: 1, event_summary: plant(3), event_suggestion: plant(2) })
  await stores.events.update(event_id, { context: plant(5) }, { user_id, role: 'engineer' })
  const post = (category: 'room' | 'agent', message_from: string) =>
    stores.messages.post({
      message_id: createId(),
      event_id,
      user_id,
      category,
      message_from,
      message_type: 'chat',
      content: { content: plant(3) },
      round_id: category === 'agent' ? 1 : null,
      audience: 'all',
    })
  await post('room', user_id)
  const { row } = await post('agent', '_captain')
  await stores.pins.pin(event_id, row.message.message_id, { user_id, audiences: ['all', 'people', user_id] })
}

/** Calls a voice with a text and a recording of an event, and returns how many calls were refused. */
async function callVoice({ stores, userCreated }: Worker, voice: Voice, event_id: string | undefined, text: string) {
  const { user_id } = await userCreated
  const log = { info() {}, warn() {}, error() {} }
  const ctx = {
    ...stores,
    voice,
    log,
    signal: new AbortController().signal,
    isMailRedacted: true,
    maxSpeechCharacters: 4_096,
  }
  const caller = { user_id, role: 'engineer' } as const
  const eventFields = event_id === undefined ? {} : { event_id }
  const audio = Buffer.concat([WEBM_SIGNATURE, Buffer.from(text)])
  const calls = [
    speakText(ctx, caller, { text, ...eventFields }),
    transcribeRecording(ctx, caller, { audio, type: 'audio/webm', ...eventFields }),
  ]
  const results = await Promise.allSettled(calls)
  return results.filter((outcome) => outcome.status === 'rejected' && outcome.reason.code === 'tlp_forbids_model')
    .length
}

t.test('[TLP6] a red document reaches a model inside in an amber room, and reaches no model outside', async (t) => {
  const [outside, inside] = await Promise.all([startRecordingEndpoint(t), startRecordingEndpoint(t)])
  const worker = startWorker(outside, inside)
  const { documents, textIndex } = worker.stores
  const { words, plant } = createCanaries()
  for (const tlp of ['red', 'green'] as const) {
    const content = `Reset kerberos twice. ${tlp === 'red' ? plant(50) : 'harmless'}`
    await documents.create({
      document_id: createId(),
      title: 'Golden ticket',
      kind: 'runbook',
      language: 'en',
      tlp,
      content,
      access: 'everybody',
      event_id: null,
      updated_by: 'u-alice',
      pieces: [{ headings: [], anchor: 'reset', text: content }],
    })
  }
  while (await textIndex.indexNextPieces(100, PIECE_RULES));
  const event_id = await worker.openEvent()

  for (const model of ['house', 'gpt', 'claude'])
    await worker.askAndAnswer(event_id, 'How to reset kerberos twice?', model)

  const [sentOutside, sentInside] = [JSON.stringify(outside.received), JSON.stringify(inside.received)]
  t.match(sentOutside, /harmless/)
  t.same(
    words.filter((word) => sentOutside.includes(word)),
    [],
  )
  t.same(
    words.filter((word) => !sentInside.includes(word)),
    [],
  )
  t.ok(outside.received.length >= 2, 'both models outside were asked')
})

t.test(
  '[TLP1] [TLP4] [TLP5] none of 1,000 canaries in red events reaches a model or a voice outside, by any path',
  async (t) => {
    const [outside, inside] = await Promise.all([startRecordingEndpoint(t), startRecordingEndpoint(t)])
    const worker = startWorker(outside, inside)
    const red = createCanaries()
    const random = createSeededRandom(176)
    const voice = createVoice(outside, false)
    let refused = 0

    for (let event = 0; event < RED_EVENTS; event++) {
      // Every fifth event becomes red only after it has its texts. In every fourth event the model inside fails, and
      // its next fallbacks are outside.
      const becomesRed = event % 5 === 0
      inside.failing.clear()
      if (event % 4 === 0) inside.failing.add('/v1/chat/completions')
      const fields = {
        event_name: red.plant(1),
        message: red.plant(6),
        tlp: becomesRed ? ('amber' as const) : ('red' as const),
      }
      const event_id = await worker.openEvent(fields)
      await fillRoom(worker, event_id, red.plant)
      const { user_id } = await worker.userCreated
      if (becomesRed) await worker.stores.events.update(event_id, { tlp: 'red' }, { user_id, role: 'engineer' })
      for (const model of [null, 'gpt', 'claude', 'house'])
        await worker.askAndAnswer(event_id, `${random.pick(QUESTIONS)} ${red.plant(3)}`, model)
      refused += await callVoice(worker, voice, event_id, red.plant(4))
      // A call that names no event is refused, because its caller may read red events.
      refused += await callVoice(worker, voice, undefined, '')
      while (red.words.length < (CANARIES / RED_EVENTS) * (event + 1))
        await worker.askAndAnswer(event_id, red.plant(1), null)
    }

    t.equal(red.words.length, CANARIES)
    const leaked = JSON.stringify(outside.received)
    t.same(
      red.words.filter((word) => leaked.includes(word)),
      [],
    )
    t.equal(outside.received.length, 0, 'the endpoints outside got no request')
    t.ok(refused >= RED_EVENTS * 3, `${refused} calls to the voice were refused`)
    await proveLeaksAreFound(t, worker, { outside, inside }, red.words)
  },
)

/** Proves that the test would find a leak: the model inside got red texts, and models outside get other events. */
async function proveLeaksAreFound(
  t: Test,
  worker: Worker,
  { outside, inside }: Record<'outside' | 'inside', Endpoint>,
  words: string[],
) {
  const received = JSON.stringify(inside.received)
  t.ok(words.filter((word) => received.includes(word)).length >= 500, 'models inside get red events')

  const amber = createCanaries()
  const event_id = await worker.openEvent({ message: amber.plant(5) })
  await fillRoom(worker, event_id, amber.plant)
  for (const model of ['gpt', 'claude']) await worker.askAndAnswer(event_id, `what now? ${amber.plant(2)}`, model)
  t.equal(await callVoice(worker, createVoice(outside, false), event_id, amber.plant(2)), 0)
  const sentOutside = JSON.stringify(outside.received)
  t.same(
    amber.words.filter((word) => !sentOutside.includes(word)),
    [],
    'models outside get every text of an amber event',
  )
  t.same([...new Set(outside.received.map(({ path }) => path))].sort(), [
    '/v1/audio/speech',
    '/v1/audio/transcriptions',
    '/v1/chat/completions',
    '/v1/messages',
  ])
}
