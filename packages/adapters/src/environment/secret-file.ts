import { readFileSync } from 'node:fs'

const MAX_SECRET_BYTES = 65_536

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
  const content = readSecretFile(path)
  return typeof content === 'string' ? { text: content } : { variable, ...content }
}

function readSecretFile(path: string): string | { problem: string; expected: string } {
  const expected = 'the path of a file that holds the secret'
  try {
    const bytes = readFileSync(path)
    if (bytes.length > MAX_SECRET_BYTES) {
      return { problem: `names a file of more than ${MAX_SECRET_BYTES} bytes`, expected }
    }
    return bytes.toString('utf8').trim() || { problem: 'names an empty file', expected }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    return { problem: `names a file that can't be read${code}`, expected }
  }
}
