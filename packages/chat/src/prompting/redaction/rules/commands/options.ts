import { isUnlikeWord, looksLikePassword, mayBeSecret } from '../../checks.ts'
import { findSecretPart, type SecretMatch, type SecretRule } from '../rule.ts'

/** This is the source of a pattern. It matches a value on a command line, in quotes or without them. */
const VALUE = `(?:"(?<double>[^"\\n]{3,300})"|'(?<single>[^'\\n]{3,300})'|(?<secret>[^\\s"'|;<>][^\\s"'|;<>]{2,300}))`
/** This is the source of a pattern. It matches the end of a tool's name, and looks at the character after it. */
const NAME_END = '(?:\\.exe|\\.py)?(?=[\\s"\'])'
/** An option counts if it begins at most this many characters after the tool's name. */
const MAX_CHARACTERS_BEFORE_OPTION = 300
/** The longest option with its secret has fewer characters. */
const MAX_OPTION_CHARACTERS = 500
/**
 * Matches the rest of a command: up to a line feed, `|`, `&&`, or `;` at the end of a word, outside quotes. A `;` within
 * a word ends no command, because it is a part of an argument in Windows: `a;b`.
 */
const REST_OF_COMMAND = /(?:[^\n|;&"']|&(?!&)|;(?=[^\s;])|"[^"\n]{0,300}"|'[^'\n]{0,300}'|["'])*/y

/** Returns true if this argument of a command is a secret. */
export type AcceptArgument = (secret: string) => boolean
/** Returns true for an argument that `mayBeSecret` allows, unless it looks like an option: `-x`, `/add`. */
export const mayBeSecretArgument: AcceptArgument = (secret) => mayBeSecret(secret) && !/^[-/]/.test(secret)

/**
 * Creates a rule for a secret in an option of these tools. `tools` holds their names, separated by blanks.
 * `optionPattern` matches what comes right before the secret: an option, or a subcommand with its first arguments.
 * Upper and lower case differ in names and options, as `-p` and `-P` are two options.
 */
function createOptionRule(
  tools: string,
  optionPattern: string,
  hiddenSamples: readonly string[],
  keptSamples: readonly string[] = [],
  accept: AcceptArgument = mayBeSecretArgument,
): SecretRule {
  const names = tools.split(' ')
  const name = new RegExp(`(?<![\\w-])(?:${names.map(RegExp.escape).join('|')})${NAME_END}`, 'g')
  // A command may run `mkdir -p x` elsewhere, as `docker exec` does.
  const option = new RegExp(`(?<=[\\s"'])(?<!mkdir )(?:${optionPattern})${VALUE}`, 'dg')
  return {
    id: `${names[0]} ${optionPattern}`,
    kind: 'PASSWORD',
    keywords: names.map((name) => name.toLowerCase()),
    find: (text) => findOptions(text, name, option, accept),
    hiddenSamples,
    keptSamples,
  }
}

/** Finds the secrets of all options in all commands. A part of the text that belongs to two commands is read once. */
function findOptions(text: string, name: RegExp, option: RegExp, accept: AcceptArgument): SecretMatch[] {
  const secrets: SecretMatch[] = []
  let readTo = 0
  for (const match of text.matchAll(name)) {
    const nameEnd = match.index + match[0].length
    const maxOptionStart = nameEnd + MAX_CHARACTERS_BEFORE_OPTION
    // The character before an option belongs to the pattern of the option, so the part begins one character earlier.
    const partStart = Math.max(nameEnd, readTo) - 1
    const part = text.slice(partStart, maxOptionStart + MAX_OPTION_CHARACTERS)
    REST_OF_COMMAND.lastIndex = 0
    const command = REST_OF_COMMAND.exec(part)?.[0] ?? ''
    const found = findOptionsOfCommand(command, maxOptionStart - partStart, option, accept)
    for (const { start, end } of found) secrets.push({ start: partStart + start, end: partStart + end })
    readTo = Math.max(readTo, Math.min(maxOptionStart, partStart + command.length), secrets.at(-1)?.end ?? 0)
  }
  return secrets
}

function findOptionsOfCommand(
  command: string,
  maxOptionStart: number,
  option: RegExp,
  accept: AcceptArgument,
): SecretMatch[] {
  const secrets: SecretMatch[] = []
  option.lastIndex = 0
  for (let match = option.exec(command); match && match.index <= maxOptionStart; match = option.exec(command)) {
    const part = findSecretPart(match)
    if (part && accept(command.slice(part.start, part.end))) secrets.push(part)
    else option.lastIndex = match.index + 1 // The refused value may be the next option.
  }
  return secrets
}

