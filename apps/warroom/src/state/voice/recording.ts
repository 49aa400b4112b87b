import { client } from '../people/sign-in.ts'
import type { SpeechInput } from './speech-input.ts'

const MIME_TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
/** The recorder delivers its sound in chunks of this duration. */
const CHUNK_MS = 1_000
/** Speech stays easy to understand at this bit rate, and an hour takes 14 MB. */
const BITS_PER_SECOND = 32_000
/**
 * A recording ends while this many more chunks still fit: the next chunk, the final chunk that arrives when the
 * recorder stops, and one chunk as a margin.
 */
const RESERVED_CHUNKS = 3

/**
 * Starts a recording, which runs until it is finished or cancelled, or the microphone is lost. `onFull` is called when
 * the recording has almost the maximum size that the server accepts.
 * @throws DOMException NotAllowedError, NotFoundError, NotReadableError if no microphone can be used
 */
export async function startRecording(event_id: string, maxBytes: number, onFull: () => void): Promise<SpeechInput> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const mimeType = MIME_TYPES.find((type) => MediaRecorder.isTypeSupported(type))
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
    if (isFull || recorder.state !== 'recording' || recordedBytes + RESERVED_CHUNKS * data.size < maxBytes) return
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
    ended,
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
