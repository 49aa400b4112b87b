import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Test, test } from 'tap'
import { updateFloorBlocks, updateFloorTable } from '../src/checks/floors.ts'
import { runProgram } from '../src/processes/run-program.ts'

// The tests run Biome with the configuration of this repository on a project that has only the files listed here. `a`,
// `b`, `c` and `d` in their paths have no meaning.
const ROOT = join(import.meta.dirname, '../../..')
const FLOOR_RULE = 'lint/style/noRestrictedImports'

type SourceFile = [path: string, source: string]

const REFUSED: Record<string, SourceFile[]> = {
  'protocol imports no other workspace': [
    ['packages/protocol/src/a.ts', `export * from '@engineer-chat/chat'`],
    ['packages/protocol/test/a.ts', `import '@engineer-chat/adapters/mysql'`],
  ],
  'markdown imports no other workspace': [['packages/markdown/src/a.ts', `import '@engineer-chat/protocol'`]],
  'process imports no other workspace': [
    ['packages/process/src/a.ts', `export * from '@engineer-chat/protocol'`],
    ['packages/process/test/a.ts', `import '@engineer-chat/chat'`],
  ],
  'chat imports protocol and the pure parts of process': [
    ['packages/chat/src/signals.ts', `export * from '@engineer-chat/process/shutdown'`],
    ['packages/chat/src/exits.ts', `export * from '@engineer-chat/process/exit'`],
    ['packages/chat/src/a.ts', `import '@engineer-chat/adapters/mysql'`],
    ['packages/chat/testing/a.ts', `export * from '@engineer-chat/client'`],
    ['packages/chat/test/a.ts', `import type { A } from '@engineer-chat/local-stack'\nexport type B = A`],
  ],
  'chat does no I/O': ['fs', 'fs/promises', 'net', 'http', 'https', 'child_process', 'os', 'dns/promises'].map(
    (name, index) => [`packages/chat/src/verbs/io-${index}.ts`, `export * from 'node:${name}'`],
  ),
  'adapters import chat and protocol only': [
    ['packages/adapters/src/mysql/a.ts', `import '@engineer-chat/client'`],
    ['packages/adapters/src/mysql/deep/a.ts', `import '@engineer-chat/local-stack'`],
    ['packages/adapters/test/a.ts', `import '@engineer-chat/api'`],
  ],
  'adapters of different servers do not import each other': [
    ['packages/adapters/src/mysql/b.ts', `export * from '../redis/index.ts'`],
    ['packages/adapters/src/mysql/deep/b.ts', `export * from '../../redis/index.ts'`],
    ['packages/adapters/src/mysql/c.ts', `import '@engineer-chat/adapters/redis'`],
    ['packages/adapters/src/mysql/d.ts', `export const lazy = () => import('../redis/index.ts')`],
  ],
  'client imports protocol only': [['packages/client/src/a.ts', `import '@engineer-chat/chat'`]],
  'local-stack imports only process': [['packages/local-stack/src/a.ts', `import '@engineer-chat/protocol'`]],
  'apps never import each other': [
    ['apps/api/src/a.ts', `import '@engineer-chat/worker'`],
    ['apps/worker/src/a.ts', `export * from '../../api/src/main.ts'`],
    ['apps/warroom/src/a.ts', `import '@engineer-chat/api'`],
    ['packages/proof/src/a.ts', `import '@engineer-chat/api'`],
    ['packages/bench/src/a.ts', `import '@engineer-chat/worker'`],
    ['packages/chaos/src/a.ts', `import '@engineer-chat/worker'`],
  ],
  'no workspace imports bench or chaos': [
    ['packages/bench/src/c.ts', `import '@engineer-chat/chaos'`],
    ['apps/worker/src/c.ts', `import '@engineer-chat/chaos'`],
    ['packages/chaos/src/c.ts', `import '@engineer-chat/bench'`],
    ['packages/proof/src/c.ts', `import '@engineer-chat/bench'`],
    ['apps/api/src/c.ts', `import '@engineer-chat/bench'`],
  ],
  'a slice is imported through its index.ts': [
    ['packages/chat/src/asking/entry.ts', `export * from '../rooms/message-store.ts'`],
    ['packages/chat/src/prompting/output/entry.ts', `export * from '../../rooms/message-store.ts'`],
    ['packages/adapters/src/mysql/asking/entry.ts', `export * from '../core/locks.ts'`],
    ['packages/adapters/src/redis/cache/entry.ts', `export * from '../pubsub/publisher.ts'`],
  ],
  'no path leaves its workspace': [
    ['packages/protocol/src/b.ts', `export * from '../../chat/src/index.ts'`],
    ['packages/chat/src/deep/b.ts', `export * from '../../../protocol/src/index.ts'`],
    ['packages/adapters/src/llm/b.ts', `export * from '../../../chat/testing/index.ts'`],
    ['packages/client/src/b.ts', `export * from '../../protocol/src/index.ts'`],
    ['packages/local-stack/src/b.ts', `export * from '../../../apps/api/src/main.ts'`],
    ['packages/chaos/src/b.ts', `export * from '../../proof/src/index.ts'`],
    ['packages/bench/src/b.ts', `export * from '../../../apps/api/src/main.ts'`],
    ['packages/proof/src/b.ts', `export * from '../../../apps/api/src/main.ts'`],
    ['apps/api/src/deep/b.ts', `export * from '../../../../packages/chat/src/index.ts'`],
  ],
}

