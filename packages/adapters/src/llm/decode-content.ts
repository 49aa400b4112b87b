import { pipeline, type Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'
import { LlmError } from '@engineer-chat/chat/models'
import { formatCode } from './llm-errors.ts'

/**
 * The decoders set no limit for the decoded bytes: a chunk is decoded only after the previous chunk was read, and each
 * event has a limit.
 */
const DECODERS: Record<string, (firstByte: number) => Transform> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
  // Some servers leave out the zlib header, whose first byte has the method 8 in its low four bits.
  deflate: (firstByte) => ((firstByte & 0x0f) === 8 ? createInflate() : createInflateRaw()),
}
const MAX_CODINGS = 4

/** Removes the content codings of a body. Requests ask for none, but some gateways use one anyway. @throws LlmError */
export async function* decodeContent(
  body: Readable,
  encoding: string | string[] | undefined,
): AsyncGenerator<Uint8Array> {
  const codings = String(encoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
  const unknownCoding = codings.find((coding) => !Object.hasOwn(DECODERS, coding))
  if (unknownCoding !== undefined || codings.length > MAX_CODINGS) {
    throw new LlmError('llm_unavailable', `the answer is encoded in an unknown way${formatCode(unknownCoding)}`, {
      transient: false,
    })
  }
  let bytes: AsyncIterable<Uint8Array> = body
  for (const coding of codings.reverse()) bytes = removeCoding(bytes, coding)
  yield* bytes
}

async function* removeCoding(source: AsyncIterable<Uint8Array>, coding: string): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  const firstChunk = await chunks.next()
  if (firstChunk.done === true) return
  const decoder = DECODERS[coding]?.(firstChunk.value[0] ?? 0)
  if (decoder === undefined) return
  async function* readAll() {
    if (firstChunk.done !== true) yield firstChunk.value
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value
  }
  pipeline(readAll(), decoder, () => {}) // A failure reaches the reader of the decoder.
  yield* decoder
}
