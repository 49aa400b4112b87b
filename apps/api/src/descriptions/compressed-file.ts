import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The coding with the smallest result comes first. */
const CODINGS = ['br', 'gzip', 'identity'] as const
type Coding = (typeof CODINGS)[number]

/** Holds a file in each content coding. All responses share these bytes, so a slow client needs no copy of them. */
export interface CompressedFile {
  type: string
  /** Identifies the content. It is a part of the entity tags. */
  hash: string
  bodies: Record<Coding, Buffer>
}

/** 22 characters of base64url hold 132 bits, which are enough to identify the content. */
const HASH_CHARACTERS = 22

/** With this quality, compressing four megabytes to a quarter of their size takes 0.2 seconds. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

/** Compresses the content once, in the thread pool, so that it does not block the event loop. */
export async function compressFile(content: Buffer, type: string): Promise<CompressedFile> {
  const [br, zipped] = await Promise.all([promisify(brotliCompress)(content, BROTLI), promisify(gzip)(content)])
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, HASH_CHARACTERS)
  return { type, hash, bodies: { br, gzip: zipped, identity: content } }
}

/** Sends the file in the first of the CODINGS that the client accepts, or 304 if the client has it. */
export function sendCompressedFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, hash, bodies }: CompressedFile,
) {
  const coding = CODINGS.find((name) => isAccepted(request.headers['accept-encoding'], name)) ?? 'identity'
  const tag = `"${hash}-${coding}"`
  reply.header('etag', tag).header('cache-control', 'no-cache').header('vary', 'accept-encoding')
  if (matchesTag(request.headers['if-none-match'], tag)) return reply.code(304).send()
  if (coding !== 'identity') reply.header('content-encoding', coding)
  return reply.type(type).send(bodies[coding])
}

/** Returns true if the header lists the coding with a weight above zero. */
const isAccepted = (header: string | string[] | undefined, coding: Coding): boolean =>
  String(header ?? '')
    .split(',')
    .map((part) =>
      part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/),
    )
    .some(([name, weight]) => name === coding && !/^q=0(\.0*)?$/.test(weight ?? ''))

/** Returns true if the client has this content. GET uses the weak comparison of entity tags. */
const matchesTag = (header: string | undefined, tag: string): boolean =>
  header?.trim() === '*' || (header ?? '').split(',').some((knownTag) => knownTag.trim().replace(/^W\//, '') === tag)
