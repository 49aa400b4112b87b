/** Reads a variable that the bench sets. @throws when it is missing */
export function requireVariable(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is missing.`)
  return value
}
