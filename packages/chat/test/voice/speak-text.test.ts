import { test } from 'tap'
import { speakText } from '../../src/voice/speak-text.ts'
import type { Voice } from '../../src/voice/voice.ts'
import { createMemoryStores } from '../../testing/index.ts'

async function* createSound() {
  yield Buffer.from('ID3')
}

test('[VOICE6] the log line of a part has the characters of this part, as the record of its call has', async (t) => {
  const stores = createMemoryStores()
  const spokenTexts: string[] = []
  const voice: Voice = {
    inside: true,
    speech: {
      model: { name: 'tts', price: null },
      async speak(text) {
        spokenTexts.push(text)
        return { type: 'audio/mpeg', audio: createSound() }
      },
    },
  }
  const ctx = {
    ...stores,
    voice,
    log: { info() {}, warn() {}, error() {} },
    signal: new AbortController().signal,
    isMailRedacted: true,
    maxSpeechCharacters: 4_096,
  }
  const caller = { user_id: 'u-alice', role: 'engineer' } as const
  const input = { text: 'All is well 😀. '.repeat(100), part: 1 }

  const result = await speakText(ctx, caller, input)

  const size = [...(spokenTexts[0] ?? '')].length
  t.ok(size > 500 && size <= 600, `${size} characters`)
  t.match(stores.data.voiceCalls, [{ kind: 'speech', size }])
  t.same(speakText.report.log({ caller, input, result }), {
    event: 'EngineerChat.text_spoken',
    fields: { user_id: 'u-alice', size },
  })
})
