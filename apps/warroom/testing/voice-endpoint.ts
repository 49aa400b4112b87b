import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Fakes an endpoint for speech, which a test controls. */
export interface VoiceEndpoint {
  url: string
  /** Holds the bodies of requests to `/audio/transcriptions`. */
  recordings: Buffer[]
  /** Holds the texts that `/audio/speech` received. */
  spokenTexts: string[]
  /** Answers the next `count` requests with 500. */
  fail(count: number): void
  close(): Promise<void>
}

export async function startVoiceEndpoint(transcript: string): Promise<VoiceEndpoint> {
  const recordings: Buffer[] = []
  const spokenTexts: string[] = []
  let failures = 0
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const isSpeech = request.url?.endsWith('/speech')
    if (isSpeech) spokenTexts.push((JSON.parse(`${body}`) as { input: string }).input)
    else recordings.push(body)
    if (failures > 0) {
      failures -= 1
      response.writeHead(500).end('a secret of the host')
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
    fail: (count) => {
      failures = count
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const SAMPLE_RATE_HZ = 8_000

/** Creates a WAV file with a quarter of a second of 440 Hz. */
function createBeep(): Buffer {
  const samples = Buffer.alloc(SAMPLE_RATE_HZ / 2)
  for (let index = 0; index < samples.length / 2; index += 1) {
    samples.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * 440 * index) / SAMPLE_RATE_HZ)), index * 2)
  }
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24)
  header.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
