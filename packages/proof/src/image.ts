import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Describes a built image: the folder with its files, and the settings with which a container would start. */
export interface Image {
  /** This folder stands for the WORKDIR of the image. */
  workdirFolder: string
  env: Record<string, string>
  labels: Record<string, string>
  user: string
  entrypoint: string[]
  command: string[]
  /** Lists the Debian packages that the Dockerfile installs. This build does not install them. */
  systemPackages: string[]
}

export interface ImageOptions {
  /** Each stage of the Dockerfile gets its own folder in this folder. */
  targetFolder: string
  /** Links the npm packages of this checkout instead of installing them, because an installation takes a minute. */
  linkPackages: boolean
}

/**
 * Runs the steps of deploy/Dockerfile as plain commands in clean folders, for machines without Docker. It does not
 * install Debian packages.
 * @throws Error at an unknown instruction, because the result would differ from that of Docker
 */
export function buildImage({ targetFolder, linkPackages }: ImageOptions): Image {
  const stages = new Map<string, string>()
  let image = createEmptyImage('')
  const buildArguments: Record<string, string> = {}
  let workdir = '/'
  for (const { name, argumentText } of readInstructions()) {
    if (name === 'FROM') {
      const stage = / AS (\S+)$/.exec(argumentText)?.[1] ?? 'final'
      image = createEmptyImage(join(targetFolder, stage))
      mkdirSync(image.workdirFolder, { recursive: true })
      stages.set(stage, image.workdirFolder)
    } else if (name === 'WORKDIR') workdir = argumentText
    else if (name === 'ARG') setVariable(buildArguments, argumentText, {})
    else if (name === 'ENV') setVariable(image.env, argumentText, buildArguments)
    else if (name === 'LABEL') setVariable(image.labels, argumentText, buildArguments)
    else if (name === 'COPY') copyPaths(image.workdirFolder, argumentText, stages, workdir)
    else if (name === 'RUN') runStep(image, argumentText, linkPackages)
    else if (name === 'USER') image.user = argumentText
    else if (name === 'ENTRYPOINT') image.entrypoint = JSON.parse(argumentText)
    else if (name === 'CMD') image.command = JSON.parse(argumentText)
    else if (name !== 'EXPOSE') throw new Error(`The Dockerfile has the unknown instruction ${name}.`)
  }
  return image
}

const createEmptyImage = (workdirFolder: string): Image => ({
  workdirFolder,
  env: {},
  labels: {},
  user: 'root',
  entrypoint: [],
  command: [],
  systemPackages: [],
})

/** Sets the variable of `NAME=value` or `NAME="value"`, in which `$OTHER` stands for a build argument. */
function setVariable(
  variables: Record<string, string>,
  assignment: string,
  buildArguments: Record<string, string>,
): void {
  const [, name = '', value = ''] = /^([^=]+)="?(.*?)"?$/.exec(assignment) ?? []
  variables[name] = value.replaceAll(/\$([A-Z_]+)/g, (_, argument: string) => buildArguments[argument] ?? '')
}

function readInstructions(): Array<{ name: string; argumentText: string }> {
  const text = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8').replaceAll(/\\\n/g, ' ')
  return text.split('\n').flatMap((line) => {
    const [, name, argumentText] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    if (name !== undefined && argumentText !== undefined) return [{ name, argumentText: argumentText.trim() }]
    if (line.trim() !== '' && !line.startsWith('#')) throw new Error(`This line of the Dockerfile is unknown: ${line}`)
    return []
  })
}

function copyPaths(workdirFolder: string, argumentText: string, stages: Map<string, string>, workdir: string): void {
  const stage = /^--from=(\S+) /.exec(argumentText)?.[1]
  const paths = argumentText.replace(/^--from=\S+ /, '').split(/\s+/)
  const destination = paths.pop() ?? ''
  const sourceFolder = stage === undefined ? ROOT : stages.get(stage)
  if (sourceFolder === undefined) throw new Error(`The Dockerfile has no stage ${stage}.`)
  for (const path of paths) {
    const source = join(sourceFolder, path.startsWith(`${workdir}/`) ? relative(workdir, path) : path)
    const isFileIntoFolder = destination.endsWith('/') && statSync(source).isFile()
    const target = join(workdirFolder, destination, isFileIntoFolder ? basename(path) : '')
    mkdirSync(dirname(target), { recursive: true })
    cpSync(source, target, {
      recursive: true,
      filter: (copiedPath) => stage !== undefined || !isIgnored(relative(ROOT, copiedPath)),
    })
  }
}

const IGNORED_PATTERNS = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n').filter(Boolean)

// Checks the path against .dockerignore, where `NAME` matches an entry of the root folder, and `**/NAME` an entry of
// every folder.
function isIgnored(path: string): boolean {
  const parts = path.split('/')
  return IGNORED_PATTERNS.some((pattern) =>
    pattern.startsWith('**/') ? parts.includes(pattern.slice(3)) : parts[0] === pattern,
  )
}

/** Matches `npm ci` at the beginning of a step that has further commands. */
const NPM_INSTALL_PATTERN = /^npm ci [^&]+&& /

const APT_INSTALL_PATTERN = /^apt-get update && apt-get install -y --no-install-recommends ([\w\s-]+) && rm -rf \S+$/

function runStep(image: Image, step: string, linkPackages: boolean): void {
  const [, packages] = APT_INSTALL_PATTERN.exec(step) ?? []
  if (packages === undefined) runCommand(image, step, linkPackages)
  else image.systemPackages.push(...packages.split(/\s+/))
}

function runCommand({ workdirFolder, env }: Image, command: string, linkPackages: boolean): void {
  const isLinked = linkPackages && NPM_INSTALL_PATTERN.test(command)
  if (isLinked) linkAllPackages(workdirFolder)
  const executedCommand = isLinked ? command.replace(NPM_INSTALL_PATTERN, '') : command
  // The command uses the Node.js and the npm of this process.
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`
  const options = { cwd: workdirFolder, encoding: 'utf8' as const, env: { ...listRegistryVariables(), ...env, PATH } }
  const { status, stdout, stderr } = spawnSync('sh', ['-c', executedCommand], options)
  if (status !== 0) throw new Error(`${executedCommand}\n${stdout}${stderr}`)
}

const REGISTRY_VARIABLES = /^(home|npm_config_.*|node_extra_ca_certs|ssl_cert_.*|(https?|no)_proxy)$/i

/** Lists the environment variables that npm needs to reach its registry, and no others. */
const listRegistryVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => REGISTRY_VARIABLES.test(name)))

function linkAllPackages(workdirFolder: string): void {
  const workspaces = [
    '', // This is the root of the repository.
    ...['apps', 'packages'].flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => join(parent, name))),
  ]
  for (const workspace of workspaces) {
    const packages = join(ROOT, workspace, 'node_modules')
    if (!existsSync(packages)) continue
    const copyPackages = (flag: string) =>
      spawnSync('cp', [flag, packages, join(workdirFolder, workspace)], { encoding: 'utf8' })
    if (copyPackages('-al').status === 0) continue
    const { status, stderr } = copyPackages('-a') // Hard links across two file systems are not possible.
    if (status !== 0) throw new Error(stderr)
  }
}
