import { isUnlikeWord, mayBeSecret } from '../../checks.ts'
import type { SecretRule } from '../rule.ts'
import { ARGUMENT, createCommandRule, createQuotedSource } from './arguments.ts'

// These are sources of patterns. They match blanks within a line, a name with or without quotes, and a text in quotes.
const BLANKS = '[^\\S\\n]{1,64}'
const NAME = `(?:"[^"\\n]{1,100}"|'[^'\\n]{1,100}'|[^\\s/"']{1,64})`
const QUOTED_TEXT = `(?:"(?<double>[^"\\n]{3,300})"|'(?<single>[^'\\n]{3,300})')`

/** This is the source of a pattern. It looks ahead: no option, redirection (`2>nul`) or quote of XML follows. */
const NO_REDIRECTION = '(?![/*<>|]|&(?=[\\s&#]|quot;|apos;)|\\d>)'
/** This is the source of a pattern. It matches a password in quotes within the target of Impacket's tools. */
const QUOTED_PASSWORD = `"(?<double>[^"\\n]{2,200})"|'(?<single>[^'\\n]{2,200})'`
/**
 * Creates the source of a pattern. It matches the target of Impacket's tools in quotes, up to the password's end. The
 * target begins with the domain, as a sentence in quotes may also have a colon and a mail address.
 */
const createQuotedTarget = (quote: string, group: string): string =>
  `(?<=[\\s(=]${quote})(?=\\S)[^\\n"'/:@]{1,64}/[^\\n"'/:@]{1,64}:(?<${group}>[^\\s${quote}][^\\n${quote}]{1,200})(?=@[\\w.-]{1,253}${quote})`

