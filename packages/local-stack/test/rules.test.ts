import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'

const ROOT = join(import.meta.dirname, '../../..')
const TESTS = '{apps,packages}/*/{test,testing}/**/*.ts'

test('[HOUSE3] each rule of docs/SPEC.md has a test that names it, and no test names a rule that is not there', (t) => {
  const rules = allMatches(readFileSync(join(ROOT, 'docs/SPEC.md'), 'utf8'), /^- \*\*\[([A-Z]+[0-9]+)\]\*\* \S/gm)
  const sources = globSync(TESTS, { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), 'utf8'))
  const proven = new Set(sources.flatMap(idsInTitles))
  t.ok(rules.length > 0, 'docs/SPEC.md has rules')
  t.same(duplicates(rules), [], 'an id stands for one rule')
  t.same(rules.filter((id) => !proven.has(id)).sort(), [], 'rules without a test')
  t.same([...proven].filter((id) => !rules.includes(id)).sort(), [], 'tests for rules that are not there')
  t.end()
})

/** A title is a string that begins with ids in brackets and goes on in words. */
function idsInTitles(source: string): string[] {
  const heads = allMatches(source, /['"`]((?:\[[A-Z]+[0-9]+\] ?)+)(?<= )\S/g)
  return heads.flatMap((head) => allMatches(head, /\[([A-Z]+[0-9]+)\]/g))
}

function allMatches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, captured = '']) => captured)
}

function duplicates(ids: string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index)
}
