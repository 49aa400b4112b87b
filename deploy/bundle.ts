import { readFile, rm } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { readCommandLine } from '@engineer-chat/process/commands'
import { type BuildFailure, build, type Plugin } from 'esbuild'

// `npm run bundle` writes the programs of an image into `dist`. `npm start` calls it with --for=start --out=FOLDER. A
// process that starts from a bundle reads a few files instead of two thousand.

const ROOT = join(import.meta.dirname, '..')
const APPS = { api: 'apps/api/src/main.ts', worker: 'apps/worker/src/main.ts' }
const ENTRIES = {
  image: {
    ...APPS,
    migrate: 'apps/worker/bin/migrate.ts',
    user: 'apps/worker/bin/user.ts',
    doctor: 'apps/worker/bin/doctor.ts',
    'dead-letters': 'apps/worker/bin/dead-letters.ts',
    indicators: 'apps/worker/bin/indicators.ts',
    'text-index': 'apps/worker/bin/text-index.ts',
    trace: 'apps/worker/bin/trace.ts',
    partitions: 'apps/worker/bin/partitions.ts',
    backup: 'apps/worker/bin/backup.ts',
    restore: 'apps/worker/bin/restore.ts',
  },
  start: { ...APPS, seed: 'apps/api/bin/seed.ts' },
}

/** The pages, scripts and styles of this package are read at run time, so it is not bundled. */
const PACKAGES = ['@bull-board/ui']

/** CommonJS packages need these names. */
const COMMONJS = `import { createRequire as createRequireOf } from 'node:module'
import { fileURLToPath as pathOf } from 'node:url'
const require = createRequireOf(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname`

/** Lets a module of ours find the files beside its source, though the module itself moves to `out`. */
function keepOwnPlaces(out: string): Plugin {
  return {
    name: 'keep-own-places',
    setup({ onLoad }) {
      onLoad({ filter: /\/(apps|packages)\/[^/]+\/(src|bin)\/.*\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        const places = {
          url: `new URL(${JSON.stringify(relative(out, path))}, import.meta.url).href`,
          dirname: `pathOf(new URL(${JSON.stringify(relative(out, dirname(path)))}, import.meta.url))`,
        }
        const contents = text.replaceAll(/import\.meta\.(url|dirname)\b/g, (_, name: 'url' | 'dirname') => places[name])
        return { contents, loader: 'ts' }
      })
    },
  }
}

async function bundle(entryPoints: Record<string, string>, out: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: out,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: PACKAGES,
    minifySyntax: true,
    minifyWhitespace: true, // This saves 8 MB of memory. Source maps give the original lines.
    lineLimit: 160, // Node prints the whole line of an uncaught error.
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'linked',
    banner: { js: COMMONJS },
    plugins: [keepOwnPlaces(out)],
    logLevel: 'warning',
  })
}

/** Describes esbuild's first error in one line: what is wrong and where. */
function describeFailure(error: unknown): string {
  const [first] = (error as Partial<BuildFailure>).errors ?? []
  if (first === undefined) return error instanceof Error ? error.message : String(error)
  const { text, location } = first
  return location === null ? text : `${text} (${location.file}:${location.line}:${location.column})`
}

const { values } = readCommandLine('bundle')
const out = resolve(values.out ?? join(ROOT, 'dist'))
try {
  if (values.out === undefined) await rm(out, { recursive: true, force: true })
  await bundle(values.for === 'start' ? ENTRIES.start : ENTRIES.image, out)
} catch (error) {
  console.error(describeFailure(error))
  process.exitCode = 1
}