/** These rules find secrets in commands and protocols, also without a name such as `password`. */
export const COMMAND_RULES: SecretRule[] = [
  createCommandRule(
    'net-use',
    'use',
    // A view that undoes the escapes of XML also undoes those of a program, so one backslash is left before the server.
    new RegExp(
      `\\bnet1?(?:\\.exe)?${BLANKS}use${BLANKS}(?:[a-z*]:?${BLANKS})?(?:"\\\\{1,2}[^"\\n]{1,200}"|["']?\\\\{1,2}[^\\s"']{1,200}["']?)${BLANKS}(?:/user:(?:"[^"\\n]{1,100}"|\\S{1,100})${BLANKS})?${NO_REDIRECTION}${ARGUMENT}`,
      'gi',
    ),
    [
      'net use \\\\fs01\\c$ «Tr0ub4dor&3» /user:CORP\\admin',
      'net use \\\\fs01\\c$ /user:CORP\\admin «Tr0ub4dor&3»',
      'net use \\\\fs01\\c$ "«Winter Sun 2026!»" /user:CORP\\a',
      'net use "\\\\fs01\\My Share" /user:"CORP\\Anna Smith" "«Winter Sun 2026!»"',
    ],
    ['net use \\\\fs01\\c$ /user:CORP\\admin *', 'net use \\\\fs01\\c$ >nul', 'net use \\\\fs01\\c$\nwhoami'],
  ),
  createCommandRule(
    'net-user',
    'user',
    new RegExp(`\\bnet1?(?:\\.exe)?${BLANKS}user${BLANKS}${NAME}${BLANKS}${NO_REDIRECTION}${ARGUMENT}`, 'gi'),
    [
      'net user anna «Tr0ub4dor&3» /add /domain',
      'net user "Anna Smith" "«Winter Sun 2026!»" /add',
      'net.exe user anna «Tr0ub4dor&3»',
      `net user anna${' '.repeat(40)}«Tr0ub4dor&3»`,
    ],
    [
      'net user anna /domain',
      'net user\nwhoami\nget-localgroupmember -group Users',
      'net user "x" >nul 2>&1 /del /domain',
      'net user x 2>nul',
    ],
    isUnlikeWord,
  ),
  createCommandRule(
    'impacket-target',
    ['.py', 'impacket-'],
    // The host follows the last `@`, as a password may have others.
    new RegExp(
      `(?<![\\w-])(?:[\\w-]{2,30}\\.py|impacket-[\\w-]{2,30})\\s[^\\n|]{0,200}?(?<![^\\s"'])(?:${createQuotedTarget('"', 'double')}|${createQuotedTarget("'", 'single')}|(?:[^\\s"'/:@]{1,64}/)?[^\\s"'/:@]{1,64}:(?:${QUOTED_PASSWORD}|["']?(?<secret>[^\\s"']{2,200}))(?=["']?@[\\w.-]))`,
      'g',
    ),
    [
      `psexec.py CORP/admin:'«Tr0ub4dor&3»'@10.0.0.5`,
      `wmiexec.py 'CORP/anna:«Tr0ub4dor&3»@10.0.0.5'`,
      `wmiexec.py 'CORP/anna:«Winter Sun 2026!»@10.0.0.5'`,
      'psexec.py corp/nadine:«L1k3B1gBut7s@W0rk»@10.10.10.184',
      'secretsdump.py corp/anna:«P@ssw0rd@2024!»@10.0.0.5',
      `mssqlclient.py htb.local/admin:'«m$$ql_S@_P@ssW0rd!»'@10.10.10.52 -db orcharddb`,
    ],
    [
      'psexec.py corp/anna@10.0.0.5 -hashes :x',
      `psexec.py 'anna@10.0.0.5' 'a: b@c'`,
      `secretsdump.py -x "b c" -hashes :a1 anna@10.0.0.5"`,
      'report.py "2026-07-01 10:42 login by anna@corp.com"',
    ],
  ),
  createCommandRule(
    'sshpass',
    'sshpass',
    new RegExp(
      `\\bsshpass(?:\\.exe)?(?:\\\\?["']|&quot;)?(?:${BLANKS}-(?:[vV]|P\\s?(?:"[^"\\n]{1,60}"|'[^'\\n]{1,60}'|[^\\s"']{1,60}))){0,3}${BLANKS}-p[^\\S\\n]{0,64}(?:${createQuotedSource()}|["']?(?<secret>[^\\s"']{1,200}))`,
      'g',
    ),
    [
      'sshpass -p«Tr0ub4dor&3» ssh root@h',
      `sshpass -p '«Tr0ub4dor&3»' ssh root@h`,
      `sshpass -v -P 'pass:' -p '«Winter Sun 2026!»' ssh -p 2222 root@h`,
      `sshpass -p '«Tr0ub4dor&3»' ssh root@h 'tar -pxzf backup.tar'`,
      'sshpass.exe -p «Tr0ub4dor3» ssh root@h',
      '"sshpass" -p «Tr0ub4dor3» ssh root@h',
      '{"CommandLine":"\\"C:\\\\tools\\\\sshpass.exe\\" -p «Tr0ub4dor3» ssh root@h"}',
      '&quot;C:\\tools\\sshpass.exe&quot; -p «Tr0ub4dor3» ssh root@h',
    ],
    [
      'sshpass -f /root/p ssh root@h',
      'sshpass -e ssh -p 2222 root@h',
      'sshpass -f /root/p rsync -avz -e "ssh -p 2222" a b',
      'sshpass -p `cat p` ssh h',
      'sshpass -p $(cat p) ssh h',
    ],
  ),
  createCommandRule(
    'secure-string',
    'convertto-securestring',
    new RegExp(
      `ConvertTo-SecureString\\s+(?:-AsPlainText\\s+|-Force\\s+|-String\\s+){0,3}(?!["']?[$-])${ARGUMENT}`,
      'gi',
    ),
    [
      'ConvertTo-SecureString "«Tr0ub4dor&3»" -AsPlainText -Force',
      `ConvertTo-SecureString -String '«Tr0ub4dor&3»'`,
      `ConvertTo-SecureString '«Winter Sun 2026!»' -AsPlainText`,
    ],
    ['ConvertTo-SecureString $pw -AsPlainText'],
  ),
  createCommandRule(
    'credential-object',
    ['credential', 'auth', 'login('],
    new RegExp(
      `(?:NetworkCredential\\]?(?:::new)?|PSCredential\\]?(?:::new)?|HTTPBasicAuth|HTTPDigestAuth|basic_auth|auth\\s?=\\s?|\\.login)\\(\\s{0,3}["'][^"'\\n]{0,80}["']\\s{0,3},\\s{0,3}${QUOTED_TEXT}`,
      'gi',
    ),
    [
      `HTTPBasicAuth("anna", "«Tr0ub4dor&3»")`,
      `HTTPDigestAuth("anna", "«Tr0ub4dor&3»")`,
      `requests.get(u, auth=('anna', '«Tr0ub4dor&3»'))`,
      `auth = ('anna', '«Tr0ub4dor&3»')`,
      `request.basic_auth('anna', '«Tr0ub4dor&3»')`,
      `ftp.login('anna', '«Tr0ub4dor&3»')`,
      `ftp.login('anna', '«Tr0"ub 4dor»')`,
    ],
  ),
  createCommandRule(
    'mysqli',
    ['mysqli', 'mysql_connect', 'pymysql'],
    new RegExp(
      `\\b(?:mysqli|mysqli_connect|mysql_connect|connect)\\(\\s{0,3}["'][^"'\\n]{0,80}["']\\s{0,3},\\s{0,3}["'][^"'\\n]{0,80}["']\\s{0,3},\\s{0,3}${QUOTED_TEXT}`,
      'gi',
    ),
    [`new mysqli("db", "app", "«Tr0ub4dor&3»", "prod")`, `new mysqli("db", "app", "«Tr0'ub 4dor»", "prod")`],
  ),
  createCommandRule(
    'service-and-wmi',
    ['obj=', '/password'],
    new RegExp(`(?:\\bobj=[^\\n]{1,120}?\\spassword=|/password:)\\s{0,3}${ARGUMENT}`, 'gi'),
    [
      'sc create svc binPath= x obj= CORP\\svc password= «Tr0ub4dor&3»',
      'wmic /user:a /password:«Tr0ub4dor&3» process list',
      'wmic /user:a /password:"«Winter Sun 2026!»" process list',
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
    /\b(?:sqlplus|expdp|impdp|rman|sqlldr|exp|imp)\s(?:-\w+\s){0,3}[^\n/|]{0,60}?["']?[\w$#]{1,40}\/(?:"(?<double>[^"\n]{3,100})"|["']?(?<secret>[^\s"'@/]{3,100}))(?=["']?@)/gi,
    ['sqlplus scott/«Tr0ub4dor&3»@orcl', 'sqlplus scott/"«Tr0ub@4dor 3»"@orcl'],
  ),
  createCommandRule(
    'identified-by',
    'identified',
    new RegExp(
      `\\bIDENTIFIED\\s+(?:WITH\\s+["']?\\w{1,40}["']?\\s+)?(?:BY|AS)\\s+(?:PASSWORD\\s+)?(?:${QUOTED_TEXT}|["'](?<secret>[^"'\\n]{3,300}))`,
      'gi',
    ),
    [
      `CREATE USER 'a'@'%' IDENTIFIED WITH mysql_native_password BY '«Tr0ub4dor&3»'`,
      `CREATE USER 'a'@'%' IDENTIFIED BY '«Tr0"ub 4dor»'`,
    ],
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
]
