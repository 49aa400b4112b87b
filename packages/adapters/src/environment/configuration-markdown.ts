import { describeExpected, getVariableSchema, toText } from './describe-variable.ts'
import { SECTIONS } from './table.ts'
import type { Variable } from './variable-types.ts'

/** Generates docs/configuration.md from the table of variables. */
export function renderConfigurationMarkdown(): string {
  const sections = Object.values(SECTIONS).map(({ heading, variables }) =>
    renderSection(heading, Object.values<Variable>(variables)),
  )
  return `${HEAD}\n${sections.join('\n')}`
}

const HEAD = `# Configuration

Everything is set by environment variables, which are read once, when a process starts. A missing or wrong variable
stops the process at once; the message lists all of these variables with what was expected. An empty variable counts as
not set.

A secret may also come from a file, as Docker and Kubernetes mount secrets: \`NAME_FILE\` holds the file's path. Space and
line breaks around the secret are removed. Setting both \`NAME\` and \`NAME_FILE\` is an error.

Each process warns at start about every variable that has a prefix of ours but that no process reads, and names the most
similar variable. \`npm run doctor\` fails on such a variable.

This page is generated from the table in \`packages/adapters/src/environment\` by \`npm run docs\`.
`

const TABLE_HEAD = '| Variable | Meaning | Expected | Default | Example |\n|---|---|---|---|---|'

const renderSection = (heading: string, variables: Variable[]): string =>
  `## ${heading}\n\n${TABLE_HEAD}\n${variables.map(toTableRow).join('\n')}\n`

function toTableRow(variable: Variable): string {
  const { name } = variable
  const schema = getVariableSchema(variable)
  const { description, secret } = schema
  const cells = [
    `\`${name}\``,
    secret ? `${description} Or \`${name}_FILE\`.` : description,
    describeExpected(schema),
    describeDefault(variable),
    `\`${schema.example}\``,
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function describeDefault(variable: Variable): string {
  const { default: value } = getVariableSchema(variable)
  if (value === undefined) return variable.isOptional ? 'not set' : '**required**'
  return toText(value) === '' ? 'none' : `\`${toText(value)}\``
}
