import { MAX_FREQUENCY, type TermPostings } from '@engineer-chat/chat/ranking'
import { sha256 } from '@engineer-chat/chat/shared'

/** A row of `text_postings` covers this many neighbouring entries. */
const BLOCK_ENTRIES = 1_024
/** A posting has two bytes for place and frequency together, and two for the entry's length. */
const POSTING_BYTES = 4
/** The first two bytes hold the place in the block in their first ten bits, and the frequency in their last six. */
const FREQUENCY_BITS = 6
const HASH_BYTES = 8
const TERM_BYTES = HASH_BYTES + 1

/** Stands for a term: eight bytes as hex. Two terms of a room practically never share one. */
export type TermHash = string

/** Maps the terms of an entry to their frequencies. */
export type HashedTerms = Map<TermHash, number>

export const hashTerm = (term: string): TermHash => sha256(term).slice(0, HASH_BYTES * 2)
export const toTermColumn = (hash: TermHash): Buffer => Buffer.from(hash, 'hex')
export const fromTermColumn = (term: Buffer): TermHash => term.toString('hex')

export const toBlock = (entry: number): number => Math.floor(entry / BLOCK_ENTRIES)

export function packPosting(entry: number, frequency: number, length: number): Buffer {
  const posting = Buffer.alloc(POSTING_BYTES)
  posting.writeUInt16BE(((entry % BLOCK_ENTRIES) << FREQUENCY_BITS) | frequency, 0)
  posting.writeUInt16BE(length, 2)
  return posting
}

/** Returns the postings without those of these entries. */
export function removePostings(postings: Buffer, entries: number[]): Buffer {
  const places = new Set(entries.map((entry) => entry % BLOCK_ENTRIES))
  const kept: Buffer[] = []
  for (let start = 0; start < postings.length; start += POSTING_BYTES) {
    if (places.has(postings.readUInt16BE(start) >> FREQUENCY_BITS)) continue
    kept.push(postings.subarray(start, start + POSTING_BYTES))
  }
  return Buffer.concat(kept)
}

/** Reads the postings of one term from its blocks: those of entries whose number is below `beforeEntry`. */
export function readPostings(
  term: string,
  blocks: Array<{ block: number; postings: Buffer }>,
  beforeEntry: number,
): TermPostings {
  const forEach: TermPostings['forEach'] = (visit) => {
    for (const { block, postings } of blocks) {
      for (let start = 0; start < postings.length; start += POSTING_BYTES) {
        const placeAndFrequency = postings.readUInt16BE(start)
        const entry = block * BLOCK_ENTRIES + (placeAndFrequency >> FREQUENCY_BITS)
        // MAX_FREQUENCY is six bits of 1, so it is the mask of the frequency, too.
        if (entry < beforeEntry) visit(entry, placeAndFrequency & MAX_FREQUENCY, postings.readUInt16BE(start + 2))
      }
    }
  }
  let count = 0
  forEach(() => {
    count += 1
  })
  return { term, count, forEach }
}

/** Packs the terms in the order of their hashes, so that equal texts give equal bytes. */
export function packTerms(terms: HashedTerms): Buffer {
  const sorted = [...terms].sort(([one], [other]) => (one < other ? -1 : 1))
  return Buffer.concat(sorted.flatMap(([hash, frequency]) => [toTermColumn(hash), Buffer.of(frequency)]))
}

export function unpackTerms(packed: Buffer): HashedTerms {
  const terms: HashedTerms = new Map()
  for (let start = 0; start < packed.length; start += TERM_BYTES) {
    const end = start + HASH_BYTES
    terms.set(packed.toString('hex', start, end), packed.readUInt8(end))
  }
  return terms
}
