import { globSync, readFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { toFileDocument } from '@engineer-chat/chat/documents'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import {
  GoldenChatter,
  type GoldenDocument,
  GoldenEvent,
  GoldenQuery,
  GoldenRoom,
  type GoldenSet,
  toDocumentId,
} from './types.ts'

/** The README of this folder describes its files. */
const FOLDER = join(import.meta.dirname, '../../golden')
const DOCUMENTS = join(FOLDER, 'documents')
const DOCUMENT_LIMITS = { maxBytes: 16 * 1024, maxPieces: 50, keptVersions: 1 }

/**
 * Reads the golden set: the texts and questions by which retrieval is measured.
 * @throws Error that names the file and the field if a value does not fit its schema
 */
export function readGoldenSet(): GoldenSet {
  return {
    documents: listFiles(DOCUMENTS, '**/*.md').map(readDocument),
    queries: readLines(GoldenQuery, join(FOLDER, 'queries.jsonl')),
    rooms: listFiles(join(FOLDER, 'rooms'), '*.json').map(readRoom),
    events: readLines(GoldenEvent, join(FOLDER, 'events.jsonl')),
    chatter: parseFile(GoldenChatter, join(FOLDER, 'chatter.json')),
  }
}

function readDocument(path: string): GoldenDocument {
  const relativePath = relative(DOCUMENTS, path).replaceAll(sep, '/')
  return {
    id: toDocumentId(relativePath),
    ...toFileDocument(relativePath, readFileSync(path, 'utf8'), DOCUMENT_LIMITS),
  }
}

function readLines<Schema extends TSchema>(schema: Schema, path: string): Array<Static<Schema>> {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line, index) => parse(schema, JSON.parse(line), `${path}:${index + 1}`))
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

function parse<Schema extends TSchema>(schema: Schema, value: unknown, location: string): Static<Schema> {
  if (Value.Check(schema, value)) return value
  const [error] = Value.Errors(schema, value)
  throw new Error(`${location}${error?.instancePath ?? ''} ${error?.message ?? 'is not valid'}.`)
}
