import type { SeededRandom } from './seeded-random.ts'

const DIGIT = '0123456789'
const HEX = `${DIGIT}abcdef`
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER = UPPER.toLowerCase()
const ALNUM = UPPER + LOWER + DIGIT
const BASE64 = `${ALNUM}+/`
const WORD = `${ALNUM}_`
const PASSWORD = `${ALNUM}!#$%^*()_+-=?.~`

/** Holds a secret, and a line of a log or a mail that contains it. */
export interface PlantedSecret {
  secret: string
  line: string
}

type Plant = (random: SeededRandom) => PlantedSecret

const plantAlone =
  (make: (random: SeededRandom) => string): Plant =>
  (random) => {
    const secret = make(random)
    return { secret, line: random.pick(LINES)(secret) }
  }

const LINES: Array<(secret: string) => string> = [
  (secret) => `2026-11-22T08:14:03Z web-07 app[912]: found ${secret} in the dump`,
  (secret) => `curl "https://api.example.com/v1/items" # ${secret}`,
  (secret) => `{"level":"warn","value":"${secret}","ip":"203.0.113.77"}`,
  (secret) => `在日志中发现 ${secret}，请尽快处理。`,
  (secret) => `<td>${secret}</td>`,
  (secret) => `\`${secret}\``,
]

const createPassword = (random: SeededRandom): string =>
  `${random.text(1, UPPER)}${random.text(6 + random.below(14), PASSWORD)}${random.text(2, DIGIT)}`

/** Writes a secret after its name, as configurations, logs and people write it. */
const plantAfterName: Plant = (random) => {
  const secret = createPassword(random)
  const line = random.pick([
    `DB_PASSWORD=${secret}`,
    `password: ${secret}`,
    `"client_secret": "${secret}",`,
    `spring.datasource.password = '${secret}'`,
    `export API_KEY="${secret}"`,
    `Server=db01;User=sa;Password=${secret};Encrypt=true`,
    `POST /login user=bob&passwd=${secret}&next=%2F`,
    `Authorization: Bearer ${secret}`,
    `X-Api-Key: ${secret}`,
    `密码：${secret}`,
    `口令是 ${secret}。`,
    `the password is ${secret}, as of today`,
    `app.exe --password ${secret} --host 10.0.0.7`,
    `net user backup ${secret} /add`,
    `Cookie: session=${secret}`,
    `access_token => ${secret}`,
  ])
  return { secret, line }
}

const plantInUrl: Plant = (random) => {
  const secret = random.text(12, `${ALNUM}!$*_.~-@`)
  return {
    secret,
    line: `connect to ${random.pick(['mysql', 'https', 'amqp', 'redis'])}://svc:${secret}@db-3.corp:5432/x failed`,
  }
}

/** Creates a card number with a valid Luhn checksum. */
export function createCardNumber(random: SeededRandom): string {
  const body = random.pick(['4', '51', '62', '37']) + random.text(13, DIGIT)
  for (let last = 0; ; last++) if (passesLuhn(`${body}${last}`)) return `${body}${last}`
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = index % 2 === 1 ? Number(digit) * 2 : Number(digit)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

/** Creates a Chinese resident number with a valid checksum (GB 11643). */
export function createResidentNumber(random: SeededRandom): string {
  const drawTwoDigits = (max: number) => String(1 + random.below(max)).padStart(2, '0')
  const body = `${1 + random.below(6)}${random.text(5, DIGIT)}19${60 + random.below(40)}${drawTwoDigits(12)}${drawTwoDigits(28)}${random.text(3, DIGIT)}`
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce(
    (total, weight, index) => total + weight * Number(body[index]),
    0,
  )
  return body + '10X98765432'[sum % 11]
}

const plantPrivateKey: Plant = (random) => {
  const lines = Array.from({ length: 8 }, () => random.text(64, BASE64)).join('\n')
  const kind = random.pick(['RSA ', 'EC ', '', 'OPENSSH '])
  return { secret: lines, line: `-----BEGIN ${kind}PRIVATE KEY-----\n${lines}\n-----END ${kind}PRIVATE KEY-----` }
}

const PLANTS: Plant[] = [
  plantAlone((random) => `AKIA${random.text(16, `${UPPER}234567`)}`),
  plantAlone((random) => `LTAI${random.text(20, ALNUM)}`),
  plantAlone((random) => `AKID${random.text(32, ALNUM)}`),
  plantAlone((random) => `AIza${random.text(35, WORD)}`),
  plantAlone((random) => `sk-${random.text(48, ALNUM)}`),
  plantAlone((random) => `sk-ant-api03-${random.text(93, WORD)}AA`),
  plantAlone((random) => `sk_live_${random.text(24, ALNUM)}`),
  plantAlone((random) => `SG.${random.text(22, ALNUM)}.${random.text(43, WORD)}`),
  plantAlone((random) => `${random.pick(['ghp', 'gho', 'ghs'])}_${random.text(36, ALNUM)}`),
  plantAlone((random) => `github_pat_${random.text(82, WORD)}`),
  plantAlone((random) => `glpat-${random.text(20, ALNUM)}`),
  plantAlone((random) => `xoxb-${random.text(12, DIGIT)}-${random.text(24, ALNUM)}`),
  plantAlone((random) => `npm_${random.text(36, ALNUM)}`),
  plantAlone((random) => `hf_${random.text(34, UPPER + LOWER)}`),
  plantAlone((random) => `hvs.${random.text(90, WORD)}`),
  plantAlone((random) => `dop_v1_${random.text(64, HEX)}`),
  plantAlone((random) => `eyJ${random.text(30, ALNUM)}.eyJ${random.text(80, ALNUM)}.${random.text(43, WORD)}`),
  plantAlone((random) => `${random.text(10, '123456789')}:AA${random.text(33, WORD)}`),
  plantAlone(createCardNumber),
  plantAlone(createResidentNumber),
  plantAlone((random) => `1${random.pick(['38', '59', '86', '91'])}${random.text(8, DIGIT)}`),
  plantAfterName,
  plantAfterName,
  plantAfterName,
  plantInUrl,
  plantPrivateKey,
]

export const plantSecret = (random: SeededRandom): PlantedSecret => random.pick(PLANTS)(random)
