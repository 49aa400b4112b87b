import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectByTls } from 'node:tls'
import type { Certificate } from './certificate.ts'

export interface RedisEndpoint {
  port: number
  password: string
  /** If this is set, the server accepts TLS connections only. */
  tls: Certificate | undefined
}

/** A PING follows each command: its answer marks the end of the command's answer. Sentinels have neither ECHO nor QUIT. */
const END_OF_ANSWER = '+PONG\r\n'
const ANSWER_TIMEOUT_MS = 1_000
const WAIT_TIMEOUT_MS = 30_000

/** Sends one command and returns the raw answer. The text is empty if the server does not answer within a second. */
export function sendCommand({ port, password, tls }: RedisEndpoint, command: string): Promise<string> {
  return new Promise((resolve) => {
    const address = { port, host: '127.0.0.1' }
    // The name in the certificate is not checked, because a certificate may be for another host than 127.0.0.1.
    const tlsOptions = { ...address, ca: tls?.pem, checkServerIdentity: () => undefined }
    const socket = tls ? connectByTls(tlsOptions) : connect(address)
    let answer = ''
    const finish = (text: string) => {
      clearTimeout(timeout)
      socket.destroy()
      resolve(text.replace(/^\+OK\r\n/, '')) // The first line is the answer to AUTH.
    }
    const timeout = setTimeout(finish, ANSWER_TIMEOUT_MS, '')
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write(`AUTH ${password}\r\n${command}\r\nPING\r\n`))
    socket.on('data', (chunk) => {
      answer += chunk
      if (answer.endsWith(END_OF_ANSWER)) finish(answer.slice(0, -END_OF_ANSWER.length))
    })
    socket.once('error', () => finish(''))
    socket.once('end', () => finish(''))
  })
}

/** Sends the command again until its answer matches. @throws Error after 30 s */
export async function waitForAnswer(endpoint: RedisEndpoint, command: string, expected: RegExp): Promise<void> {
  const deadline = Date.now() + WAIT_TIMEOUT_MS
  for (;;) {
    const answer = await sendCommand(endpoint, command)
    if (expected.test(answer)) return
    if (Date.now() > deadline)
      throw new Error(`Redis on port ${endpoint.port} still answers ${command} with: ${answer}`)
    await sleep(20)
  }
}
