import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Is a folder with the content of an image, and what a container would run in it. */
export interface Image {
  folder: string
  env: Record<string, string>
  user: string
  entrypoint: string[]
  command: string[]
}

export interface ImageOptions {
  /** Each stage gets a folder in this one as its working directory. */
  targetFolder: string
  /** Links the packages of this checkout, because an installation of the same ones takes a minute. */
  linkPackages: boolean
}

/**
 * Runs the steps of deploy/Dockerfile as plain commands in clean folders, for machines without Docker. It throws at an
 * instruction that it does not know, so that its result never differs from Docker's.
 */
export function buildImage({ targetFolder, linkPackages }: ImageOptions): Image {
  const stages = new Map<string, string>()
  const image: Image = { folder: '', env: {}, user: 'root', entrypoint: [], command: [] }
  const buildArguments: Record<string, string> = {}
  let workdir = '/'
  for (const { name, rest } of readInstructions()) {
    if (name === 'FROM') {
      const stage = / AS (\S+)$/.exec(rest)?.[1] ?? 'final'
      Object.assign(image, { folder: join(targetFolder, stage), env: {}, user: 'root', entrypoint: [], command: [] })
      mkdirSync(image.folder, { recursive: true })
      stages.set(stage, image.folder)
    } else if (name === 'WORKDIR') workdir = rest
    else if (name === 'ARG') setVariable(buildArguments, rest, {})
    else if (name === 'ENV') setVariable(image.env, rest, buildArguments)
    else if (name === 'COPY') copyPaths(image.folder, rest, stages, workdir)
    else if (name === 'RUN') runCommand(image, rest, linkPackages)
    else if (name === 'USER') image.user = rest
    else if (name === 'ENTRYPOINT') image.entrypoint = JSON.parse(rest)
    else if (name === 'CMD') image.command = JSON.parse(rest)
    else if (name !== 'EXPOSE') throw new Error(`unknown instruction ${name}`)
  }
  return image
}

/** Sets the variable of `NAME=value`, in which `$OTHER` stands for a build argument. */
function setVariable(
  variables: Record<string, string>,
  assignment: string,
  buildArguments: Record<string, string>,
): void {
  const [name = '', value = ''] = assignment.split('=', 2)
  variables[name] = value.replaceAll(/\$([A-Z_]+)/g, (_, argument: string) => buildArguments[argument] ?? '')
}

function readInstructions(): Array<{ name: string; rest: string }> {
  const text = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8').replaceAll(/\\\n/g, ' ')
  return text.split('\n').flatMap((line) => {
    const [, name, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    if (name !== undefined && rest !== undefined) return [{ name, rest: rest.trim() }]
    if (line.trim() !== '' && !line.startsWith('#')) throw new Error(`cannot parse: ${line}`)
    return []
  })
}

function copyPaths(folder: string, rest: string, stages: Map<string, string>, workdir: string): void {
  const stage = /^--from=(\S+) /.exec(rest)?.[1]
  const paths = rest.replace(/^--from=\S+ /, '').split(/\s+/)
  const destination = paths.pop() ?? ''
  const sourceFolder = stage === undefined ? ROOT : stages.get(stage)
  if (sourceFolder === undefined) throw new Error(`no stage ${stage}`)
  for (const path of paths) {
    const source = join(sourceFolder, path.startsWith(`${workdir}/`) ? relative(workdir, path) : path)
    const isFileIntoFolder = destination.endsWith('/') && statSync(source).isFile()
    const target = join(folder, destination, isFileIntoFolder ? basename(path) : '')
    mkdirSync(dirname(target), { recursive: true })
    cpSync(source, target, {
      recursive: true,
      filter: (path) => stage !== undefined || !isIgnored(relative(ROOT, path)),
    })
  }
}

const IGNORED = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n').filter(Boolean)

/** Applies .dockerignore, in which a plain name stands for an entry of the root, and `**` for every folder. */
function isIgnored(path: string): boolean {
  const parts = path.split('/')
  return IGNORED.some((line) => (line.startsWith('**/') ? parts.includes(line.slice(3)) : parts[0] === line))
}

const INSTALL = /^npm ci [^&]+&& /

function runCommand({ folder, env }: Image, command: string, linkPackages: boolean): void {
  const isLinked = linkPackages && INSTALL.test(command)
  if (isLinked) linkAllPackages(folder)
  const steps = isLinked ? command.replace(INSTALL, '') : command
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`
  const options = { cwd: folder, encoding: 'utf8' as const, env: { ...listRegistryVariables(), ...env, PATH } }
  const { status, stdout, stderr } = spawnSync('sh', ['-c', steps], options)
  if (status !== 0) throw new Error(`${steps}\n${stdout}${stderr}`)
}

const REGISTRY_VARIABLES = /^(home|npm_config_.*|node_extra_ca_certs|ssl_cert_.*|(https?|no)_proxy)$/i

/** Lists the environment variables that npm needs to reach its registry, and no others. */
const listRegistryVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => REGISTRY_VARIABLES.test(name)))

function linkAllPackages(folder: string): void {
  const workspaces = [
    '',
    ...['apps', 'packages'].flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => join(parent, name))),
  ]
  for (const workspace of workspaces) {
    const packages = join(ROOT, workspace, 'node_modules')
    if (!existsSync(packages)) continue
    const copyPackages = (flag: string) =>
      spawnSync('cp', [flag, packages, join(folder, workspace)], { encoding: 'utf8' })
    if (copyPackages('-al').status === 0) continue
    const { status, stderr } = copyPackages('-a') // Hard links across two file systems are not possible.
    if (status !== 0) throw new Error(stderr)
  }
}
