export { budgetsOf } from './budgets.ts'
export { configurationMarkdown } from './markdown.ts'
export { EnvironmentError, readEnvironment } from './read.ts'
export { Environment, WorkerEnvironment } from './variables.ts'
