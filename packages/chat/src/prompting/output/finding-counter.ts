import type { FilterFinding, FilterFindingKind } from '@engineer-chat/protocol'

const MAX_EXAMPLES = 5

/** Counts what the filter finds, with a few examples of each kind. */
export class FindingCounter {
  readonly #found = new Map<FilterFindingKind, { count: number; examples: Set<string> }>()

  add(kind: FilterFindingKind, example: string): void {
    const { count, examples } = this.#found.get(kind) ?? { count: 0, examples: new Set<string>() }
    if (examples.size < MAX_EXAMPLES) examples.add(example)
    this.#found.set(kind, { count: count + 1, examples })
  }

  list(): FilterFinding[] {
    return [...this.#found].map(([kind, { count, examples }]) => ({ kind, count, examples: [...examples] }))
  }
}
