import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Client, ConnectionFailedError, createClient } from '../../src/index.ts'

/** Declares the part of `run.json` that is read here; `npm start` keeps the file up to date. */
interface RunFile {
  services: Array<{ role: string; url?: string }>
  logins: Array<{ username: string; password: string }>
  demo_event_id?: string | null
}

/** Reports that a requirement for asking a question is missing. The message says what to do. */
export class PrerequisiteError extends Error {}

export interface Product {
  /** Holds the id of the demo's event; undefined if the product has no demo. */
  demoEventId: string | undefined
  /** Signs in at the first API node that answers. */
  signIn(username: string): Promise<Client>
}

/** @throws PrerequisiteError */
export async function findRunningProduct(folder: string): Promise<Product> {
  const file = join(resolve(folder), 'run.json')
  const createNotRunningError = () =>
    new PrerequisiteError(
      `Engineer Chat is not running: ${file} names no API node that answers. Start it with \`npm start\` in another terminal.`,
    )
  const runFile = await readRunFile(file)
  const nodes = runFile?.services.filter(({ role, url }) => role === 'api' && url) ?? []
  if (!runFile || nodes.length === 0) throw createNotRunningError()
  return {
    demoEventId: runFile.demo_event_id ?? undefined,
    async signIn(username) {
      const login = runFile.logins.find((candidate) => candidate.username === username)
      if (!login)
        throw new PrerequisiteError(`${file} has no login for ${username}, only for ${listUsernames(runFile)}.`)
      for (const { url = '' } of nodes) {
        const client = createClient({ baseUrl: url })
        const user = await client.login(username, login.password).catch(ignoreUnreachable)
        if (user) return client
      }
      throw createNotRunningError()
    },
  }
}

/** Describes a product at a URL. `signIn` reads the password from a file. */
export const findRemoteProduct = ({ url, passwordFile }: { url: string; passwordFile: string }): Product => ({
  demoEventId: undefined,
  async signIn(username) {
    const password = await readFile(passwordFile, 'utf8').catch(() => {
      throw new PrerequisiteError(`${passwordFile} can't be read: it should hold the password of ${username}.`)
    })
    const client = createClient({ baseUrl: url.replace(/\/$/, '') })
    if (await client.login(username, password.trim()).catch(ignoreUnreachable)) return client
    throw new PrerequisiteError(`Nothing answers at ${url}.`)
  },
})

async function readRunFile(file: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

const listUsernames = (runFile: RunFile) => runFile.logins.map(({ username }) => username).join(', ') || 'nobody'

/** Turns the failure to reach a node into undefined, and throws any other error again. */
function ignoreUnreachable(error: unknown): undefined {
  if (!(error instanceof ConnectionFailedError)) throw error
}
