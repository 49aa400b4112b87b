import { isUnlikeWord, mayBeSecret } from '../../checks.ts'
import { createMatcher, type SecretRule } from '../rule.ts'
import { type AcceptArgument, mayBeSecretArgument } from './options.ts'

/** Creates a rule that finds the group `secret` of the pattern where `accept` returns true. */
function createCommandRule(
  id: string,
  keywords: string | readonly string[],
  pattern: RegExp,
  hiddenSamples: readonly string[],
  keptSamples: readonly string[] = [],
  accept: AcceptArgument = mayBeSecretArgument,
): SecretRule {
  return {
    id,
    kind: 'PASSWORD',
    keywords: typeof keywords === 'string' ? [keywords] : keywords,
    find: createMatcher(pattern, accept),
    hiddenSamples,
    keptSamples,
  }
}

/** These rules find secrets in commands, routers' settings and protocols, also without a name such as `password`. */
export const COMMAND_RULES: SecretRule[] = [
  createCommandRule(
    'net-use',
    'use',
    /\bnet1?(?:\.exe)?\s+use\s+(?:[a-z*]:?\s+)?["']?\\\\[^\s"']{1,200}["']?\s+(?:\/user:\S{1,100}\s+)?["']?(?<secret>[^\s"'/*][^\s"']{2,200})/gi,
    ['net use \\\\fs01\\c$ «Tr0ub4dor&3» /user:CORP\\admin', 'net use \\\\fs01\\c$ /user:CORP\\admin «Tr0ub4dor&3»'],
    ['net use \\\\fs01\\c$ /user:CORP\\admin *'],
  ),
  createCommandRule(
    'net-user',
    'user',
    /\bnet1?(?:\.exe)?\s+user\s+["']?[^\s/"']{1,64}["']?\s+["']?(?<secret>[^\s/*"'][^\s"']{3,200})/gi,
    ['net user anna «Tr0ub4dor&3» /add /domain'],
    ['net user anna /domain'],
    isUnlikeWord,
  ),
  createCommandRule(
    'impacket-target',
    ['.py', 'impacket-'],
    /(?<![\w-])(?:[\w-]{2,30}\.py|impacket-[\w-]{2,30})\s[^\n|]{0,200}?(?<![^\s"'])(?:[^\s"'/:@]{1,64}\/)?[^\s"'/:@]{1,64}:["']?(?<secret>[^\s"'@]{2,200})(?=["']?@[\w.-])/g,
    [`psexec.py CORP/admin:'«Tr0ub4dor&3»'@10.0.0.5`, `wmiexec.py 'CORP/anna:«Tr0ub4dor&3»@10.0.0.5'`],
  ),
  createCommandRule(
    'sshpass',
    'sshpass',
    /\bsshpass\s+-p\s{0,3}["']?(?<secret>[^\s"']{1,200})/gi,
    ['sshpass -p«Tr0ub4dor&3» ssh root@h', `sshpass -p '«Tr0ub4dor&3»' ssh root@h`],
    ['sshpass -f /root/p ssh root@h'],
  ),
  createCommandRule(
    'secure-string',
    'convertto-securestring',
    /ConvertTo-SecureString\s+(?:-AsPlainText\s+|-Force\s+|-String\s+){0,3}["']?(?<secret>[^\s"'$-][^\s"']{2,300})/gi,
    ['ConvertTo-SecureString "«Tr0ub4dor&3»" -AsPlainText -Force', `ConvertTo-SecureString -String '«Tr0ub4dor&3»'`],
    ['ConvertTo-SecureString $pw -AsPlainText'],
  ),
  createCommandRule(
    'credential-object',
    ['credential', 'auth', 'login('],
    /(?:NetworkCredential\]?(?:::new)?|PSCredential\]?(?:::new)?|HTTPBasicAuth|HTTPDigestAuth|basic_auth|auth\s?=\s?|\.login)\(\s{0,3}["'][^"'\n]{0,80}["']\s{0,3},\s{0,3}["'](?<secret>[^"'\n]{3,200})(?=["'])/gi,
    [
      `HTTPBasicAuth("anna", "«Tr0ub4dor&3»")`,
      `HTTPDigestAuth("anna", "«Tr0ub4dor&3»")`,
      `requests.get(u, auth=('anna', '«Tr0ub4dor&3»'))`,
      `auth = ('anna', '«Tr0ub4dor&3»')`,
      `request.basic_auth('anna', '«Tr0ub4dor&3»')`,
      `ftp.login('anna', '«Tr0ub4dor&3»')`,
    ],
  ),
  createCommandRule(
    'mysqli',
    ['mysqli', 'mysql_connect', 'pymysql'],
    /\b(?:mysqli|mysqli_connect|mysql_connect|connect)\(\s{0,3}["'][^"'\n]{0,80}["']\s{0,3},\s{0,3}["'][^"'\n]{0,80}["']\s{0,3},\s{0,3}["'](?<secret>[^"'\n]{3,200})(?=["'])/gi,
    [`new mysqli("db", "app", "«Tr0ub4dor&3»", "prod")`],
  ),
  createCommandRule(
    'chpasswd',
    'chpasswd',
    /["']?[\w.$-]{1,32}:(?<secret>[^\s"'|]{3,200})(?=["']?\s{0,3}\|\s{0,3}(?:sudo\s+)?chpasswd)/g,
    [`echo 'root:«Tr0ub4dor&3»' | chpasswd`],
  ),
  createCommandRule(
    'piped',
    ['echo', 'printf', 'write-output'],
    // `sudo` reads a password only with `-S`. In lower case this option starts a shell. Its other options come before
    // the command, some of them with an argument.
    /\b(?:echo|printf|Write-Output)\s+(?:-\w+\s+)?["']?(?<secret>[^\s"'|]{3,200})(?=["']?\s{0,3}\|\s{0,3}(?:sudo(?:\.exe)?(?:\s{1,8}-[CDghpRrTtUu]\s{1,8}[^\s|-][^\s|]{0,60}|\s{1,8}-[-\w=]{1,40}){0,6}?\s{1,8}(?:-[A-Za-z]{0,8}(?-i:S)|--stdin)\b|(?:passwd|runas|kinit|su|cryptsetup|smbpasswd)\b|[\w-]+\s+login\b[^\n]{0,200}--password-stdin))/gi,
    [
      'echo «Tr0ub4dor&3» | sudo -S id',
      'write-output «Tr0ub4dor3» | sudo -S id',
      `echo «Tr0ub4dor&3» | sudo -u root -k -S -p '' id`,
      'echo «Tr0ub4dor&3» | sudo -kS id',
      'echo «Tr0ub4dor&3» | sudo --stdin id',
      `echo '«Tr0ub4dor&3»' | passwd --stdin anna`,
      'echo «Tr0ub4dor&3» | passwd',
    ],
    [
      'echo done | tee x; sudo id',
      'echo nameserver | sudo tee -a x',
      'echo whoami | sudo -s',
      'echo accept | sudo pacman -S x',
    ],
  ),
  createCommandRule(
    'service-and-wmi',
    ['obj=', '/password'],
    /(?:\bobj=[^\n]{1,120}?\spassword=|\/password:)\s{0,3}["']?(?<secret>[^\s"']{3,200})/gi,
    [
      'sc create svc binPath= x obj= CORP\\svc password= «Tr0ub4dor&3»',
      'wmic /user:a /password:«Tr0ub4dor&3» process list',
    ],
  ),
  createCommandRule(
    'pass-the-hash',
    ['rc4', 'nt', 'lm', 'aes', 'des', 'hash', 'sha1', 'dpapi'],
    /(?:\/(?:rc4|ntlm|aes256|aes128|aes|des|lm)[:=]|\s\/hash[:=](?=[0-9a-f]{32}\b)|^[ \t*]{0,12}(?:NTLM|LM|NTLMv2|NT|SHA1|DPAPI|aes\d{3}_hmac|rc4_hmac_nt|rc4_md4)\s{1,16}:?\s{0,4})(?<secret>[0-9a-f]{32,64})\b/gim,
    [
      'Rubeus.exe asktgt /user:admin /rc4:«{hex 32}» /ptt',
      'Rubeus.exe asktgt /user:admin /aes:«{hex 64}»',
      '/user:admin /hash:«{hex 32}»',
      '  * NTLM     : «{hex 32}»',
      '  * NT : «{hex 32}»',
      '  * DPAPI    : «{hex 32}»',
    ],
    [
      'Package Name (NTLM only): NTLM V2',
      'SHA1: {hex 40}',
      'VT lookup /hash:{hex 64}',
      'GET /api/v1/files/hash:{hex 32}',
    ],
  ),
  createCommandRule(
    'sqlplus',
    ['sqlplus', 'expdp', 'impdp', 'rman', 'sqlldr', 'exp ', 'imp '],
    /\b(?:sqlplus|expdp|impdp|rman|sqlldr|exp|imp)\s(?:-\w+\s){0,3}[^\n/|]{0,60}?["']?[\w$#]{1,40}\/["']?(?<secret>[^\s"'@/]{3,100})(?=["']?@)/gi,
    ['sqlplus scott/«Tr0ub4dor&3»@orcl'],
  ),
  createCommandRule(
    'identified-by',
    'identified',
    /\bIDENTIFIED\s+(?:WITH\s+["']?\w{1,40}["']?\s+)?(?:BY|AS)\s+(?:PASSWORD\s+)?["'](?<secret>[^"'\n]{3,300})/gi,
    [`CREATE USER 'a'@'%' IDENTIFIED WITH mysql_native_password BY '«Tr0ub4dor&3»'`],
  ),
  createCommandRule(
    'mail-and-file-protocols',
    // `AUTH` is a command of mail servers and of Redis. After `AUTH LOGIN`, a mail server asks `334 UGFzc3dvcmQ6`, the
    // Base64 of `Password:`, and the client sends the secret in the next line.
    ['pass', 'login', 'auth', '334 ugfzc3dvcmq6'],
    /(?:^PASS[ \t]+|^\S{1,12} LOGIN "?[^\s"]{1,100}"?\s+"?|^AUTH (?:PLAIN\s+|default\s+|(?!LOGIN\b|PLAIN\b|TLS\b|SSL\b|[A-Z\d-]+\r?$)(?=\S*[^A-Z\s-]))|^334 UGFzc3dvcmQ6\s{1,3}|^AUTH \w{1,20} )(?<secret>[^\s"]{4,400})(?="?$)/gm,
    [
      'USER anna\nPASS «Tr0ub4dor&3»\n',
      'a1 LOGIN admin «Tr0ub4dor&3»',
      'AUTH «Tr0ub4dor&3»',
      'AUTH PLAIN «AGFubmEAWm9tZXIyMDI2IQ==»',
      'AUTH LOGIN\n334 UGFzc3dvcmQ6\n«SHVudGVyMiF4eXo=»',
      '334 UGFzc3dvcmQ6\n«SHVudGVyMiF4eXo=»',
    ],
    ['AUTH CRAM-MD5', 'auth type is NTLM', 'PASS\nBUILD-OK\n'],
    // A word in lower case is no secret but the rest of a message: `PASS checkout` in the output of a test.
    (secret) => mayBeSecret(secret) && /[^a-z]/.test(secret),
  ),
  createCommandRule('openvpn', 'auth-user-pass', /auth-user-pass[ \t]*\n[^\s]{1,64}\n(?<secret>[^\s]{3,200})/g, [
    'auth-user-pass\nvpnuser\n«Tr0ub4dor&3»',
  ]),
  createCommandRule(
    'router',
    ['community', 'key', 'md5'],
    /(?:\bcommunity\s+["']?|(?:\b(?:isakmp|tacacs-server|radius-server|ntp|tacacs|radius|shared-secret|server-key|authentication-key)\b[^\n]{0,80}?\bkey|\b(?:ntp|authentication-key)\b[^\n]{0,80}?\bmd5)\s+(?:\d\s+)?["']?)(?<secret>[^\s"';]{4,200})/gi,
    [
      'snmp-server community «2A0em4IKGe» RO',
      'crypto isakmp key «Tr0ub4dor&3» address 203.0.113.5',
      'tacacs-server key 7 «0822455D0A16544541»',
      'ntp server 192.0.2.1 md5 «Tr0ub4dor&3»',
    ],
    ['snmp-server community public RO', 'community support for keys', 'radius agent.exe md5 {hex 32}'],
    isUnlikeWord,
  ),
  createCommandRule(
    'dns-key',
    ['key', 'secret'],
    // A text without a digit may be the name of a field, unless a `;` ends the statement.
    /\b(?:key|secret)\s+"(?<secret>(?=[^"\n]{0,122}(?:\d|"\s{0,3};))[A-Za-z0-9+/]{20,120}={0,2})"/gi,
    ['key "«{base64 24}»";', 'secret "«{base64 44}»";', 'key "«abcdefghijklmnopqrstuvwx»";'],
    ['the key "authenticationFailureReason" is missing'],
    mayBeSecret,
  ),
  createCommandRule(
    'pgpass',
    ':',
    /^(?:[\w-]{1,60}(?:\.[\w-]{1,60}){1,8}|localhost|\*):(?:\d{4,5}|\*):(?:[A-Za-z_][\w-]{0,62}|\*):[A-Za-z_][\w.-]{0,62}:(?<secret>[^\s:]{4,200})$/gm,
    ['db.corp.local:5432:prod:app:«Tr0ub4dor&3»'],
    ['fe80.example:8080:a:b:12:34'],
    isUnlikeWord,
  ),
]
