import type { SeededRandom } from '../../../testing/seeded-random.ts'

/** Lists pieces of answers: markup, texts that only look like markup, and evidence that must stay unchanged. */
const PIECES = [
  ...[
    'Isolate FIN-WS-042',
    'svc_backup_01',
    '10~20 台',
    'C:\\Users\\_svc\\*.dll',
    '\\\\FS-01\\c$',
    '__init__.py',
    '2*3*4',
    'a < b',
  ],
  ...[
    '**',
    '*',
    '_',
    '~~',
    '`',
    '``',
    '[',
    ']',
    '(',
    ')',
    '!',
    '<',
    '>',
    '|',
    '\\',
    '&lt;',
    '&amp;',
    '&#42;',
    '#',
    ':',
    '~',
  ],
  ...[
    '**bold**',
    '*it*',
    '**结论：**先',
    '`code <b> ![x](y)`',
    '~~old~~',
    '[E1]',
    '[ev1]',
    '[P1]: Do not',
    '[a]: b',
    'wow!',
  ],
  ...[
    'handlers[name](event)',
    'arr[0](first)',
    '[a-f0-9](?:x)',
    '[Text.Encoding]::UTF8',
    'List<String>',
    '<process>',
    '\uE0000\uE001',
  ],
  ...[
    'http://evil.example/a.php',
    'https://docs.example.org/a_b',
    'http://evil.example/`x`',
    '中http://evil.example/x。',
  ],
  ...[
    '[docs](https://docs.example.org)',
    '[**w**](http://evil.example "t")',
    '![i](https://evil.example/p.png)',
    '![](/x)',
  ],
  ...[
    '[![a](https://evil.example/i.png)](https://docs.example.org)',
    '[docs][a]',
    '<https://evil.example/>',
    '<img src=https://evil.example/i>',
  ],
  ...[
    '[- x](https://docs.example.org)',
    '[# x](https://docs.example.org)',
    '[1. x](https://evil.example)',
    '[x](javascript:alert(1))',
  ],
  ...[
    '[x](&#106;avascript:alert(1))',
    '[x](https\\:\\/\\/evil.example)',
    '[x](//evil.example)',
    '[x](\\\\evil.example\\a)',
    '[ x ](http://evil.example/*_*)',
  ],
]
const SEPARATORS = ['', '', ' ', ' ', '\n', '，', '. ']
/** Puts a text into a block of Markdown. */
const CONTAINERS: ((text: string) => string)[] = [
  (text) => text,
  (text) => prefixLines(text, '> '),
  (text) => `- ${prefixLines(text, '  ').trimStart()}`,
  (text) => `1. ${prefixLines(text, '   ').trimStart()}`,
  (text) => `> - ${prefixLines(text, '>   ').slice(4)}`,
  (text) => `## ${text.replaceAll('\n', ' ')}`,
  (text) => `| a | b |\n|---|---|\n| ${text.replaceAll('\n', ' ')} | x |`,
  (text) => `\`\`\`\n${text}\n\`\`\``,
  (text) => `   \`\`\`sh\n${prefixLines(text, '   ')}`,
  (text) => `*${text}*`,
  (text) => `**${text}**`,
  (text) => `> [a]: http://evil.example/${text}`,
]

const prefixLines = (text: string, prefix: string): string => text.replace(/^/gm, prefix)

/** Creates a text of random blocks. Each block has random pieces in a random container. */
export function createSampleAnswer(random: SeededRandom): string {
  const createBlock = () => {
    const pieces = Array.from({ length: 1 + random.below(6) }, () => random.pick(PIECES) + random.pick(SEPARATORS))
    return random.pick(CONTAINERS)(pieces.join(''))
  }
  return Array.from({ length: 1 + random.below(3) }, createBlock).join(random.pick(['\n', '\n\n', '\n\n', '\r\n']))
}

/**
 * Lists pieces that change the text beside them: each mark alone, references to blanks and line ends, rows, broken
 * links.
 */
const HOSTILE_PIECES =
  '[|]|(|)|!|<|>|\\|`|``|```|~~~|*|**|_|~~|&lt;|&#10;|&#13;|&#32;|&#96;|&#9;|&#124;|#|# |:|\n|\n\n|\r|\t|    | |- |1. |> |---|=|===|x|中|\u00a0|\u2028|\f|www.|[ ] |[x] |\\\\|\\`'
    .split('|')
    .concat('|', '|---|', '\n|---|---|\n', '| a | b |\n', 'https://ok.example/a|b', 'http://evil.example/a')
    .concat('http://evil.example/`x`', '<http://evil.example>', '[a]: http://evil.example', '[w](http://evil.example)')
    .concat('![i](http://evil.example/i)', '[](javascript:x)', '[a\nb](http://evil.example/\\)')

/** Creates a text that is mostly unfinished markup. */
export const createHostileAnswer = (random: SeededRandom): string =>
  Array.from({ length: 1 + random.below(12) }, () => random.pick(HOSTILE_PIECES)).join('')
