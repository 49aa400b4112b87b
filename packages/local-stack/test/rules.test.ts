import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'

const ROOT = join(import.meta.dirname, '../../..')
const TESTS = '{apps,packages}/*/{test,testing}/**/*.ts'
/** Matches, for example, `- **[HOUSE3]** Each rule …`, and captures the id. */
const RULE = /^- \*\*\[([A-Z]+[0-9]+)\]\*\* \S/gm
const MAX_LINE_CHARACTERS = 120

interface Spec {
  file: string
  text: string
}

const specs: Spec[] = globSync('docs/spec/*.md', { cwd: ROOT }).map((file) => ({
  file,
  text: readFileSync(join(ROOT, file), 'utf8'),
}))

test('[HOUSE3] each rule of docs/spec has a test that names it, and no test names a rule that does not exist', (t) => {
  const ruleIds = specs.flatMap(({ text }) => listMatches(text, RULE))
  const sources = globSync(TESTS, { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), 'utf8'))
  const testedIds = new Set(sources.flatMap(listIdsInTitles))
  t.ok(ruleIds.length > 0, 'docs/spec has rules')
  t.same(listDuplicates(ruleIds), [], 'no id is used twice')
  t.same(ruleIds.filter((id) => !testedIds.has(id)).sort(), [], 'rules without a test')
  t.same([...testedIds].filter((id) => !ruleIds.includes(id)).sort(), [], 'tests for rules that do not exist')
  t.end()
})

test('[HOUSE3] docs/SPEC.md lists each file of rules, ids are in order within a section, and lines are short', (t) => {
  const index = readFileSync(join(ROOT, 'docs/SPEC.md'), 'utf8')
  for (const { file, text } of specs) {
    t.ok(index.includes(`(${file.replace('docs/', '')})`), `docs/SPEC.md lists ${file}`)
    for (const section of text.split(/^## /m))
      t.same(listOutOfOrder(listMatches(section, RULE)), [], `${file} is in order`)
    const longLines = text.split('\n').filter((line) => line.length > MAX_LINE_CHARACTERS)
    t.same(longLines, [], `${file} wraps its lines`)
  }
  t.end()
})

/** Lists the ids in titles. A title is a string that begins with ids in brackets and continues with words. */
function listIdsInTitles(source: string): string[] {
  const idGroups = listMatches(source, /['"`]((?:\[[A-Z]+[0-9]+\] ?)+)(?<= )\S/g)
  return idGroups.flatMap((ids) => listMatches(ids, /\[([A-Z]+[0-9]+)\]/g))
}

function listMatches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, captured = '']) => captured)
}

function listDuplicates(ids: string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index)
}

/** Returns the ids whose number is not higher than that of the id before, if both have the same letters. */
function listOutOfOrder(ids: string[]): string[] {
  return ids.filter((id, index) => {
    const previous = ids[index - 1]
    return previous !== undefined && getLetters(previous) === getLetters(id) && getNumber(previous) >= getNumber(id)
  })
}

function getLetters(id: string): string {
  return id.replace(/[0-9]+$/, '')
}

function getNumber(id: string): number {
  return Number(id.replace(/^[A-Z]+/, ''))
}
