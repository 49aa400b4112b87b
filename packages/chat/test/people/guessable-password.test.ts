import t from 'tap'
import { isGuessablePassword, normalizeNewPassword } from '../../src/people/credentials.ts'
import { isCommonPassword } from '../../src/people/passwords/common-passwords.ts'

const GUESSABLE: Array<[what: string, ...passwords: string[]]> = [
  ['a common password', '1234567890', 'qwertyuiop', '1q2w3e4r5t', 'password123', 'unbelievable'],
  ['a common password in another case', 'QwertyUiop', 'PASSWORD123', 'PassWord11'],
  [
    'a common password with digits or signs at its ends',
    'Dragon2026!!',
    '2026-monkey',
    '!!sunshine!!',
    'Superman#12345',
  ],
  [
    'a common password with digits or signs for letters',
    'P4$$w0rd2026',
    'l3tm31n!!!!',
    '5un5h1n3!2026',
    '$unshine2026',
  ],
  ['a common password with blanks or signs between its letters', 'p a s s w o r d', 'd-r-a-g-o-n-1'],
  ['a repetition', 'dragondragon', 'sunshinesunshine1', 'aaaaaaaaaaaa', 'abababababab'],
  ['a reversed common password', 'drowssap123', 'uytrewq12345'],
  [
    'the name of the user',
    'ada.lovelace',
    'AdaLovelace1',
    'lovelace-2026',
    'ADA.LOVELACE!',
    '4d4.l0v3l4c3',
    'ecalevol.ada',
  ],
  ['the name of the product', 'Engineer-Chat-1', 'engineerchat', 'WarRoom2026!', 'my war room 1'],
  ['a sequence', 'abcdefghijkl', '0987654321000'],
  ['a common password in full-width letters', 'ｐａｓｓｗｏｒｄ１２３'],
]

for (const [what, ...passwords] of GUESSABLE) {
  t.test(`[USER5] a password is refused if it is ${what}`, async (t) => {
    for (const password of passwords) {
      t.equal(await isGuessablePassword(password, 'ada.lovelace'), true, password)
      await t.rejects(normalizeNewPassword(password, 'ada.lovelace'), { code: 'weak_password', extras: {} }, password)
    }
  })
}

t.test('[USER5] passphrases and random passwords are accepted', async (t) => {
  const goodPasswords = [
    'correct horse battery',
    'only for the proof',
    'tundra-kettle-7',
    'k7mpq-x2v9d-jw4hr-ta8ze',
    '9f3c1e5a7b2d4860',
    'x1y2z3q4'.repeat(32),
    '我们的密码不容易猜到呢',
    'Das Käsebrötchen fällt',
  ]
  for (const password of goodPasswords)
    t.equal(await normalizeNewPassword(password, 'ada'), password.normalize('NFC'), password)
})

t.test('[USER5] a short name within a passphrase does not make it guessable', async (t) => {
  t.equal(await isGuessablePassword('bonobo and baboon', 'bo'), false)
  t.equal(await isGuessablePassword('bo12345678', 'bo'), true)
})

t.test('[USER5] the list has the ten thousand most common passwords, and a part of one is not in it', (t) => {
  for (const password of ['123456', 'password', '21081990', 'lamborghini']) t.ok(isCommonPassword(password), password)
  for (const password of ['', ' ', '123456 password', 'passwo12x', '\n']) t.notOk(isCommonPassword(password), password)
  t.end()
})

t.test('[USER6] a new password is kept in NFC, and its length is counted in NFC', async (t) => {
  const composed = 'käse und brötchen'.normalize('NFC')
  const decomposed = composed.normalize('NFD')
  t.not(composed, decomposed)
  t.equal(await normalizeNewPassword(decomposed, 'ada'), composed)
  await t.rejects(
    normalizeNewPassword('äöüßéèêñç'.normalize('NFD'), 'ada'),
    { code: 'validation_failed' },
    'nine letters',
  )
})