const ALLOWED: SourceFile[] = [
  ['packages/chat/src/fine.ts', `import '@engineer-chat/protocol'\nimport 'node:crypto'\nimport './deep/index.ts'`],
  ['packages/chat/src/limited.ts', `import '@engineer-chat/process/limit-concurrency'`],
  ['packages/adapters/src/redis/fine.ts', `import '@engineer-chat/process/with-timeout'`],
  ['packages/chat/src/deep/index.ts', `export const fine = 1`],
  ['packages/chat/src/asking/fine.ts', `export * from '../rooms/index.ts'`],
  ['packages/chat/src/rooms/index.ts', 'export const rooms = 1'],
  ['packages/chat/test/fine.ts', `import '@engineer-chat/chat/testing'\nimport '../src/fine.ts'\nimport 'node:fs'`],
  ['packages/adapters/src/mysql/fine.ts', `import '@engineer-chat/chat'\nimport '@engineer-chat/protocol'`],
  ['packages/adapters/src/mysql/deep/fine.ts', `import '../fine.ts'`],
  ['packages/adapters/test/fine.ts', `import '@engineer-chat/local-stack/testing'\nimport '../src/mysql/fine.ts'`],
  ['packages/client/src/fine.ts', `import '@engineer-chat/protocol'`],
  ['apps/api/src/fine.ts', `import '@engineer-chat/adapters/mysql'\nimport '@engineer-chat/chat'`],
  ['apps/api/test/fine.ts', `import '@engineer-chat/client'\nimport '../src/fine.ts'`],
]

test('[HOUSE1] an import that the floors forbid is refused, and an allowed one is not', async (t) => {
  const refusals = await lint(t, [...Object.values(REFUSED).flat(), ...ALLOWED])
  for (const [floorRule, files] of Object.entries(REFUSED)) {
    for (const [path, source] of files) t.ok(refusals.get(path)?.has(FLOOR_RULE), `${floorRule}: ${path}: ${source}`)
  }
  for (const [path] of ALLOWED) t.same([...(refusals.get(path) ?? [])], [], `${path} is allowed`)
})

test('[HOUSE2] import cycles, floating promises, undeclared packages and paths without .ts are refused', async (t) => {
  const filesByRule: Record<string, SourceFile> = {
    'lint/suspicious/noImportCycles': [
      'packages/chat/src/a.ts',
      `import { b } from './b.ts'\nexport const a = () => b`,
    ],
    'lint/nursery/noFloatingPromises': [
      'packages/chat/src/floating.ts',
      `const save = async () => {}\nexport function f() {\n  save()\n}`,
    ],
    'lint/correctness/noUndeclaredDependencies': ['packages/chat/src/undeclared.ts', `import 'ioredis'`],
    'lint/correctness/useImportExtensions': ['packages/chat/src/extension.ts', `import './a'`],
    'lint/style/useNodejsImportProtocol': ['packages/chat/src/bare.ts', `import 'fs'`],
  }
  const restOfCycle: SourceFile = ['packages/chat/src/b.ts', `import { a } from './a.ts'\nexport const b = () => a`]
  const refusals = await lint(t, [...Object.values(filesByRule), restOfCycle])
  for (const [rule, [path]] of Object.entries(filesByRule)) t.ok(refusals.get(path)?.has(rule), rule)
})

