import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Errors } from 'typebox/schema'
import type { Manifest } from './render.ts'

/**
 * Maps `VERSION/KIND` to a JSON schema. It is a part of the published definition: the fields that the product uses.
 */
const SCHEMAS: Record<string, object> = JSON.parse(readFileSync(join(import.meta.dirname, 'schemas.json'), 'utf8'))

/** Lists the errors of an object by the schema of its version and kind. */
export function listErrors(manifest: Manifest): string[] {
  const name = `${manifest.apiVersion}/${manifest.kind}`
  const schema = SCHEMAS[name]
  if (!schema) return [`There is no schema of ${name}.`]
  const [, errors] = Errors(schema, manifest)
  return errors.map(({ instancePath, message }) => `${name} ${manifest.metadata.name} ${instancePath}: ${message}`)
}
