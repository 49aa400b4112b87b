import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Controls a fake endpoint that transcribes recordings and reads texts aloud. */
export interface VoiceEndpoint {
  url: string
  /** Holds the bodies of requests to `/audio/transcriptions`. */
  recordings: Buffer[]
  /** Holds the texts that `/audio/speech` received. */
  spokenTexts: string[]
  /** Answers the next `count` requests with 500. */
  failNext(count: number): void
  close(): Promise<void>
}

export async function startVoiceEndpoint(transcript: string): Promise<VoiceEndpoint> {
  const recordings: Buffer[] = []
  const spokenTexts: string[] = []
  let remainingFailures = 0
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const isSpeech = request.url?.endsWith('/speech')
    if (isSpeech) spokenTexts.push((JSON.parse(`${body}`) as { input: string }).input)
    else recordings.push(body)
    if (remainingFailures > 0) {
      remainingFailures -= 1
      response.writeHead(500).end('a secret of the host') // No user may see this text.
    } else if (isSpeech) response.writeHead(200, { 'content-type': 'audio/wav' }).end(createBeep())
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text: transcript }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/v1`,
    recordings,
    spokenTexts,
    failNext: (count) => {
      remainingFailures = count
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const SAMPLE_RATE_HZ = 8_000
const SAMPLE_BYTES = 2
const CHANNELS = 1
const PCM_FORMAT = 1
const FORMAT_BLOCK_BYTES = 16
const HEADER_BYTES = 44
const TONE_HZ = 440
/** A 16-bit sample is at most 32,767, so this tone has a quarter of the full volume. */
const TONE_AMPLITUDE = 8_000

/** Creates a WAV file with a tone of a quarter of a second. */
function createBeep(): Buffer {
  const sampleCount = SAMPLE_RATE_HZ / 4
  const samples = Buffer.alloc(sampleCount * SAMPLE_BYTES)
  for (let index = 0; index < sampleCount; index += 1) {
    const sample = TONE_AMPLITUDE * Math.sin((2 * Math.PI * TONE_HZ * index) / SAMPLE_RATE_HZ)
    samples.writeInt16LE(Math.round(sample), index * SAMPLE_BYTES)
  }
  const header = Buffer.alloc(HEADER_BYTES)
  header.write('RIFF', 0)
  header.writeUInt32LE(HEADER_BYTES - 8 + samples.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(FORMAT_BLOCK_BYTES, 16)
  header.writeUInt16LE(PCM_FORMAT, 20)
  header.writeUInt16LE(CHANNELS, 22)
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24)
  header.writeUInt32LE(SAMPLE_RATE_HZ * SAMPLE_BYTES, 28)
  header.writeUInt16LE(SAMPLE_BYTES, 32)
  header.writeUInt16LE(SAMPLE_BYTES * 8, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
