import { client } from '../people/session.ts'
import type { Listener } from './listener.ts'

const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
const PIECE_MS = 1_000
/** Speech is understood well at this rate, and an hour of it takes 14 MB. */
const BITS_PER_SECOND = 32_000

/**
 * Records until it is finished, cancelled, or as large as the server accepts (`onFull`).
 * @throws DOMException NotAllowedError, NotFoundError, NotReadableError if no microphone can be used
 */
export async function record(event_id: string, maxBytes: number, onFull: () => void): Promise<Listener> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind))
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType && { mimeType }) })
  const release = () => {
    for (const track of stream.getTracks()) track.stop()
  }
  const pieces: Blob[] = []
  let size = 0
  let isFull = false
  recorder.ondataavailable = ({ data }) => {
    pieces.push(data)
    size += data.size
    // Another piece of this size, and the last one that comes with the stop, still have to fit.
    if (isFull || recorder.state !== 'recording' || size + 3 * data.size < maxBytes) return
    isFull = true
    onFull()
  }
  const ended = new Promise<void>((resolve) => {
    recorder.onstop = () => {
      release()
      resolve()
    }
  })
  recorder.start(PIECE_MS)
  const left = new AbortController()
  const stop = () => {
    if (recorder.state !== 'inactive') recorder.stop()
  }
  return {
    async finish() {
      stop()
      await ended
      const audio = new Blob(pieces, { type: recorder.mimeType })
      return (await client.transcribe(audio, { event_id, signal: left.signal })).text
    },
    cancel() {
      left.abort()
      stop()
      release()
    },
  }
}
