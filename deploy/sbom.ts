import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

// `node deploy/sbom.ts` prints the list of an image's packages in CycloneDX, which npm makes from the lock file.
// `npm sbom --omit dev` would leave out packages that one workspace needs at run time and another one only for its tests,
// such as `ws`. So npm gets manifests without the dependencies that are in no image.

const ROOT = join(import.meta.dirname, '..')
const SHIPPED = ['apps/api', 'apps/worker', 'apps/warroom']
const MANIFESTS = ['package.json', 'package-lock.json', '{apps,packages}/*/package.json']

interface Manifest {
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

/** No bundle has the optional native parts of packages. The lock file repeats these lists for each workspace. */
const LEFT_OUT = ['devDependencies', 'optionalDependencies']

const reduceManifests = (text: string): string =>
  JSON.stringify(
    JSON.parse(text, (name, value: Manifest | null) => {
      if (LEFT_OUT.includes(name)) return undefined
      for (const [peer, { optional }] of Object.entries(value?.peerDependenciesMeta ?? {}))
        if (optional) delete value?.peerDependencies?.[peer]
      return value
    }),
  )

const parent = mkdtempSync(join(tmpdir(), 'engineer-chat-sbom-'))
const folder = join(parent, 'engineer-chat') // npm uses the folder's name for the whole application.
try {
  for (const file of globSync(MANIFESTS, { cwd: ROOT })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), reduceManifests(readFileSync(join(ROOT, file), 'utf8')))
  }
  const workspaces = SHIPPED.flatMap((workspace) => ['--workspace', workspace])
  const options = ['--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', ...workspaces]
  const { status } = spawnSync('npm', ['sbom', ...options], { cwd: folder, stdio: 'inherit' })
  process.exitCode = status ?? 1
} finally {
  rmSync(parent, { recursive: true })
}
