import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

const MAX_SECRET_BYTES = 65_536
/** A list of all public authorities has about 250 kB. */
const MAX_CERTIFICATES_BYTES = 1_048_576

/** Holds a secret's text, or the variable and the text of an error. */
export type GivenSecret = { text: string | undefined } | { variable: string; problem: string; expected: string }

/**
 * Reads a secret from `NAME`, or from the file that `NAME_FILE` names. The message contains neither the path nor the
 * content, because the path may be the secret itself by mistake.
 */
export function readSecret(env: NodeJS.ProcessEnv, name: string): GivenSecret {
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
export function readCertificates(env: NodeJS.ProcessEnv, variable: string): GivenSecret {
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

/** TLS itself would ignore a file without certificates and trust none, with errors that do not say why. */
function areCertificates(text: string): boolean {
  const found = text.match(CERTIFICATE) ?? []
  try {
    return found.map((certificate) => new X509Certificate(certificate)).length > 0
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
