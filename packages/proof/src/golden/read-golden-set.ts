import { globSync, readFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import {
  GoldenChatter,
  type GoldenDocument,
  GoldenFrontMatter,
  GoldenQuery,
  GoldenRoom,
  type GoldenSet,
} from './types.ts'

/** Holds documents as `KNOWLEDGE_DIR` takes them, queries, and rooms with questions. */
const FOLDER = join(import.meta.dirname, '../../golden')
const DOCUMENTS = join(FOLDER, 'documents')
const DOCUMENT = /^---\n(?<head>(?:\w+: [^\n]*\n)+)---\n(?<content># (?<title>[^\n]+)\n.*)$/s

/** Reads the golden set, which is data to measure retrieval with. Throws an error that names the file, and the line of a query, if one is not well formed. */
export function readGoldenSet(): GoldenSet {
  return {
    documents: listFiles(DOCUMENTS, '**/*.md').map(readDocument),
    queries: readQueries(join(FOLDER, 'queries.jsonl')),
    rooms: listFiles(join(FOLDER, 'rooms'), '*.json').map(readRoom),
    chatter: parseFile(GoldenChatter, join(FOLDER, 'chatter.json')),
  }
}

function readDocument(path: string): GoldenDocument {
  const { head, content, title } = DOCUMENT.exec(readFileSync(path, 'utf8'))?.groups ?? {}
  if (head === undefined || content === undefined || title === undefined)
    throw new Error(`${path} does not begin with front matter and a heading.`)
  const fields = Object.fromEntries(head.trim().split('\n').map(splitField))
  const id = relative(DOCUMENTS, path).replaceAll(sep, '/').replace(/\.md$/, '')
  return { id, title, content, ...parse(GoldenFrontMatter, fields, path) }
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(': ')
  return [line.slice(0, colon), line.slice(colon + 2)]
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
