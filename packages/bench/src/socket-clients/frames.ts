const MAX_SHORT_LENGTH = 125
/** Instead of a length, these values say that the next two or eight bytes hold the length. */
const LENGTH_IN_16_BITS = 126
const LENGTH_IN_64_BITS = 127
const FINAL_TEXT_FRAME = 0x81
const MASK_BIT = 0x80
/** These masks select the opcode in the first byte and the length in the second. The remaining bits are flags. */
const OPCODE_BITS = 0x0f
const LENGTH_BITS = 0x7f
const EMPTY = Buffer.alloc(0)

/**
 * Encodes a text frame with the mask that clients must use. The mask is zero, which leaves the text unchanged. The text
 * has at most 65,535 bytes.
 */
export function encodeClientFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const maskKey = Buffer.alloc(4)
  return Buffer.concat([encodeHeader(payload.length, MASK_BIT), maskKey, payload])
}

/** Encodes a text frame that a server may prepare once for all sockets. Its text has at most 65,535 bytes. */
export function encodeServerFrame(value: object): Buffer {
  const payload = Buffer.from(JSON.stringify(value))
  return Buffer.concat([encodeHeader(payload.length, 0), payload])
}

function encodeHeader(length: number, maskBit: number): Buffer {
  if (length <= MAX_SHORT_LENGTH) return Buffer.from([FINAL_TEXT_FRAME, maskBit | length])
  return Buffer.from([FINAL_TEXT_FRAME, maskBit | LENGTH_IN_16_BITS, length >> 8, length & 0xff])
}

/** Visits each complete frame in `bytes` with the place of its payload, and returns the bytes of an incomplete one. */
export function visitFrames(bytes: Buffer, visit: (opcode: number, begin: number, end: number) => void): Buffer {
  let offset = 0
  while (bytes.length - offset >= 2) {
    const shortLength = (bytes[offset + 1] ?? 0) & LENGTH_BITS
    const headerLength = getHeaderLength(shortLength)
    if (bytes.length - offset < headerLength) break
    const begin = offset + headerLength
    const end = begin + readPayloadLength(bytes, offset, shortLength)
    if (bytes.length < end) break
    visit((bytes[offset] ?? 0) & OPCODE_BITS, begin, end)
    offset = end
  }
  return offset === bytes.length ? EMPTY : bytes.subarray(offset)
}

/** Returns the length of a server's header, which has no mask. */
function getHeaderLength(shortLength: number): number {
  if (shortLength === LENGTH_IN_16_BITS) return 2 + 2
  if (shortLength === LENGTH_IN_64_BITS) return 2 + 8
  return 2
}

function readPayloadLength(bytes: Buffer, offset: number, shortLength: number): number {
  if (shortLength === LENGTH_IN_16_BITS) return bytes.readUInt16BE(offset + 2)
  // The upper half of the 64 bits is zero, because no frame here has 4 GiB.
  if (shortLength === LENGTH_IN_64_BITS) return bytes.readUInt32BE(offset + 6)
  return shortLength
}
