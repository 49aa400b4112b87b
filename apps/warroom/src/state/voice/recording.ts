import { client } from '../people/sign-in.ts'
import type { SpeechInput } from './speech-input.ts'

const MIME_TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
const CHUNK_MS = 1_000
/** Speech stays easy to understand at this bit rate, and an hour takes 14 MB. */
const BITS_PER_SECOND = 32_000

/**
 * Starts a recording. It ends when it is finished or cancelled. `onFull` is called when it is almost as large as the
 * server accepts.
 * @throws DOMException NotAllowedError, NotFoundError, NotReadableError if no microphone can be used
 */
export async function startRecording(event_id: string, maxBytes: number, onFull: () => void): Promise<SpeechInput> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const mimeType = MIME_TYPES.find((kind) => MediaRecorder.isTypeSupported(kind))
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType && { mimeType }) })
  const releaseMicrophone = () => {
    for (const track of stream.getTracks()) track.stop()
  }
  const chunks: Blob[] = []
  let recordedBytes = 0
  let isFull = false
  recorder.ondataavailable = ({ data }) => {
    chunks.push(data)
    recordedBytes += data.size
    // The next chunk and the last one, which arrives with the stop, must still fit. The third is a margin.
    if (isFull || recorder.state !== 'recording' || recordedBytes + 3 * data.size < maxBytes) return
    isFull = true
    onFull()
  }
  const ended = new Promise<void>((resolve) => {
    recorder.onstop = () => {
      releaseMicrophone()
      resolve()
    }
  })
  recorder.start(CHUNK_MS)
  const transcription = new AbortController()
  const stop = () => {
    if (recorder.state !== 'inactive') recorder.stop()
  }
  return {
    async finish() {
      stop()
      await ended
      const audio = new Blob(chunks, { type: recorder.mimeType })
      return (await client.transcribe(audio, { event_id, signal: transcription.signal })).text
    },
    cancel() {
      transcription.abort()
      stop()
      releaseMicrophone()
    },
  }
}
