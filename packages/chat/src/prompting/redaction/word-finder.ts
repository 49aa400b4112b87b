/**
 * Finds many words in one pass over a text (Aho–Corasick), so the time does not grow with the number of words. A word
 * is any string, also within a longer word of the text.
 */
export interface WordFinder {
  /** Calls `onFound` once for each place where words end, with the index of the longest of them; `end` is exclusive. */
  find(text: string, onFound: (wordIndex: number, end: number) => void): void
}

/** The passwords of a long log need a hundred thousand nodes. Most nodes have only one child, so they have no map. */
interface Node {
  /** Holds the UTF-16 code unit that leads to `child`, or -1 without a child. */
  code: number
  child: Node | undefined
  /** Holds the children after the first by their code units. */
  others: Map<number, Node> | undefined
  /** The search goes on at this other node if there is no child for the next code unit. The root has no fallback. */
  fallback: Node | undefined
  /** Holds the index of the longest word that ends at this node, or -1. */
  wordIndex: number
}

const ASCII_CODE_COUNT = 128

const createNode = (): Node => ({ code: -1, child: undefined, others: undefined, fallback: undefined, wordIndex: -1 })

const findChild = (node: Node, code: number): Node | undefined =>
  node.code === code ? node.child : node.others?.get(code)

function addChild(node: Node, code: number): Node {
  const child = createNode()
  if (node.child === undefined) {
    node.code = code
    node.child = child
  } else {
    node.others ??= new Map()
    node.others.set(code, child)
  }
  return child
}

function listChildren({ code, child, others }: Node): Array<[code: number, child: Node]> {
  return child === undefined ? [] : [[code, child], ...(others ?? [])]
}

export function createWordFinder(words: readonly string[]): WordFinder {
  const root = createNode()
  words.forEach((word, index) => {
    let node = root
    for (let position = 0; position < word.length; position++) {
      const code = word.charCodeAt(position)
      node = findChild(node, code) ?? addChild(node, code)
    }
    if (node !== root) node.wordIndex = index // An empty word is never found.
  })
  linkFallbacks(root)
  // Most characters begin no word, so the search skips them without a look-up.
  const asciiFirstCodes = new Uint8Array(ASCII_CODE_COUNT)
  for (const [code] of listChildren(root)) if (code < ASCII_CODE_COUNT) asciiFirstCodes[code] = 1
  return {
    find(text, onFound) {
      let node = root
      for (let index = 0; index < text.length; index++) {
        const code = text.charCodeAt(index)
        if (node === root && code < ASCII_CODE_COUNT && asciiFirstCodes[code] === 0) continue
        node = findNextNode(node, code, root)
        if (node.wordIndex >= 0) onFound(node.wordIndex, index + 1)
      }
    },
  }
}

/** Sets the fallbacks breadth first. A node's fallback is nearer to the root, so its own fallback is set before. */
function linkFallbacks(root: Node): void {
  const queue = [root]
  for (const node of queue) {
    for (const [code, child] of listChildren(node)) {
      child.fallback = node === root ? root : findNextNode(node.fallback ?? root, code, root)
      if (child.wordIndex < 0) child.wordIndex = child.fallback.wordIndex
      queue.push(child)
    }
  }
}

/** Tries `from`, its fallback and so on. Returns the first child for this code, or the root if none has one. */
function findNextNode(from: Node, code: number, root: Node): Node {
  let node: Node | undefined = from
  while (node) {
    const child = findChild(node, code)
    if (child) return child
    node = node.fallback
  }
  return root
}
