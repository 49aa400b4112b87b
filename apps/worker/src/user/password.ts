import { randomInt } from 'node:crypto'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { readSecretLine, readSecretLineFromFile, SecretLineError } from '@engineer-chat/adapters/environment'
import { normalizeNewPassword } from '@engineer-chat/chat/credentials'
import { type PasswordSource, UserArgumentsError } from './arguments.ts'

/** Reports a mistake in the password input that the operator can correct. */
export class PasswordError extends Error {}

/** Reports that the operator pressed Ctrl-C at a prompt. */
export class InterruptedError extends Error {}

/** @throws PasswordError, UserArgumentsError, InterruptedError, ChatError validation_failed, weak_password */
export async function readPassword(source: PasswordSource, username: string): Promise<string> {
  switch (source.type) {
    case 'generated':
      return generatePassword()
    case 'stdin':
      return normalizeNewPassword(await withSourceName('Standard input', readSecretLine(process.stdin)), username)
    case 'file':
      return normalizeNewPassword(
        await withSourceName('The password file', readSecretLineFromFile(source.path)),
        username,
      )
    case 'terminal':
      return askOnTerminal(username)
  }
}

// The alphabet has no characters that look alike. It has 32 characters, so 20 of them have 100 bits of entropy.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz023456789'
const GROUP_COUNT = 4
const GROUP_CHARACTERS = 5

function generatePassword(): string {
  const characters = Array.from({ length: GROUP_COUNT * GROUP_CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)])
  const groups = Array.from({ length: GROUP_COUNT }, (_, index) =>
    characters.slice(index * GROUP_CHARACTERS, (index + 1) * GROUP_CHARACTERS).join(''),
  )
  return groups.join('-')
}

/** Puts the name of the source in front of the text of a SecretLineError. */
async function withSourceName(sourceName: string, secret: Promise<string>): Promise<string> {
  try {
    return await secret
  } catch (error) {
    throw error instanceof SecretLineError ? new PasswordError(`${sourceName} ${error.message}.`) : error
  }
}

/** Asks twice, because the terminal does not show what is typed. */
async function askOnTerminal(username: string): Promise<string> {
  if (!process.stdin.isTTY) {
    const options = '--password-stdin, --password-file=FILE or --generate-password'
    throw new UserArgumentsError(`there is no terminal to ask for the password: use ${options}`)
  }
  const discardedOutput = new Writable({ write: (_chunk, _encoding, done) => done() })
  const prompt = createInterface({ input: process.stdin, output: discardedOutput, terminal: true, historySize: 0 })
  // The iterator keeps lines that arrive before `ask` waits for them, such as a second pasted line.
  const typedLines = prompt[Symbol.asyncIterator]()
  let isInterrupted = false
  prompt.on('SIGINT', () => {
    isInterrupted = true
    prompt.close()
  })
  const ask = async (text: string): Promise<string> => {
    process.stderr.write(text)
    const line = await typedLines.next()
    process.stderr.write('\n')
    if (isInterrupted) throw new InterruptedError()
    if (line.done) throw new PasswordError('No password was given.')
    return line.value
  }
  try {
    const password = await normalizeNewPassword(await ask('Password (not shown): '), username)
    if ((await ask('Repeat the password: ')).normalize('NFC') !== password)
      throw new PasswordError('The two passwords differ.')
    return password
  } finally {
    prompt.close()
  }
}
