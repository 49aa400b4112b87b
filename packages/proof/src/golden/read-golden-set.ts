import { globSync, readFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { toFileDocument } from '@engineer-chat/chat/documents'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { GoldenChatter, type GoldenDocument, GoldenQuery, GoldenRoom, type GoldenSet, toDocumentId } from './types.ts'

/** Holds documents as `KNOWLEDGE_DIR` takes them, queries, and rooms with questions. */
const FOLDER = join(import.meta.dirname, '../../golden')
const DOCUMENTS = join(FOLDER, 'documents')
const LIMITS = { maxBytes: 16 * 1024, maxPieces: 50, keptVersions: 1 }

/**
 * Reads the golden set, which is data to measure retrieval with. Throws an error that names the place of what is not
 * well formed.
 */
export function readGoldenSet(): GoldenSet {
  return {
    documents: listFiles(DOCUMENTS, '**/*.md').map(readDocument),
    queries: readQueries(join(FOLDER, 'queries.jsonl')),
    rooms: listFiles(join(FOLDER, 'rooms'), '*.json').map(readRoom),
    chatter: parseFile(GoldenChatter, join(FOLDER, 'chatter.json')),
  }
}

function readDocument(path: string): GoldenDocument {
  const place = relative(DOCUMENTS, path).replaceAll(sep, '/')
  return { id: toDocumentId(place), ...toFileDocument(place, readFileSync(path, 'utf8'), LIMITS) }
}

function readQueries(path: string): GoldenQuery[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line, index) => parse(GoldenQuery, JSON.parse(line), `${path}:${index + 1}`))
}

function readRoom(path: string): GoldenRoom {
  return { id: basename(path, '.json'), ...parseFile(GoldenRoom, path) }
}

function listFiles(folder: string, pattern: string): string[] {
  return globSync(pattern, { cwd: folder })
    .map((file) => join(folder, file))
    .sort()
}

function parseFile<Schema extends TSchema>(schema: Schema, path: string): Static<Schema> {
  return parse(schema, JSON.parse(readFileSync(path, 'utf8')), path)
}

function parse<Schema extends TSchema>(schema: Schema, value: unknown, place: string): Static<Schema> {
  if (Value.Check(schema, value)) return value
  const [error] = Value.Errors(schema, value)
  throw new Error(`${place}${error?.instancePath ?? ''} ${error?.message ?? 'is not valid'}.`)
}