test('[HOUSE1] the rules in .biome.jsonc are generated from floors.json, which lists every workspace', async (t) => {
  const configuration = readFileSync(join(ROOT, '.biome.jsonc'), 'utf8')
  const table = readFileSync(join(ROOT, 'floors.json'), 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-floors-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'generated.jsonc')
  writeFileSync(file, updateFloorBlocks(configuration, table))
  const biome = join(ROOT, 'node_modules/.bin/biome')
  const { output } = await runProgram(biome, [
    'format',
    '--write',
    '--vcs-enabled=false',
    `--config-path=${ROOT}`,
    file,
  ])
  t.equal(readFileSync(file, 'utf8'), configuration, `run npm run floors: ${output}`)
  const { floors } = JSON.parse(table) as { floors: Array<{ workspace: string }> }
  const workspaces = globSync('{apps,packages}/*/package.json', { cwd: ROOT }).map((path) => dirname(path))
  t.same(floors.map(({ workspace }) => workspace).sort(), workspaces.sort())
})

/** Returns the rules that each file breaks. */
async function lint(t: Test, files: SourceFile[]): Promise<Map<string, Set<string>>> {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-imports-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const file of ['.biome.jsonc', ...globSync('{apps,packages}/*/package.json', { cwd: ROOT })]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    copyFileSync(join(ROOT, file), join(folder, file))
  }
  for (const [path, source] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${source}\n`)
  }
  const biome = join(ROOT, 'node_modules/.bin/biome')
  const limits = ['--vcs-enabled=false', '--max-diagnostics=none', '--diagnostic-level=error']
  const { output } = await runProgram(biome, [
    'lint',
    ...limits,
    '--reporter=github',
    `--config-path=${folder}`,
    folder,
  ])
  const refusals = new Map<string, Set<string>>()
  for (const [, rule = '', file = ''] of output.matchAll(/^::error title=([^,]+),file=([^,]+)/gm)) {
    const path = file.slice(file.indexOf(folder) + folder.length + 1)
    refusals.set(path, (refusals.get(path) ?? new Set()).add(rule))
  }
  return refusals
}

test('[HOUSE1] the table of floors in CONTRIBUTING.md is generated from floors.json', (t) => {
  const document = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
  const table = readFileSync(join(ROOT, 'floors.json'), 'utf8')
  t.equal(updateFloorTable(document, table), document, 'run npm run floors')
  t.end()
})

const MAX_FILES_IN_FOLDER = 20
const MAX_LINES = 250
/** Lists of words, texts of the page and the table of commands are read by their entries, not from top to bottom. */
const LONG_LISTS = [
  'apps/warroom/src/i18n/en.ts',
  'apps/warroom/src/i18n/zh.ts',
  'packages/chat/src/people/passwords/common-passwords.ts',
  'packages/process/src/commands/table.ts',
]

test('[HOUSE13] a folder of src has at most 20 files, and a file of src that is no list has at most 250 lines', (t) => {
  const files = globSync('{apps,packages}/*/src/**/*.{ts,tsx,css}', { cwd: ROOT })
  t.ok(files.length > 0)
  const folders = [...Map.groupBy(files, dirname)]
  t.same(
    folders.filter(([, filesInFolder]) => filesInFolder.length > MAX_FILES_IN_FOLDER).map(([folder]) => folder),
    [],
    'folders with too many files',
  )
  const longFiles = files.filter((file) => countLines(readFileSync(join(ROOT, file), 'utf8')) > MAX_LINES)
  t.same(longFiles.sort(), LONG_LISTS, 'files with too many lines')
  t.end()
})

const countLines = (text: string): number => text.trimEnd().split('\n').length
