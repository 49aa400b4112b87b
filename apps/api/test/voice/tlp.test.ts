import type { Voice } from '@engineer-chat/chat/voice'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

/** The first four bytes are those of every WebM file. */
const WEBM = Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.from('opus and so on')])

async function* createSound() {
  yield Buffer.from('ID3')
}

/** Starts an API whose voice endpoint records its inputs. Alice is the commander of a red and an amber event. */
async function startWithVoice(t: Test, { inside }: { inside: boolean }) {
  const receivedInputs: string[] = []
  const voice: Voice = {
    ...(inside && { inside }),
    transcription: {
      model: { name: 'whisper-1', price: null },
      transcribe: async () => {
        receivedInputs.push('a recording')
        return { text: 'Isolate it.', seconds: 1 }
      },
    },
    speech: {
      model: { name: 'tts-1', price: null },
      speak: async (text) => {
        receivedInputs.push(text)
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
  return { harness, alice, amber, red, receivedInputs, speak, upload }
}

t.test(
  '[TLP5] sound and texts of a red event are not sent to an outside voice endpoint, and no use of it is logged',
  async (t) => {
    const { harness, amber, red, receivedInputs, speak, upload } = await startWithVoice(t, { inside: false })
    checkProblem(t, await speak(red), 409, 'tlp_forbids_model')
    checkProblem(t, await upload(`?event_id=${red}`), 409, 'tlp_forbids_model')
    t.same(receivedInputs, [])
    t.same(
      harness.log.filter(({ event }) => /spoken|transcribed/.test(event)),
      [],
    )

    t.equal((await speak(amber)).statusCode, 200)
    t.equal((await upload(`?event_id=${amber}`)).statusCode, 200)
    t.same(receivedInputs, ['The insider.', 'a recording'])
  },
)

t.test('[TLP5] a call without an event is refused if the caller may enter a red event', async (t) => {
  const { harness, alice, red, receivedInputs, speak, upload } = await startWithVoice(t, { inside: false })
  checkProblem(t, await speak(), 409, 'tlp_forbids_model')
  checkProblem(t, await upload(), 409, 'tlp_forbids_model')
  t.same(receivedInputs, [])

  await alice.call('PATCH', `/api/events/${red}`, { access: 'restricted' })
  const bob = await harness.signUp('bob')
  const spoken = await bob.call('POST', '/api/engineer-chat/speech', { text: 'Hello.' })
  t.equal(spoken.statusCode, 200, 'bob may enter no red event')
  await alice.call('PATCH', `/api/events/${red}`, { tlp: 'amber' })
  t.equal((await speak()).statusCode, 200)
})

t.test('[TLP5] sound and texts of a red event are sent to an inside voice endpoint', async (t) => {
  const { alice, red, receivedInputs, speak, upload } = await startWithVoice(t, { inside: true })
  t.equal((await speak(red)).statusCode, 200)
  t.equal((await upload(`?event_id=${red}`)).statusCode, 200)
  t.equal((await speak()).statusCode, 200)
  t.equal(receivedInputs.length, 3)
  t.match((await alice.call('GET', '/api/engineer-chat/voice')).json(), { inside: true })
})
