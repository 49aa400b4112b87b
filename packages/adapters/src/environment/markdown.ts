import { asText, expectedOf, type Variable } from './describe.ts'
import { Environment, GROUPS } from './variables.ts'

/** docs/configuration.md, made of the schema. */
export function configurationMarkdown(): string {
  const sections = Object.entries(GROUPS).map(
    ([heading, variables]) =>
      `## ${heading}\n\n| Variable | Meaning | Expected | Default | Example |\n|---|---|---|---|---|\n${Object.entries(
        variables,
      )
        .map(([name, variable]) => rowOf(name, variable as unknown as Variable))
        .join('\n')}\n`,
  )
  return `${HEAD}\n${sections.join('\n')}`
}

const HEAD = `# Configuration

Everything is set by environment variables, which are read once, when a process starts. A missing or wrong one stops the
process at once; the message lists every one of them with what was expected. An empty variable counts as one that isn't set.

This page is generated from the schema in \`packages/adapters/src/environment\` by \`npm run docs\`.
`

function rowOf(name: string, variable: Variable): string {
  const { unit, type } = variable
  const meaning = unit && type !== 'integer' ? `${variable.description} (${unit})` : variable.description
  const cells = [`\`${name}\``, meaning, expectedOf(variable), defaultOf(name, variable), `\`${variable.example}\``]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function defaultOf(name: string, variable: Variable): string {
  if (variable.default === undefined)
    return Environment.required.some((required) => required === name) ? '**required**' : 'not set'
  return asText(variable.default) === '' ? 'none' : `\`${asText(variable.default)}\``
}
