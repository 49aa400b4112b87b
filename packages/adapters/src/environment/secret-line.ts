import { createReadStream } from 'node:fs'

/**
 * Reports why a secret could not be read. The message continues the words "the file …" and contains neither the
 * secret nor a path.
 */
export class SecretLineError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SecretLineError'
  }
}

const MAX_BYTES = 4_096

/** Reads a file that contains only a secret. @throws SecretLineError */
export async function readSecretLineFromFile(path: string): Promise<string> {
  return readSecretLine(createReadStream(path, { end: MAX_BYTES }))
}

/** Reads a secret that is one line of UTF-8, without the line break that editors add. @throws SecretLineError */
export async function readSecretLine(input: AsyncIterable<Buffer | string>): Promise<string> {
  const text = decodeUtf8(await readBytes(input)).replace(/\r?\n$/, '')
  if (text === '') throw new SecretLineError('is empty')
  if (/[\r\n]/.test(text)) throw new SecretLineError('holds more than one line')
  return text
}

async function readBytes(input: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of input) {
      const buffer = Buffer.from(chunk)
      bytes += buffer.length
      if (bytes > MAX_BYTES) break
      chunks.push(buffer)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new SecretLineError(`can't be read (${code})`)
  }
  if (bytes > MAX_BYTES) throw new SecretLineError(`is larger than ${MAX_BYTES} bytes`)
  return Buffer.concat(chunks)
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new SecretLineError('is not UTF-8 text')
  }
}
