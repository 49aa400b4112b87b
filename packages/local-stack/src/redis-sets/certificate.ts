import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from '../processes/find-program.ts'

/** Holds a self-signed certificate and its key. */
export interface Certificate {
  /** Clients that trust the server get this file. */
  pem: string
  certFile: string
  keyFile: string
  remove(): void
}

export const canMakeCertificates = (): boolean => findProgram('openssl') !== undefined

/** Creates a certificate for this address, and for a host name if one is given, that is valid for two days. */
export async function makeCertificate(address = '127.0.0.1', hostName?: string): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-certificate-'))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
  const names = [`IP:${address}`, ...(hostName === undefined ? [] : [`DNS:${hostName}`])].join(',')
  const name = ['-subj', '/CN=engineer-chat-test', '-addext', `subjectAltName=${names}`]
  await promisify(execFile)('openssl', ['req', '-x509', ...key, '-out', certFile, '-days', '2', ...name])
  return {
    pem: readFileSync(certFile, 'utf8'),
    certFile,
    keyFile,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
