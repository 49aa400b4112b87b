import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Test, test } from 'tap'
import { APP_BUNDLE } from '../src/bundle/app-bundle.ts'
import { type BundleSource, provideBundle } from '../src/bundle/provide-bundle.ts'
import { createPositionMapper } from '../src/bundle/source-positions.ts'
import { runProgram } from '../src/processes/run-program.ts'
import { chooseScripts, MEMORY_SETTINGS } from '../src/start/choose-scripts.ts'
import { isAlive, waitUntil } from './fake-product.ts'

/** This build script adds a line to the file `journal`. It waits in the middle while the file `hang` exists. */
const BUILD_SCRIPT = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
const out = process.argv.at(-1).slice('--out='.length)
const toUrl = (name) => new URL(name, import.meta.url)
writeFileSync(out + '/api.js', readFileSync(toUrl('src/main.js')))
appendFileSync(toUrl('journal'), 'built\\n')
while (existsSync(toUrl('hang'))) await new Promise((resolve) => setTimeout(resolve, 20))
writeFileSync(out + '/worker.js', 'complete')
`

/** Creates a project with one source and a script that bundles it. */
function createProject(t: Test) {
  const root = t.testdir({ 'build.mjs': BUILD_SCRIPT, src: { 'main.js': 'first' } })
  const source: BundleSource = {
    root,
    sources: ['src', 'package-lock.json'],
    script: join(root, 'build.mjs'),
    scriptArguments: [],
    cache: join(root, 'dist'),
  }
  return {
    root,
    source,
    changeSource: (text: string) => writeFileSync(join(root, 'src/main.js'), text),
    countBuilds: () =>
      existsSync(join(root, 'journal')) ? readFileSync(join(root, 'journal'), 'utf8').split('\n').length - 1 : 0,
    listBundles: () => readdirSync(source.cache).sort(),
  }
}

const readFileIn = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8')

test('[RUN12] a bundle is built once and used again until a source changes', async (t) => {
  const { source, countBuilds, changeSource } = createProject(t)
  const firstBundle = await provideBundle(source)
  t.equal(readFileIn(firstBundle.folder, 'api.js'), 'first')
  t.equal((await provideBundle(source)).folder, firstBundle.folder)
  t.equal(countBuilds(), 1)

  changeSource('first')
  t.equal((await provideBundle(source)).folder, firstBundle.folder, 'the same content written again changes nothing')
  t.equal(countBuilds(), 1)
})

test('[RUN12] after a change of a source, a new file or another lockfile, another bundle is built', async (t) => {
  const { root, source, countBuilds, changeSource } = createProject(t)
  const folders = [(await provideBundle(source)).folder]
  changeSource('second')
  const changedBundle = await provideBundle(source)
  t.equal(readFileIn(changedBundle.folder, 'api.js'), 'second')
  folders.push(changedBundle.folder)
  writeFileSync(join(root, 'src/more.js'), '')
  folders.push((await provideBundle(source)).folder)
  writeFileSync(join(root, 'package-lock.json'), '{}')
  folders.push((await provideBundle(source)).folder)
  t.equal(new Set(folders).size, 4)
  t.equal(countBuilds(), 4)
})

test('[RUN12] sources that change during a build are built again, and the first build is not used', async (t) => {
  const { root, source, countBuilds, changeSource } = createProject(t)
  writeFileSync(join(root, 'hang'), '')
  const providing = provideBundle(source)
  await waitUntil('the build has begun', () => countBuilds() === 1)
  changeSource('second')
  rmSync(join(root, 'hang'))
  const { folder } = await providing
  t.equal(readFileIn(folder, 'api.js'), 'second')
  t.equal(countBuilds(), 2)
  changeSource('first')
  t.equal(readFileIn((await provideBundle(source)).folder, 'api.js'), 'first')
})

test('[RUN12] several starts that build at the same time end with one complete bundle', async (t) => {
  const { source, listBundles } = createProject(t)
  const start = async () => {
    const { folder } = await provideBundle(source)
    return { folder, inode: statSync(folder).ino }
  }
  const bundles = await Promise.all([start(), start(), start()])
  t.equal(new Set(bundles.map(({ inode }) => inode)).size, 1, 'a bundle in use is not replaced')
  t.equal(readFileIn(bundles[0].folder, 'worker.js'), 'complete')
  t.same(listBundles(), [basename(bundles[0].folder)])
})

test('[RUN12] the folder of a killed build is not used, and the next build removes it', async (t) => {
  const { root, source, countBuilds, listBundles } = createProject(t)
  writeFileSync(join(root, 'hang'), '')
  const script = `import { provideBundle } from ${JSON.stringify(join(import.meta.dirname, '../src/bundle/provide-bundle.ts'))}
    await provideBundle(${JSON.stringify(source)})`
  const killed = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true, stdio: 'ignore' })
  await waitUntil('the build has begun', () => countBuilds() === 1)
  process.kill(-(killed.pid ?? 0), 'SIGKILL') // The build is in the same process group.
  await waitUntil('the process has ended', () => !isAlive(killed.pid ?? 0))
  t.match(listBundles(), [/^unfinished\./])

  rmSync(join(root, 'hang'))
  const { folder } = await provideBundle(source)
  t.equal(readFileIn(folder, 'worker.js'), 'complete')
  t.same(listBundles(), [basename(folder)])
})

test('[RUN12] a bundle with a truncated or missing file is built again in the same folder', async (t) => {
  const { source, countBuilds } = createProject(t)
  const { folder } = await provideBundle(source)
  truncateSync(join(folder, 'worker.js'), 2)
  t.equal((await provideBundle(source)).folder, folder)
  t.equal(readFileIn(folder, 'worker.js'), 'complete')
  rmSync(join(folder, 'api.js'))
  await provideBundle(source)
  t.equal(readFileIn(folder, 'api.js'), 'first')
  writeFileSync(join(folder, 'bundle.json'), '')
  await provideBundle(source)
  t.equal(countBuilds(), 4, 'the first build, and one after each of the three damages')
})

test('[RUN12] three bundles are kept, and older ones while a process uses them', async (t) => {
  const { source, changeSource, listBundles } = createProject(t)
  const builtFolders: string[] = []
  const build = async (text: string) => {
    changeSource(text)
    const bundle = await provideBundle(source)
    builtFolders.push(bundle.folder)
    return bundle
  }
  const usedBundle = await build('0')
  for (const text of ['1', '2', '3', '4', '5']) (await build(text)).releaseBundle()
  const nameBundles = (...indexes: number[]) => indexes.map((index) => basename(builtFolders[index] ?? '')).sort()
  t.same(listBundles(), nameBundles(0, 3, 4, 5))

  usedBundle.releaseBundle()
  appendFileSync(join(usedBundle.folder, 'used-by', `${getDeadPid()}`), '') // A killed start has left its mark.
  for (const text of ['6', '7', '8']) (await build(text)).releaseBundle()
  t.same(listBundles(), nameBundles(6, 7, 8))
})

test('[RUN12] a bundle runs with the memory settings, and what the operator sets comes last', async (t) => {
  const { source } = createProject(t)
  const chooseEnv = async (env: NodeJS.ProcessEnv) => {
    const scripts = { api: 'api.ts', worker: 'worker.ts', seed: 'seed.ts', bundle: source }
    return (await chooseScripts(scripts, env, t.fail)).env
  }
  t.match(await chooseEnv({}), MEMORY_SETTINGS)
  const { NODE_OPTIONS, MALLOC_ARENA_MAX } = await chooseEnv({
    NODE_OPTIONS: '--max-semi-space-size=32',
    MALLOC_ARENA_MAX: '8',
  })
  t.equal(NODE_OPTIONS, `${MEMORY_SETTINGS.NODE_OPTIONS} --max-semi-space-size=32`)
  t.equal(MALLOC_ARENA_MAX, '8')
})

test('[RUN12] if no bundle can be built or stored, one line says why and the sources run', async (t) => {
  const { root, source } = createProject(t)
  writeFileSync(
    join(root, 'bad.mjs'),
    'console.error("a code frame\\nCould not resolve \\"x\\" (main.ts:1:7)"); process.exit(1)',
  )
  const sources = { api: 'api.ts', worker: 'worker.ts', seed: 'seed.ts' }
  const readPrintedLine = async (change: Partial<BundleSource>) => {
    const lines: string[] = []
    const program = await chooseScripts({ ...sources, bundle: { ...source, ...change } }, {}, (line) =>
      lines.push(line),
    )
    t.match(program, sources)
    t.same(program.env, {})
    t.equal(lines.length, 1)
    return lines[0]
  }
  t.match(
    await readPrintedLine({ script: join(root, 'bad.mjs') }),
    /couldn't be built, .*: Could not resolve "x" \(main\.ts:1:7\)$/,
  )
  t.same(readdirSync(source.cache), [], 'the failed build leaves nothing')
  t.match(
    await readPrintedLine({ cache: join(root, 'build.mjs/dist') }),
    /couldn't be built, .*: ENOTDIR: .*build\.mjs/,
  )
})

test('[RUN12] the hash covers all bundled sources, and a stack trace has the positions of the sources', async (t) => {
  const { root, script, scriptArguments, sources } = APP_BUNDLE
  const folder = join(t.testdir(), 'a/b') // The folder is as deep as a bundle's folder in the cache.
  const built = await runProgram(process.execPath, [script, ...scriptArguments, `--out=${folder}`])
  t.match(built, { ok: true, output: '' })

  const maps = readdirSync(folder).filter((name) => name.endsWith('.map'))
  const inputs = new Set(maps.flatMap((name) => JSON.parse(readFileIn(folder, name)).sources as string[]))
  const ownSources = [...inputs]
    .map((path) => relative(root, join(folder, path)))
    .filter((path) => !path.includes('node_modules/') && !path.startsWith('..'))
  t.ok(ownSources.length > 100, 'the source maps name the sources of the repository')
  t.same(
    ownSources.filter((path) => !sources.some((source) => path === source || path.startsWith(`${source}/`))),
    [],
  )

  const lines = readFileIn(folder, 'api.js').split('\n')
  const line = lines.findIndex((text) => text.includes('EngineerChat.api_started'))
  const column = lines[line]?.indexOf('EngineerChat.api_started') ?? 0
  const toUrl = (path: string) => pathToFileURL(path).href
  const createStackTrace = (position: string) =>
    `{"stack":"Error: x\\n    at start (${position})\\n    at node:net:1:2"}`
  const mappedTrace = createPositionMapper(folder)(
    createStackTrace(`${toUrl(join(folder, 'api.js'))}:${line + 1}:${column + 1}`),
  )
  const mappedLine = /(\d+):\d+\)/.exec(mappedTrace)?.[1]
  const mainFile = join(root, 'apps/api/src/main.ts')
  t.match(readFileIn(dirname(mainFile), 'main.ts').split('\n')[Number(mappedLine) - 1], 'EngineerChat.api_started')
  t.match(mappedTrace, createStackTrace(`${toUrl(mainFile)}:${mappedLine}:`).split(')')[0])
  const unknownTrace = createStackTrace(`${toUrl(join(folder, 'none.js'))}:1:1`)
  t.equal(createPositionMapper(folder)(unknownTrace), unknownTrace, 'a position without a source map is not changed')
})

/** Runs a process to its end, and returns its id. */
const getDeadPid = (): number => spawnSync('true').pid
