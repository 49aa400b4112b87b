import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'tap'

const ROOT = join(import.meta.dirname, '../../..')
const DOCUMENTS = ['*.md', 'docs/**/*.md']
const NPM_COMMAND = /\bnpm run ([a-z][a-z:-]*)/g
const NPM_TEST = /\bnpm test -- ([^\n`#]+)/g
const LINK = /\]\(([^)\s]+)\)/g
// Matches, for example, `packages/chat/src/rooms` in backticks.
const PATH = /`((?:apps|packages|deploy|drizzle|docs)\/[\w./-]+)`/g

interface Document {
  file: string
  text: string
}

const documents: Document[] = globSync(DOCUMENTS, { cwd: ROOT }).map((file) => ({
  file,
  text: readFileSync(join(ROOT, file), 'utf8'),
}))

test('[HOUSE10] each command that a document names is in package.json', (t) => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const namedCommands = documents.flatMap(({ file, text }) =>
    listMatches(text, NPM_COMMAND).map((command) => ({ file, command })),
  )
  t.ok(namedCommands.length > 20, 'documents name commands')
  t.same(
    namedCommands.filter(({ command }) => !(command in scripts)),
    [],
  )
  t.end()
})

test('[HOUSE10] each test file that a document names exists', (t) => {
  const testArguments = documents.flatMap(({ text }) =>
    listMatches(text, NPM_TEST).flatMap((args) => args.trim().split(/\s+/)),
  )
  t.ok(testArguments.length > 0, 'documents name test files')
  t.same(
    testArguments.filter((path) => /^(apps|packages)\//.test(path) && !existsSync(join(ROOT, path))),
    [],
  )
  t.end()
})

test('[HOUSE10] each file that a document links to or names by its path exists', (t) => {
  const linkedFiles = documents.flatMap(({ file, text }) =>
    listMatches(text, LINK)
      .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
      .map((target) => ({ file, path: join(dirname(file), target.replace(/#.*$/, '')) })),
  )
  const namedFiles = documents.flatMap(({ file, text }) => listMatches(text, PATH).map((path) => ({ file, path })))
  t.ok(linkedFiles.length > 50, 'documents link to files')
  t.ok(namedFiles.length > 20, 'documents name files')
  t.same(
    [...linkedFiles, ...namedFiles].filter(({ path }) => !existsSync(join(ROOT, path))),
    [],
  )
  t.end()
})

test('[HOUSE11] every workspace has the version of the repository, and the changelog begins with it', (t) => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const manifests = globSync('{apps,packages}/*/package.json', { cwd: ROOT })
  const versions = manifests.map((file) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')).version)
  t.same([...new Set(versions)], [version])
  const [newest] = listMatches(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'), /^## \[([^\]]+)\]/gm)
  t.equal(newest, version)
  t.end()
})

function listMatches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, captured = '']) => captured)
}
