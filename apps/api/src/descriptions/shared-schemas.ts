/**
 * Moves every schema with an `$id` to `components.schemas` and puts a reference in its place, so that a generated
 * client has one `Message` type instead of twenty.
 */
export function shareSchemas<T extends object>(document: T): { document: T; schemas: Record<string, object> } {
  const schemas: Record<string, object> = {}
  const replaceSchemas = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaceSchemas)
    if (value === null || typeof value !== 'object') return value
    const replaced = Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== '$id')
        .map(([name, inner]) => [name, replaceSchemas(inner)]),
    )
    if (!('$id' in value) || typeof value.$id !== 'string') return replaced
    schemas[value.$id] = replaced
    return { $ref: `#/components/schemas/${value.$id}` }
  }
  return { document: replaceSchemas(document) as T, schemas }
}
