import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** What a Dockerfile makes, as a folder, and how it would be run. */
export interface Image {
  folder: string
  env: Record<string, string>
  user: string
  entrypoint: string[]
  command: string[]
}

export interface ImageOptions {
  /** Below it each stage gets a folder, which is its working directory. */
  into: string
  /** Packages are those of this checkout instead of installed anew: the same ones, a minute sooner. */
  linkPackages: boolean
}

/**
 * Runs the steps of deploy/Dockerfile as plain commands, in clean folders, for where there is no Docker. It knows the
 * instructions that stand there and refuses others, so that it can't run something else than an image's build would.
 */
export function buildImage({ into, linkPackages }: ImageOptions): Image {
  const stages = new Map<string, string>()
  const image: Image = { folder: '', env: {}, user: 'root', entrypoint: [], command: [] }
  const buildArguments: Record<string, string> = {}
  let workdir = '/'
  for (const { name, rest } of instructions()) {
    if (name === 'FROM') {
      const stage = / AS (\S+)$/.exec(rest)?.[1] ?? 'final'
      Object.assign(image, { folder: join(into, stage), env: {}, user: 'root', entrypoint: [], command: [] })
      mkdirSync(image.folder, { recursive: true })
      stages.set(stage, image.folder)
    } else if (name === 'WORKDIR') workdir = rest
    else if (name === 'ARG') assign(buildArguments, rest, {})
    else if (name === 'ENV') assign(image.env, rest, buildArguments)
    else if (name === 'COPY') copy(image.folder, rest, stages, workdir)
    else if (name === 'RUN') run(image, rest, linkPackages)
    else if (name === 'USER') image.user = rest
    else if (name === 'ENTRYPOINT') image.entrypoint = JSON.parse(rest)
    else if (name === 'CMD') image.command = JSON.parse(rest)
    else if (name !== 'EXPOSE') throw new Error(`unknown instruction ${name}`)
  }
  return image
}

/** Sets the variable of `NAME=value`, in which `$OTHER` stands for a build argument. */
function assign(variables: Record<string, string>, assignment: string, buildArguments: Record<string, string>): void {
  const [name = '', value = ''] = assignment.split('=', 2)
  variables[name] = value.replaceAll(/\$([A-Z_]+)/g, (_, argument: string) => buildArguments[argument] ?? '')
}

function instructions(): Array<{ name: string; rest: string }> {
  const text = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8').replaceAll(/\\\n/g, ' ')
  return text.split('\n').flatMap((line) => {
    const [, name, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    if (name !== undefined && rest !== undefined) return [{ name, rest: rest.trim() }]
    if (line.trim() !== '' && !line.startsWith('#')) throw new Error(`not understood: ${line}`)
    return []
  })
}

function copy(folder: string, rest: string, stages: Map<string, string>, workdir: string): void {
  const stage = /^--from=(\S+) /.exec(rest)?.[1]
  const paths = rest.replace(/^--from=\S+ /, '').split(/\s+/)
  const to = paths.pop() ?? ''
  const from = stage === undefined ? ROOT : stages.get(stage)
  if (from === undefined) throw new Error(`no stage ${stage}`)
  for (const path of paths) {
    const source = join(from, path.startsWith(`${workdir}/`) ? relative(workdir, path) : path)
    const isInto = to.endsWith('/') && statSync(source).isFile()
    const target = join(folder, to, isInto ? basename(path) : '')
    mkdirSync(dirname(target), { recursive: true })
    cpSync(source, target, { recursive: true, filter: (one) => stage !== undefined || !isIgnored(relative(ROOT, one)) })
  }
}

const IGNORED = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n').filter(Boolean)

/** By .dockerignore: names at the top, and below anywhere. */
function isIgnored(path: string): boolean {
  const parts = path.split('/')
  return IGNORED.some((line) => (line.startsWith('**/') ? parts.includes(line.slice(3)) : parts[0] === line))
}

const INSTALL = /^npm ci [^&]+&& /

function run({ folder, env }: Image, command: string, linkPackages: boolean): void {
  const isLinked = linkPackages && INSTALL.test(command)
  if (isLinked) linkAllPackages(folder)
  const steps = isLinked ? command.replace(INSTALL, '') : command
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`
  const options = { cwd: folder, encoding: 'utf8' as const, env: { ...listRegistryVariables(), ...env, PATH } }
  const { status, stdout, stderr } = spawnSync('sh', ['-c', steps], options)
  if (status !== 0) throw new Error(`${steps}\n${stdout}${stderr}`)
}

const REGISTRY_VARIABLES = /^(home|npm_config_.*|node_extra_ca_certs|ssl_cert_.*|(https?|no)_proxy)$/i

/** Of this machine's environment what leads to the packages, and nothing besides. */
const listRegistryVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => REGISTRY_VARIABLES.test(name)))

function linkAllPackages(folder: string): void {
  const places = [
    '',
    ...['apps', 'packages'].flatMap((of) => readdirSync(join(ROOT, of)).map((name) => join(of, name))),
  ]
  for (const place of places) {
    const packages = join(ROOT, place, 'node_modules')
    if (!existsSync(packages)) continue
    const cp = (how: string) => spawnSync('cp', [how, packages, join(folder, place)], { encoding: 'utf8' })
    if (cp('-al').status === 0) continue
    const { status, stderr } = cp('-a') // On another disk no file can be linked.
    if (status !== 0) throw new Error(stderr)
  }
}
