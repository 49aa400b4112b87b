import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MEMORY_SETTINGS } from '@engineer-chat/local-stack'
import t from 'tap'

const ROOT = join(import.meta.dirname, '../../../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

interface Stage {
  from: string
  lines: string[]
}

const stages: Stage[] = read('deploy/Dockerfile')
  .split(/^FROM /m)
  .slice(1)
  .map((text) => {
    const [from = '', ...lines] = text.split('\n')
    return { from, lines: lines.filter((line) => line !== '' && !line.startsWith('#')) }
  })
const [build, final] = stages
if (!build || !final) throw new Error('The Dockerfile must have two stages.')

t.test('[DEPLOY10] the image is built once for all processors, from files that exist', (t) => {
  t.equal(stages.length, 2)
  t.match(build.from, /^--platform=\$BUILDPLATFORM .+ AS build$/)
  t.notMatch(final.from, /--platform/, 'the final image is for the processor of the target')
  const allLines = stages.flatMap(({ lines }) => lines).join('\n')
  t.notMatch(allLines, /amd64|arm64|x86_64|x64|aarch64/, 'no instruction depends on one processor')
  const copies = stages.flatMap(({ lines }) => lines.filter((line) => line.startsWith('COPY ')))
  const sources = copies.filter((line) => !line.includes('--from=')).flatMap((line) => line.split(' ').slice(1, -1))
  t.ok(sources.length > 5, 'the sources of the COPY instructions are found')
  for (const source of sources) t.ok(existsSync(join(ROOT, source)), source)
  for (const line of copies.filter((line) => line.includes('--from='))) t.match(line, /^COPY --from=build \/app\//)
  t.end()
})

t.test('[DEPLOY10] the image has labels that describe it, and its programs listen on every address', (t) => {
  const { version, license } = JSON.parse(read('package.json'))
  const readInstructions = (instruction: string) =>
    Object.fromEntries(
      final.lines
        .filter((line) => line.startsWith(`${instruction} `))
        .map((line) => {
          const [, name = '', value = ''] = /^\w+ ([\w.]+)="?([^"]*)"?$/.exec(line) ?? []
          return [name, value]
        }),
    )
  const prefix = 'org.opencontainers.image.'
  t.match(readInstructions('LABEL'), {
    [`${prefix}title`]: 'Engineer Chat',
    [`${prefix}licenses`]: license,
    [`${prefix}version`]: '$VERSION',
    [`${prefix}revision`]: '$BUILD_COMMIT',
    [`${prefix}source`]: '$SOURCE',
  })
  t.strictSame(readInstructions('ARG'), { BUILD_COMMIT: '', VERSION: version, SOURCE: '' })
  t.match(readInstructions('ENV'), { HOST: '0.0.0.0', WORKER_HOST: '0.0.0.0', NODE_ENV: 'production' })
  t.match(readInstructions('ENV'), MEMORY_SETTINGS, 'an image has the memory settings of npm start')
  t.end()
})

interface Sbom {
  bomFormat: string
  metadata: object
  components: Component[]
}

interface Component {
  name: string
  version: string
  licenses?: unknown[]
}

t.test('[DEPLOY10] the image has a list of its packages, each with its licence', (t) => {
  t.ok(build.lines.includes('RUN node deploy/sbom.ts > sbom.cdx.json'))
  const script = join(ROOT, 'deploy/sbom.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  t.equal(status, 0, stderr)
  const { bomFormat, metadata, components }: Sbom = JSON.parse(stdout)
  t.match({ bomFormat, metadata }, { bomFormat: 'CycloneDX', metadata: { component: { name: 'engineer-chat' } } })
  const listed = new Set(components.map(({ name }) => name))
  // The image contains only one of the other packages, `client`, which has no external dependency.
  const manifests = globSync(
    ['apps/*/package.json', 'packages/{adapters,chat,markdown,process,protocol}/package.json'],
    {
      cwd: ROOT,
    },
  )
  const dependencies = manifests.flatMap((file) => Object.keys(JSON.parse(read(file)).dependencies ?? {}))
  const externalNames = dependencies.filter((name) => !name.startsWith('@engineer-chat/'))
  t.same(
    externalNames.filter((name) => !listed.has(name)),
    [],
    'every dependency is listed',
  )
  for (const name of ['fastify', 'mysql2', 'ioredis', 'bullmq', 'ws', 'react']) t.ok(listed.has(name), name)
  for (const name of ['tap', 'typescript', 'vite', '@biomejs/biome', 'playwright-core'])
    t.notOk(listed.has(name), `${name} is needed only for development`)
  const withoutLicence = components.filter(
    ({ name, licenses }) => !name.startsWith('@engineer-chat/') && !licenses?.length,
  )
  t.same(
    withoutLicence.map(({ name }) => name),
    [],
    'each package has a licence',
  )
  t.match(final.lines.join('\n'), 'COPY --from=build /app/sbom.cdx.json ./')
  t.end()
})
