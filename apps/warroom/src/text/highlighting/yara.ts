import type { HLJSApi, Language } from 'highlight.js'

const KEYWORDS =
  'all and any ascii at base64 base64wide condition contains defined endswith entrypoint filesize for fullword global icontains iendswith iequals import in include istartswith matches meta nocase none not of or private rule startswith strings them wide xor'

/** Defines the grammar of YARA rules. */
export const yara = (hljs: HLJSApi): Language => ({
  name: 'YARA',
  keywords: {
    $pattern: /[a-z_]\w*/,
    keyword: KEYWORDS,
    literal: 'true false',
    type: 'int8 int16 int32 uint8 uint16 uint32 int8be int16be int32be uint8be uint16be uint32be',
  },
  contains: [
    hljs.C_LINE_COMMENT_MODE,
    hljs.C_BLOCK_COMMENT_MODE,
    { className: 'string', begin: /"/, end: /"|\n/, contains: [hljs.BACKSLASH_ESCAPE] },
    { className: 'variable', begin: /[$#@!]\w{0,60}\*?/ },
    { className: 'number', begin: /\b(?:0x[\da-fA-F]{1,16}|\d{1,20}(?:KB|MB)?)\b/ },
    // A hexadecimal string with its wild cards and jumps, such as `{ 4D 5A ?? [2-4] }`.
    { className: 'string', begin: /\{(?=\s{0,20}[\da-fA-F?~(]{2})/, end: /\}/ },
    // A regular expression, such as `/evil\d+/i`.
    { className: 'string', begin: /\/(?=[^\s/*])/, end: /\/[is]{0,2}|\n/, contains: [hljs.BACKSLASH_ESCAPE] },
  ],
})
