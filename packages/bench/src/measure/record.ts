/** Builds a record with a value for each name. */
export function toRecord<Name extends string, Value>(
  names: readonly Name[],
  create: (name: Name) => Value,
): Record<Name, Value> {
  const record: Partial<Record<Name, Value>> = {}
  for (const name of names) record[name] = create(name)
  // This never throws. The check shows the compiler that no name is missing.
  if (!hasEvery(record, names)) throw new Error('A record lacks a name that it was built from.')
  return record
}

function hasEvery<Name extends string, Value>(
  record: Partial<Record<Name, Value>>,
  names: readonly Name[],
): record is Record<Name, Value> {
  return names.every((name) => name in record)
}

/** Lists the keys of a record with their type, which `Object.keys` loses. */
export function listKeys<Name extends string>(record: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(record).filter((key): key is Name => Object.hasOwn(record, key))
}
