/**
 * Matches the first bytes of WebM, Ogg, WAV, FLAC, MP3 with and without a tag, and MP4. Two hex digits stand for one
 * byte.
 */
const FILE_SIGNATURES = /^(1a45dfa3|4f676753|52494646.{8}57415645|664c6143|494433|ff[ef]|.{8}66747970)/
const SIGNATURE_BYTES = 12

/** Returns true if the first bytes are those of a kind of recording that endpoints understand. */
export function isKnownRecording(audio: Uint8Array): boolean {
  return FILE_SIGNATURES.test(Buffer.from(audio.subarray(0, SIGNATURE_BYTES)).toString('hex'))
}
