import t, { type Test } from 'tap'
import { startOnDeviceDictation } from '../src/state/voice/on-device.ts'

/** Replaces the browser's recognition by one that hears nothing, and that ends with this error, if any. */
function replaceRecognition(t: Test, errorName: string | undefined): void {
  class SpeechRecognition {
    onstart: (() => void) | null = null
    onerror: ((event: { error: string }) => void) | null = null
    onend: (() => void) | null = null
    start() {
      this.onstart?.()
    }
    stop() {
      if (errorName !== undefined) this.onerror?.({ error: errorName })
      this.onend?.()
    }
  }
  Object.assign(globalThis, { SpeechRecognition })
  t.teardown(() => Reflect.deleteProperty(globalThis, 'SpeechRecognition'))
}

for (const errorName of [undefined, 'no-speech']) {
  t.test(
    `[ROOM27] if nothing was heard, the text is empty and nothing fails (error: ${errorName ?? 'none'})`,
    async (t) => {
      replaceRecognition(t, errorName)
      const speechInput = await startOnDeviceDictation('en')
      t.equal(await speechInput.finish(), '')
    },
  )
}

for (const [errorName, expectedName] of [
  ['not-allowed', 'NotAllowedError'],
  ['audio-capture', 'NotReadableError'],
] as const) {
  t.test(`[ROOM27] the browser’s error ${errorName} is thrown as ${expectedName}`, async (t) => {
    replaceRecognition(t, errorName)
    const speechInput = await startOnDeviceDictation('en')
    const error = await speechInput.finish().catch((error: unknown) => error)
    t.equal(error instanceof DOMException && error.name, expectedName)
  })
}
