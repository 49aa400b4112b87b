const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

/** Lists one example of each class of character. */
const CHARACTERS = [
  ...'aZ09',
  ...' \n\t\r',
  ...PUNCTUATION,
  '\u0000',
  '\u001b',
  '\u007f',
  '\u00a0',
  '\u00e9',
  '\u0301',
  '\u200b',
  '\u202e',
  '\u2028',
  '\u2026',
  '\u4e2d',
  '\u3002',
  '\uff1a',
  '\ud83d\ude00',
  '\ud800',
]

/**
 * The rules search for constructs that begin with these texts: Markdown, HTML, URLs, mail addresses, assignments, keys,
 * indicators.
 */
const TOKENS = [
  '[a](',
  '![a](',
  '[a]: ',
  '[a][b]',
  '<a ',
  '<!--',
  '</',
  '**a ',
  '__',
  '``',
  '```\n',
  '~~~\n',
  '> ',
  '\n- ',
  '\n\n',
  '|a|',
  'a=',
  '"a":"',
  'key: ',
  '-----BEGIN ',
  'http://a.',
  'a://',
  'a@b.',
  'a.',
  '1.1.',
  '1:2:3:',
  '[.]',
  'C:\\',
  '/a',
  '%20',
  '\\u0041',
  '&amp;',
  '[ev1]',
  '[[KEY-1]]',
  '@AI ',
  '<think>',
]

/** Lists the units of hostile text. Tests repeat each unit by itself and in turn with every other one. */
export const hostileUnits: readonly string[] = [...CHARACTERS, ...TOKENS]
