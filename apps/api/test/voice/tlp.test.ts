import type { Voice } from '@engineer-chat/chat/voice'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'
import { isProblem } from '../problems.ts'

const WEBM = Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.from('opus and so on')])

async function* createSound() {
  yield Buffer.from('ID3')
}

/** Opens an API whose voice endpoint keeps what it got, with alice, who commands a red event and an amber one. */
async function withVoice(t: Test, { inside }: { inside: boolean }) {
  const received: string[] = []
  const voice: Voice = {
    ...(inside && { inside }),
    transcription: {
      model: { name: 'whisper-1', price: null },
      transcribe: async () => {
        received.push('a recording')
        return { text: 'Isolate it.', seconds: 1 }
      },
    },
    speech: {
      model: { name: 'tts-1', price: null },
      speak: async (text) => {
        received.push(text)
        return { type: 'audio/mpeg', audio: createSound() }
      },
    },
  }
  const harness = await createHarness({ deps: { voice } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const amber = await harness.createEvent(alice)
  const red = await harness.createEvent(alice, { tlp: 'red' })
  const speak = (event_id?: string) =>
    alice.call('POST', '/api/engineer-chat/speech', { text: 'The insider.', event_id })
  const upload = (query = '') =>
    alice.call('POST', `/api/engineer-chat/transcriptions${query}`, WEBM, { 'content-type': 'audio/webm' })
  return { harness, alice, amber, red, received, speak, upload }
}

t.test('[TLP5] sound and texts of a red event do not go to a voice outside, and cost nothing', async (t) => {
  const { harness, amber, red, received, speak, upload } = await withVoice(t, { inside: false })
  isProblem(t, await speak(red), 409, 'tlp_forbids_model')
  isProblem(t, await upload(`?event_id=${red}`), 409, 'tlp_forbids_model')
  t.same(received, [])
  t.same(
    harness.log.filter(({ event }) => /spoken|transcribed/.test(event)),
    [],
  )

  t.equal((await speak(amber)).statusCode, 200)
  t.equal((await upload(`?event_id=${amber}`)).statusCode, 200)
  t.same(received, ['The insider.', 'a recording'])
})

t.test('[TLP5] a call that names no event is refused while its caller may enter a red one', async (t) => {
  const { harness, alice, red, received, speak, upload } = await withVoice(t, { inside: false })
  isProblem(t, await speak(), 409, 'tlp_forbids_model')
  isProblem(t, await upload(), 409, 'tlp_forbids_model')
  t.same(received, [])

  await alice.call('PATCH', `/api/events/${red}`, { access: 'restricted' })
  const bob = await harness.signUp('bob')
  const spoken = await bob.call('POST', '/api/engineer-chat/speech', { text: 'Hello.' })
  t.equal(spoken.statusCode, 200, 'bob enters no red event')
  await alice.call('PATCH', `/api/events/${red}`, { tlp: 'amber' })
  t.equal((await speak()).statusCode, 200)
})

t.test('[TLP5] a voice inside gets them', async (t) => {
  const { alice, red, received, speak, upload } = await withVoice(t, { inside: true })
  t.equal((await speak(red)).statusCode, 200)
  t.equal((await upload(`?event_id=${red}`)).statusCode, 200)
  t.equal((await speak()).statusCode, 200)
  t.equal(received.length, 3)
  t.match((await alice.call('GET', '/api/engineer-chat/voice')).json(), { inside: true })
})
