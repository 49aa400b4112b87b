/** Encodes a text frame with the mask that clients must use. The mask is zero, which leaves the text unchanged. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const long = payload.length > 125
  const head = Buffer.alloc((long ? 4 : 2) + 4)
  head[0] = 0x81
  head[1] = 0x80 | (long ? 126 : payload.length)
  if (long) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}

/** Encodes a frame that a server may prepare once for all sockets. */
export function serverFrame(value: object): Buffer {
  const payload = Buffer.from(JSON.stringify(value))
  const long = payload.length > 125
  const head = Buffer.alloc(long ? 4 : 2)
  head[0] = 0x81
  head[1] = long ? 126 : payload.length
  if (long) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}

/** Visits the whole frames in `bytes`, and returns the bytes of an unfinished one. */
export function eachFrame(bytes: Buffer, visit: (opcode: number, begin: number, end: number) => void): Buffer {
  let at = 0
  while (bytes.length - at >= 2) {
    const short = (bytes[at + 1] ?? 0) & 0x7f
    const head = short === 126 ? 4 : short === 127 ? 10 : 2
    if (bytes.length - at < head) break
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? bytes.readUInt32BE(at + 6) : short
    if (bytes.length - at < head + length) break
    visit((bytes[at] ?? 0) & 0x0f, at + head, at + head + length)
    at += head + length
  }
  return at === bytes.length ? EMPTY : bytes.subarray(at)
}

const EMPTY = Buffer.alloc(0)
