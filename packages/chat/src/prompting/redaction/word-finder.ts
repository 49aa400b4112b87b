/** Finds many words in one pass over a text (Aho–Corasick), so that the time doesn't grow with the number of words. */
export interface WordFinder {
  /** Calls `found` for the longest word that ends at each place; `end` is exclusive. */
  find(text: string, found: (word: number, end: number) => void): void
}

interface Node {
  next: Map<number, Node>
  /** The search goes on here if no word continues at this node. */
  fallback: Node | undefined
  /** The longest word that ends here, as its index; -1 for none. */
  word: number
}

const createNode = (): Node => ({ next: new Map(), fallback: undefined, word: -1 })

export function createWordFinder(words: readonly string[]): WordFinder {
  const root = createNode()
  words.forEach((word, index) => {
    let node = root
    for (let at = 0; at < word.length; at++) {
      const code = word.charCodeAt(at)
      const next = node.next.get(code) ?? createNode()
      node.next.set(code, next)
      node = next
    }
    if (node !== root) node.word = index
  })
  linkFallbacks(root)
  return {
    find(text, found) {
      let node = root
      for (let at = 0; at < text.length; at++) {
        node = step(node, text.charCodeAt(at), root)
        if (node.word >= 0) found(node.word, at + 1)
      }
    },
  }
}

/**
 * Sets the fallbacks breadth first: a node's fallback is shorter than the node, so it is complete when it is needed.
 */
function linkFallbacks(root: Node): void {
  const queue = [root]
  for (const node of queue) {
    for (const [code, child] of node.next) {
      child.fallback = node === root ? root : step(node.fallback ?? root, code, root)
      if (child.word < 0) child.word = child.fallback.word
      queue.push(child)
    }
  }
}

function step(from: Node, code: number, root: Node): Node {
  let node: Node | undefined = from
  while (node) {
    const next = node.next.get(code)
    if (next) return next
    node = node.fallback
  }
  return root
}