/** These rules find secrets in the options of tools. */
export const OPTION_RULES: SecretRule[] = [
  createOptionRule(
    'psexec psexec64 PsExec PsExec64 paexec nxc netexec crackmapexec cme evil-winrm hydra medusa ncrack patator smbmap bloodhound-python certipy certipy-ad rusthound mongosh mongo mongodump mongorestore mongoexport rdesktop az winrs pywhisker bloodyAD coercer ldapdomaindump windapsearch enum4linux enum4linux-ng adidnsdump sshpass oc influx',
    // `-port` and the like are other options, and not the password `ort`.
    '-p(?:[ =]|(?!(?:ort|ath|rotocol|rofile|roject|olicy|refix|latform|ublic|rivate|arams?)\\b))',
    ['psexec.exe \\\\10.0.0.5 -u CORP\\admin -p «Tr0ub4dor&3» cmd', `nxc smb 10.0.0.0/24 -u admin -p '«Tr0ub4dor&3»'`],
    [
      'psexec.exe was renamed to upd.exe',
      'hydra -l root -P /usr/share/wordlists/x.txt ssh://10.0.0.5',
      'az network rule add -port 2222 -path /srv-7/x -protocol Tcp4',
    ],
  ),
  createOptionRule(
    'docker podman nerdctl buildah skopeo helm crane oras',
    '-p[ =]|--password[ =]',
    ['docker login -u robot -p «Tr0ub4dor&3» r.example.org', 'docker run -p 8080:80 x -p «Tr0ub4dor&3»'],
    [
      'docker login failed for r.example.org',
      'docker run -p 8080:80 nginx',
      'docker run -p 127.0.0.1:80:80 nginx',
      'docker run -p 8080:80 nginx mkdir -p data',
      'docker ps; mkdir -p release-v2x9',
      'docker ps && cp -p release-v2x9 x',
    ],
    // In `docker run`, `-p` maps ports.
    (secret) => mayBeSecretArgument(secret) && !/^(?:[\d.]+:)?[\d-]+:[\d-]+(?:\/\w+)?$|^\d+$/.test(secret),
  ),
  createOptionRule(
    'nxc netexec crackmapexec cme evil-winrm secretsdump smbexec wmiexec psexec atexec dcomexec getTGT GetUserSPNs impacket-secretsdump impacket-psexec impacket-wmiexec pth-winexe',
    '-H[ =]?|--?hash(?:es)?[ =]',
    ['nxc smb 10.0.0.5 -u anna -H «{hex 32}»', 'secretsdump.py -hashes «:{hex 32}» anna@10.0.0.5'],
  ),
  createOptionRule(
    'mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mariadb mariadb-dump mysqlsh mytop',
    '-p',
    ['mysqldump -uroot -p«Tr0ub4dor&3» db'],
    ['mysql -u root -p prod', 'mysql -P 3306'],
  ),
  createOptionRule(
    'sqlcmd osql isql bcp tsql zip unzip ipmitool mosquitto_pub mosquitto_sub zipcloak',
    '-P[ =]?',
    ['sqlcmd -S db -U sa -P «Tr0ub4dor&3»', 'zip -P «Tr0ub4dor&3» out.zip x'],
    ['zip archive a1.7z of 2.1 GB'],
  ),
  createOptionRule(
    'rar unrar 7z 7za 7zz 7zr WinRAR',
    '-h?p',
    ['rar a -hp«Tr0ub4dor&3» out.rar x', '7z a -p«Tr0ub4dor&3» o.7z x'],
    ['7z l a.7z'],
  ),
  createOptionRule(
    'ldapsearch ldapwhoami ldapmodify ldapadd ldapdelete ldappasswd',
    '-w[ =]?|-s[ =]',
    [
      'ldapsearch -x -D cn=admin -w «Tr0ub4dor&3» -b dc=x',
      'ldapsearch -x -s sub -D cn=admin -w «Tr0ub4dor&3» -b dc=x',
      `ldapsearch -b 'dc=x; dc=y && z' -s sub -w «Tr0ub4dor&3»`,
    ],
    ['ldapsearch -x -s sub -b dc=x'],
    // `-s` is a new password for `ldappasswd`, but a word such as `sub` for `ldapsearch`.
    isUnlikeWord,
  ),
  createOptionRule('plink pscp psftp putty kitty', '-pw[ =]', ['plink.exe -ssh root@10.0.0.5 -pw «Tr0ub4dor&3»']),
  createOptionRule(
    'redis-cli valkey-cli keydb-cli',
    '-a[ =]|--pass[ =]',
    ['redis-cli -h cache -a «Tr0ub4dor&3» INFO'],
    ['redis-cli INFO was called'],
  ),
  createOptionRule(
    'openssl',
    '-k[ =]|-K[ =]|(?:-pass|-passin|-passout)[ =]pass:|passwd (?:-\\w+ ){0,4}',
    ['openssl enc -aes-256-cbc -k «Tr0ub4dor&3» -in x', 'openssl rsa -in k -passout pass:«Tr0ub4dor&3»'],
    ['openssl s_client -connect a:443'],
  ),
  createOptionRule(
    'curl wget http https',
    '(?:-u|--user|-U|--proxy-user)[ =]?["\']?[^\\s:"\']{1,64}:',
    ['curl -u anna:«Tr0ub4dor&3» https://x', `curl --user 'anna:«Tr0ub4dor&3»' https://x`],
    ['curl -s http://203.0.113.9/x | sh'],
  ),
  createOptionRule(
    'curl',
    '(?:-b|--cookie)[ =]?["\']?',
    [`curl -b '«session={32}»' https://x`],
    ['curl -b cookies.txt https://x'],
    // A value without `=` is the name of a file with cookies.
    (secret) => secret.includes('='),
  ),
  createOptionRule(
    'rpcclient smbclient winexe pth-winexe net smbmap smbget wmic',
    '(?:-U|--user)[ =]?["\']?[^\\s%"\']{1,64}%',
    ['rpcclient -U admin%«Tr0ub4dor&3» 10.0.0.5'],
    ['smbclient -U anna //fs/c$'],
  ),
  createOptionRule(
    'xfreerdp xfreerdp3 wfreerdp cmdkey schtasks mstsc winscp at rubeus Rubeus',
    '/(?:p|rp|pass|password)[: =]',
    [
      'xfreerdp /v:10.0.0.5 /u:anna /p:«Tr0ub4dor&3»',
      'cmdkey /generic:x /user:a /pass:«Tr0ub4dor&3»',
      'schtasks /create /ru a /rp «Tr0ub4dor&3» /tr c.exe',
    ],
  ),
  createOptionRule(
    'snmpwalk snmpget snmpset snmpbulkwalk snmptrap snmpcheck onesixtyone',
    '-[cAX][ =]?',
    [
      'snmpwalk -v2c -c «n0tpublic9» 10.0.0.1',
      'snmpwalk -v3 -c public -A «Tr0ub4dor&3» 10.0.0.1',
      'snmpwalk -v3 -A «Abcd-1234» -X «Tr0ub4dor&3» 10.0.0.1',
    ],
    ['snmpwalk -v2c -c public 10.0.0.1'],
    isUnlikeWord,
  ),
  createOptionRule('lftp', '-u[ =]?["\']?[^\\s,"\']{1,64},', ['lftp -u anna,«Tr0ub4dor&3» sftp://h']),
  createOptionRule('kerbrute', 'passwordspray[^\\n]{0,120}?\\s(?:\\S+\\.txt)\\s', [
    'kerbrute passwordspray -d corp.local users.txt «Tr0ub4dor&3»',
  ]),
  createOptionRule('htpasswd', '(?:-\\w*b\\w*)\\s\\S{1,100}\\s(?:\\S{1,64}\\s(?=\\S))?', [
    'htpasswd -b /etc/x anna «Tr0ub4dor&3»',
  ]),
  createOptionRule('rabbitmqctl', '(?:add_user|change_password|authenticate_user)\\s\\S{1,64}\\s', [
    'rabbitmqctl add_user ops «Tr0ub4dor&3»',
  ]),
  createOptionRule(
    'vault',
    'login\\s(?:-\\S+\\s){0,3}(?:token=)?',
    ['vault login «s.{24}»'],
    ['vault login failed'],
    looksLikePassword,
  ),
  createOptionRule('aws', 'configure\\sset\\s\\S{0,40}(?:secret|token)\\S{0,40}\\s', [
    'aws configure set aws_secret_access_key «{base64 40}»',
  ]),
]
