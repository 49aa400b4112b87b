import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from '../processes/find-program.ts'

/** Holds a server's certificate and its key. */
export interface Certificate {
  /** Clients that trust this text trust the server. It is the certificate itself, or that of its authority. */
  pem: string
  /** This file holds `pem`. */
  caFile: string
  certFile: string
  keyFile: string
  remove(): void
}

/** Signs certificates. A client that trusts the authority trusts each server with one of its certificates. */
export interface Authority {
  /** Creates a certificate for host names or IP addresses. */
  issue(hosts: string[]): Promise<Certificate>
  caFile: string
  remove(): void
}

export const canCreateCertificates = (): boolean => findProgram('openssl') !== undefined

/** Creates a certificate that is valid for two days, for this address and, if one is given, for a host name. */
export async function createCertificate(address = '127.0.0.1', hostName?: string): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-certificate-'))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  await createFiles(certFile, keyFile, hostName === undefined ? [address] : [address, hostName])
  return {
    pem: readFileSync(certFile, 'utf8'),
    caFile: certFile,
    certFile,
    keyFile,
    remove: () => removeFolder(folder),
  }
}

/** Creates an authority that is valid for two days. */
export async function createAuthority(): Promise<Authority> {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-authority-'))
  const [caFile, caKeyFile] = [join(folder, 'ca.pem'), join(folder, 'ca-key.pem')]
  await createFiles(caFile, caKeyFile, [])
  let issuedCount = 0
  return {
    caFile,
    async issue(hosts) {
      issuedCount += 1
      const [certFile, keyFile] = [join(folder, `cert-${issuedCount}.pem`), join(folder, `key-${issuedCount}.pem`)]
      const noAuthority = ['-addext', 'basicConstraints=critical,CA:FALSE']
      await createFiles(certFile, keyFile, hosts, ['-CA', caFile, '-CAkey', caKeyFile, ...noAuthority])
      return { pem: readFileSync(caFile, 'utf8'), caFile, certFile, keyFile, remove: () => {} }
    },
    remove: () => removeFolder(folder),
  }
}

/** Creates a key and its certificate. If `hosts` is empty, it is the certificate of an authority. */
async function createFiles(
  certFile: string,
  keyFile: string,
  hosts: string[],
  extraArgs: string[] = [],
): Promise<void> {
  const keyOptions = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
  const alternativeNames = hosts.map((host) => `${isIP(host) ? 'IP' : 'DNS'}:${host}`)
  const subject = ['-subj', `/CN=${hosts.length > 0 ? 'engineer-chat-test' : 'engineer-chat-test-authority'}`]
  const nameOptions = hosts.length > 0 ? ['-addext', `subjectAltName=${alternativeNames.join(',')}`] : []
  const options = [...keyOptions, '-out', certFile, '-days', '2', ...subject, ...nameOptions, ...extraArgs]
  await promisify(execFile)('openssl', ['req', '-x509', ...options])
}

const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })
