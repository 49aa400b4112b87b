import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Describes an entry of `floors.json`, which lists the other workspaces that a workspace may import. */
interface Floor {
  workspace: string
  imports: string[]
  /** Lists the workspaces that its tests, testing code and commands may import in addition. */
  tests?: string[]
  /** A pure workspace does no input or output. */
  pure?: true
  /** Subfolders of this folder never import each other. */
  isolated?: string
  /** Names a subfolder of `isolated` that the other subfolders may import, through its `index.ts`. */
  shared?: string
  /** Subfolders of these folders are imported through their `index.ts` only. */
  slices?: string[]
}

interface Pattern {
  group: string[]
  message: string
}

const ROOT = join(import.meta.dirname, '../../../..')
const BEGIN = '    // floors: begin. Generated from floors.json by `npm run floors`.\n'
const END = '    // floors: end\n'
const TABLE_BEGIN = '<!-- floors: begin. Generated from floors.json by `npm run floors`. -->\n'
const TABLE_END = '<!-- floors: end -->\n'
const TABLE_HEAD =
  '| workspace | imports from this repository | its tests also import | restriction |\n|---|---|---|---|\n'
const IO_MODULES = [
  'node:{fs,net,http,https,http2,tls,dgram,dns,child_process,cluster,worker_threads,os,process,readline,repl,inspector}',
  'node:{fs,dns,readline}/**',
]

/** Returns `.biome.jsonc` with the lint rules that follow from `floors.json`. Both parameters are texts of files. */
export function updateFloorBlocks(configuration: string, floorsJson: string): string {
  const floors = parseFloors(floorsJson)
  const blocks = floors.flatMap((floor) => createBlocks(floor, floors))
  const lines = blocks.map((block) => `    ${JSON.stringify(block)}`)
  return replaceSection(configuration, '.biome.jsonc', BEGIN, `${lines.join(',\n')}\n`, END)
}

/** Returns `CONTRIBUTING.md` with `floors.json` as a table. */
export function updateFloorTable(document: string, floorsJson: string): string {
  const floors = parseFloors(floorsJson)
  const rows = floors.map(
    ({ workspace, imports, tests = [], pure }) =>
      `| \`${workspace}\` | ${imports.join(', ') || 'nothing'} | ${tests.join(', ')} | ${pure ? 'no input or output' : ''} |\n`,
  )
  return replaceSection(document, 'CONTRIBUTING.md', TABLE_BEGIN, `\n${TABLE_HEAD}${rows.join('')}\n`, TABLE_END)
}

/** Replaces the text between the markers `begin` and `end` of a file. @throws Error if a marker is missing */
function replaceSection(text: string, file: string, begin: string, section: string, end: string): string {
  const [head, afterBegin] = text.split(begin)
  const tail = afterBegin?.split(end)[1]
  if (head === undefined || tail === undefined) throw new Error(`${file} has no place for the floors.`)
  return `${head}${begin}${section}${end}${tail}`
}

/** Writes the lint rules into `.biome.jsonc`, which must then be formatted, and the table into `CONTRIBUTING.md`. */
export function writeFloors(): void {
  const floorsJson = readFileSync(join(ROOT, 'floors.json'), 'utf8')
  for (const [file, rewrite] of [
    ['.biome.jsonc', updateFloorBlocks],
    ['CONTRIBUTING.md', updateFloorTable],
  ] as const) {
    const path = join(ROOT, file)
    writeFileSync(path, rewrite(readFileSync(path, 'utf8'), floorsJson))
  }
}

function parseFloors(floorsJson: string): Floor[] {
  const { floors }: { floors: Floor[] } = JSON.parse(floorsJson)
  return floors
}

/** Creates Biome's `overrides` for one workspace. If several include a file, only the patterns of the last one count. */
function createBlocks(floor: Floor, floors: Floor[]): object[] {
  const { workspace, imports, tests = [], pure, isolated, shared, slices = [] } = floor
  const name = basename(workspace)
  const leavingPattern = forbidLeaving(name, floors)
  const productPatterns = [allowOnly(name, imports), ...(pure ? [FORBID_IO] : []), leavingPattern]
  const blocks = [
    createBlock([`${workspace}/**`], [allowOnly(name, [...imports, ...tests, name]), leavingPattern]),
    createBlock([`${workspace}/src/**`], productPatterns),
  ]
  if (pure) blocks.push(createBlock([`${workspace}/testing/**`], productPatterns))
  // A file that is one folder deeper reaches the other subfolders of `isolated` by one more `..`.
  for (const [depth, parentPattern] of [
    ['*/*.ts', '../**'],
    ['*/*/**', '../../**'],
  ] as const) {
    if (isolated)
      blocks.push(
        createBlock([`${workspace}/${isolated}/${depth}`], [...productPatterns, forbidSiblings(parentPattern, shared)]),
      )
  }
  // The three blocks of a slice are for its own files, for those of its folders, and for all deeper ones.
  for (const slice of slices) {
    const isIsolated = isolated !== undefined && slice.startsWith(`${isolated}/`)
    for (const [depth, parentPattern, pathToSlices] of [
      ['*.ts', '../**', './'],
      ['*/*.ts', '../../**', '../'],
      ['*/*/**', '../../../**', '../../'],
    ] as const) {
      const siblingPatterns = isIsolated ? [forbidSiblings(parentPattern, shared)] : []
      const patterns = [...productPatterns, ...siblingPatterns, requireIndex(pathToSlices)]
      blocks.push(createBlock([`${workspace}/${slice}/${depth}`], patterns))
    }
  }
  return blocks
}

/**
 * Forbids imports of this repository's workspaces except `imports`. An entry may be a subpath, such as `process/exit`.
 */
function allowOnly(name: string, imports: string[]): Pattern {
  const exceptions = imports.flatMap((imported) => [
    `!@engineer-chat/${imported}`,
    ...(imported.includes('/') ? [] : [`!@engineer-chat/${imported}/**`]),
  ])
  const group = ['@engineer-chat/**', ...exceptions]
  const otherImports = imports.filter((imported) => imported !== name)
  return {
    group,
    message: `Of this repository, ${name} may import ${otherImports.length > 0 ? `only ${otherImports.join(', ')}` : 'nothing'}: see floors.json.`,
  }
}

const FORBID_IO: Pattern = { group: IO_MODULES, message: 'The domain does no I/O itself: it calls a port.' }

const forbidSiblings = (parentPattern: string, shared?: string): Pattern => ({
  group: [parentPattern, ...(shared === undefined ? [] : [`!${parentPattern.replace('**', `${shared}/index.ts`)}`])],
  message: 'Adapters of different servers never import each other: code that both need belongs in chat or in the app.',
})

/** Allows imports of slices through their `index.ts` only. `pathToSlices` leads to the folder that has the slices. */
const requireIndex = (pathToSlices: string): Pattern => ({
  group: [`${pathToSlices}*/**`, `!${pathToSlices}*/index.ts`],
  message: 'A slice is imported through its index.ts. Everything that this file does not export is private.',
})

function forbidLeaving(name: string, floors: Floor[]): Pattern {
  const otherNames = floors.map(({ workspace }) => basename(workspace)).filter((otherName) => otherName !== name)
  return {
    group: [`../**/{${otherNames.join(',')}}/{src,test,testing,bin}/**`],
    message: 'This path leaves its workspace: import the workspace by its name.',
  }
}

function createBlock(includes: string[], patterns: Pattern[]): object {
  const noRestrictedImports = { level: 'error', options: { patterns } }
  return { includes, linter: { rules: { style: { noRestrictedImports } } } }
}
