import t from 'tap'
import { indexText, listQueryTerms, listTerms, MAX_FREQUENCY } from '../../src/ranking/index.ts'
import { findSuperLinear } from '../../testing/index.ts'

const MAX_TERMS = 1_000
const MAX_QUERY_TERMS = 32
const MAX_READ_CODE_UNITS = 64 * 1024

const list = (text: string): string[] => [...listTerms(text)]

t.test('[RANK1] words are terms in lower case, whatever their width and their punctuation', async (t) => {
  t.same(list("Host７ didn't “reboot”!"), ['host7', 'didn', 'reboot'])
  t.same(list('Événement Überprüfung проверка'), ['événement', 'überprüfung', 'проверка'])
  t.same(list('e\u0301te'), list('\u00e9te'))
})

t.test('[RANK1] an English word is the same term with each usual ending, and a name keeps its ending', async (t) => {
  const families = [
    'isolate isolates isolated isolating',
    'block blocks blocked blocking',
    'hash hashes hashed hashing',
    'policy policies',
    'log logs logged logging',
    'process processes processed',
  ]
  for (const family of families) t.equal(new Set(list(family)).size, 1, family)
  t.same(list('string seed used this status access virus'), [
    'string',
    'seed',
    'used',
    'this',
    'status',
    'access',
    'virus',
  ])
  t.equal(list('Get-Services')[0], 'get-services')
  t.same(list('logs.example'), ['logs.example'])
})

t.test('[RANK1] a name is one term, and so are its parts', async (t) => {
  t.same(list('on SRV-DB-01:'), ['on', 'srv-db-01', 'srv', 'db'])
  t.same(list('(Get-ADUser)'), ['get-aduser', 'get', 'aduser'])
  const path = list('C:\\Windows\\Temp\\svch0st.exe')
  t.same(path, ['c:\\windows\\temp\\svch0st.exe', 'svch0st.exe', 'window', 'temp', 'svch0st', 'exe'])
  t.same(list('/etc/cron.d/x1'), ['etc/cron.d/x1', 'etc', 'cron', 'x1'])
})

t.test('[RANK1] neighbouring Chinese and Japanese characters are terms in pairs', async (t) => {
  t.same(list('横向移动，封'), ['横向', '向移', '移动', '封'])
  t.same(list('封禁C2服务器'), ['封禁', 'c2', '服务', '务器'])
  t.same(list('𠮷野家'), ['𠮷野', '野家'])
})

/** Maps each value to the forms in which people write it. */
const FORMS: Record<string, string[]> = {
  '198.51.100.7': ['198.51.100.7', '198.51.100[.]7', '198[.]51[.]100[.]7', '198.51.100(.)7', '198.51.100[dot]7'],
  'evil.example': ['evil.example', 'EVIL.example', 'evil[.]example', 'evil(.)example', 'evil [dot] example'],
  'https://evil.example/a/drop.php': [
    'https://evil.example/a/drop.php',
    'hxxps://evil[.]example/a/drop.php',
    'hxxps[://]evil.example/a/drop.php',
    'HTTPS://Evil.Example/a/drop.php',
  ],
  'anna@evil.example': ['anna@evil.example', 'anna[@]evil[.]example', 'Anna[at]evil.example'],
  d41d8cd98f00b204e9800998ecf8427e: ['d41d8cd98f00b204e9800998ecf8427e', 'D41D8CD98F00B204E9800998ECF8427E'],
  'cve-2024-3094': ['CVE-2024-3094', 'cve-2024-3094'],
  '2001:db8::7': ['2001:db8::7', '2001:DB8:0::7'],
  t1059: ['T1059'],
}
const PLACES = [(form: string) => form, (form: string) => `Saw ${form}, again.`, (form: string) => `发现 ${form} 外联`]

t.test('[RANK1] an indicator is one term, in every form that a text or a query has', async (t) => {
  for (const [value, forms] of Object.entries(FORMS)) {
    for (const form of forms) {
      for (const place of PLACES) {
        t.ok(list(place(form)).includes(value), `${value} in ${place(form)}`)
        t.ok(listQueryTerms(place(form)).includes(value), `${value} is asked for by ${place(form)}`)
      }
    }
  }
})

t.test('[RANK1] an address is also found by its host, the domains above it and its file', async (t) => {
  const terms = list('hxxp://cdn.drop.evil[.]example:8080/a/Drop.php?x=1')
  for (const part of ['cdn.drop.evil.example', 'drop.evil.example', 'evil.example', 'drop.php']) {
    t.ok(terms.includes(part), part)
  }
  t.notOk(terms.includes('example'))
  t.ok(list('T1059.001').includes('t1059'))
  t.ok(list('anna@mail.evil.example').includes('evil.example'))
})

t.test('[RANK1] question words are not terms of a query, unless it has no other words', async (t) => {
  t.same(listQueryTerms('What do we know about the beacon of srv-db-01?'), ['know', 'beacon', 'srv-db-01', 'srv', 'db'])
  t.same(listQueryTerms('我们之前有没有见过银狐？'), ['银狐'])
  t.same(listQueryTerms('怎么封禁的'), ['封禁'])
  t.same(listQueryTerms('Does the same tool read the SAM of Ann Doe?'), ['tool', 'read', 'sam', 'ann', 'doe'])
  t.same(listQueryTerms('What now?'), ['what', 'now'])
  t.same(listQueryTerms('怎么办？'), ['怎么', '么办'])
  t.same(list('What is it?'), ['what', 'is', 'it'], 'the index has them')
})

t.test('[RANK2] a text is read to its 65,536th code unit', async (t) => {
  const fill = ' '.repeat(MAX_READ_CODE_UNITS - 'beacon'.length)
  t.same(list(`${fill}beacon`), ['beacon'])
  t.same(list(`${fill} beacon`), ['beaco'])
})

t.test('[RANK2] an entry has at most 1,000 terms, a query 32, and a term counts 63 times', async (t) => {
  const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ')
  t.equal(indexText(words(MAX_TERMS)).terms.size, MAX_TERMS)
  t.equal(indexText(words(MAX_TERMS + 1)).terms.size, MAX_TERMS)
  t.equal(listQueryTerms(words(MAX_QUERY_TERMS)).length, MAX_QUERY_TERMS)
  t.equal(listQueryTerms(words(MAX_QUERY_TERMS + 1)).length, MAX_QUERY_TERMS)
  t.same(indexText('a1 '.repeat(MAX_FREQUENCY)), { terms: new Map([['a1', MAX_FREQUENCY]]), length: MAX_FREQUENCY })
  t.same(indexText('a1 '.repeat(MAX_FREQUENCY + 1)), indexText('a1 '.repeat(MAX_FREQUENCY)))
})

t.test('[RANK2] the indicators of a long query stay', async (t) => {
  const manyWords = Array.from({ length: 100 }, (_, index) => `field${index}`).join(' ')
  t.equal(listQueryTerms(`${manyWords} 198.51.100[.]7`)[0], '198.51.100.7')
})

t.test('[RANK2] terms are listed in linear time', async (t) => {
  t.same(findSuperLinear(list), [])
  const listName = (text: string): unknown => list(`a${text.slice(0, MAX_READ_CODE_UNITS - 2)}b`)
  t.same(findSuperLinear(listName), [], 'also for a name of many joined parts')
})
