import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

const MAX_SECRET_BYTES = 65_536
/** A file with the certificates of all public authorities has about 250 kB. */
const MAX_CERTIFICATES_BYTES = 1_048_576

/** Holds the text of a variable, or the problem with the file that holds it. An unset variable has no text. */
export type TextOrProblem = { text: string | undefined } | { variable: string; problem: string; expected: string }

/**
 * Reads a secret from `NAME`, or from the file that `NAME_FILE` names. A problem contains neither the path
 * nor the content, because somebody may have written the secret in place of the path.
 */
export function readSecret(env: NodeJS.ProcessEnv, name: string): TextOrProblem {
  const variable = `${name}_FILE`
  const text = env[name]?.trim() || undefined
  const path = env[variable]?.trim() || undefined
  if (path === undefined) return { text }
  if (text !== undefined) return { variable, problem: `is set, and so is ${name}`, expected: 'one of the two' }
  const content = readWholeFile(path, MAX_SECRET_BYTES)
  if (typeof content === 'string') return { text: content }
  return { variable, ...content, expected: 'the path of a file that holds the secret' }
}

/** Reads the certificates, in PEM, of the file that the variable names. */
export function readCertificates(env: NodeJS.ProcessEnv, variable: string): TextOrProblem {
  const path = env[variable]?.trim() || undefined
  if (path === undefined) return { text: undefined }
  const expected = 'the path of a PEM file with the certificates of authorities'
  const content = readWholeFile(path, MAX_CERTIFICATES_BYTES)
  if (typeof content !== 'string') return { variable, ...content, expected }
  return areCertificates(content)
    ? { text: content }
    : { variable, problem: 'names a file without a certificate, or with a damaged one', expected }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** Without this check, TLS would accept a file without certificates and then refuse each server for no clear reason. */
function areCertificates(text: string): boolean {
  const certificates = text.match(CERTIFICATE) ?? []
  try {
    return certificates.map((certificate) => new X509Certificate(certificate)).length > 0
  } catch {
    return false
  }
}

function readWholeFile(path: string, maxBytes: number): string | { problem: string } {
  try {
    const bytes = readFileSync(path)
    if (bytes.length > maxBytes) return { problem: `names a file of more than ${maxBytes} bytes` }
    return bytes.toString('utf8').trim() || { problem: 'names an empty file' }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    return { problem: `names a file that can't be read${code}` }
  }
}
