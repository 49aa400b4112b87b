import { isUnlikeWord, looksLikePassword } from '../../checks.ts'
import type { SecretRule } from '../rule.ts'
import { createOptionRule, createUserPrefix } from './option-rule.ts'

/** These rules find secrets in further options of tools. */
export const OPTION_RULES: SecretRule[] = [
  createOptionRule('docker podman nerdctl buildah skopeo helm crane oras', '--password[ =]', [
    'helm repo add x https://r.example.org --username u --password «Tr0ub4dor&3»',
  ]),
  createOptionRule(
    'nxc netexec crackmapexec cme evil-winrm secretsdump smbexec wmiexec psexec atexec dcomexec getTGT GetUserSPNs impacket-secretsdump impacket-psexec impacket-wmiexec pth-winexe',
    '-H[ =]?|--?hash(?:es)?[ =]',
    ['nxc smb 10.0.0.5 -u anna -H «{hex 32}»', 'secretsdump.py -hashes «:{hex 32}» anna@10.0.0.5'],
    [`nxc smb 10.0.0.5 -u anna -x "curl -H 'Accept: text/x1' h"`],
    { accept: (secret) => /[\da-f]{16}/i.test(secret) },
  ),
  createOptionRule(
    'mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mariadb mariadb-dump mysqlsh mytop',
    '-p(?!(?:ort|rotocol|lugin-dir)[ =])',
    ['mysqldump -uroot -p«Tr0ub4dor&3» db', 'mysql -h db -e select 1; -p«Tr0ub4dor&3»', `mysql '-p«Tr0ub4 dor»' db`],
    [
      'mysqldump db; x=1 ssh -p2222 h',
      'mysql -u root -p prod',
      'mysql -P 3306',
      'mysql -uroot -e "show databases" -port=3307',
      'mysql -port 3307',
    ],
  ),
  createOptionRule(
    'sqlcmd osql isql bcp tsql zip unzip ipmitool mosquitto_pub mosquitto_sub zipcloak',
    '-P(?:[ =]|(?!(?:ath|assThru|roperty|ort|refix)\\b))',
    ['sqlcmd -S db -U sa -P «Tr0ub4dor&3»', 'zip -P «Tr0ub4dor&3» out.zip x', 'osql -Usa -P«winter»'],
    ['zip archive a1.7z of 2.1 GB', 'Compress-Archive -DestinationPath a.zip -Path x9'],
  ),
  createOptionRule(
    'rar unrar 7z 7za 7zz 7zr WinRAR',
    '-h?p',
    [
      'rar a -hp«Tr0ub4dor&3» out.rar x',
      '7z a -p«Tr0ub4dor&3» o.7z x',
      '7z a -x!*.tmp; -p«Tr0ub4dor&3» o.7z',
      '7z a "-p«Winter Sun 2026!»" o.7z x',
      '"%ZIP%" u archive.7z *txt -p«blue»',
    ],
    ['7z l a.7z'],
  ),
  createOptionRule(
    'ldapsearch ldapwhoami ldapmodify ldapadd ldapdelete ldappasswd',
    '-w[ =]?|-s[ =]',
    [
      'ldapsearch -x -D cn=admin -w «Tr0ub4dor&3» -b dc=x',
      'ldapsearch -x -s sub -D cn=admin -w «Tr0ub4dor&3» -b dc=x',
      `ldapsearch -b 'dc=x; dc=y && z' -s sub -w «Tr0ub4dor&3»`,
      'ldapsearch -x -H ldap://dc -b dc=x; dc=y -w «Tr0ub4dor&3»',
    ],
    ['ldapsearch -x -s sub -b dc=x', `ldapsearch -x -b dc=x; curl -s -w '%{http_code}' h`],
    // `-s` is a new password for `ldappasswd`, but a word such as `sub` for `ldapsearch`.
    { accept: isUnlikeWord },
  ),
  createOptionRule(
    'plink pscp psftp putty kitty',
    '-pw[ =]',
    ['plink.exe -ssh root@10.0.0.5 -pw «Tr0ub4dor&3»', 'plink.exe root@h echo a; b -pw «Tr0ub4dor&3»'],
    [],
    { isFoundInWholeLine: true },
  ),
  createOptionRule(
    'redis-cli valkey-cli keydb-cli',
    '-a[ =]|--pass[ =]',
    ['redis-cli -h cache -a «Tr0ub4dor&3» INFO'],
    ['redis-cli INFO was called'],
  ),
  createOptionRule(
    'openssl',
    '-k[ =]|-K[ =]|passwd (?:-salt \\S{1,40} |-\\w{1,20} ){0,4}',
    ['openssl enc -aes-256-cbc -k «Tr0ub4dor&3» -in x', 'openssl passwd -1 -salt x9y8 «Tr0ub4dor&3»'],
    ['openssl s_client -connect a:443'],
  ),
  createOptionRule(
    'openssl',
    '(?:-pass|-passin|-passout)[ =]',
    ['openssl rsa -in k -passout pass:«Tr0ub4dor&3»', `openssl enc -passout 'pass:«Tr0ub; 4dor»' -in x`],
    ['openssl rsa -in k -passin file:/root/k1'],
    { prefix: () => 'pass:', isFoundInWholeLine: true },
  ),
  createOptionRule(
    'curl wget http https',
    '(?:-u|--user|-U|--proxy-user)[ =]?',
    [
      'curl -u anna:«Tr0ub4dor&3» https://x',
      `curl --user 'anna:«Tr0ub4dor&3»' https://x`,
      `curl -u anna:'«Winter 2026!»' https://x`,
      `curl -u 'anna:«Winter<2026>!»' https://x`,
      `curl -u 'anna:«P4;Tr0ub4dor»' https://x`,
      `curl "-uanna:«Winter Sun 2026!»" https://x`,
      'curl -A Mozilla/5.0 (X11; Linux x86_64) -u anna:«winter» https://x',
      'CommandLine: curl -H X-Trace: a; b -u anna:«Tr0ub4dor&3» https://x',
      'curl -d "{\\"a\\": \\"b; c\\"}" -u anna:«winter» https://x',
      'curl -d "say \\"hi; there\\"" -u anna:«winter» https://x',
      `curl -d '{"msg":"it'\\''s; done"}' -u anna:«winter» https://x`,
      'curl -u anna:«Tr0ub4dor&3»&& id',
    ],
    [
      'curl -s http://203.0.113.9/x | sh',
      'curl -fsSL h && docker run -u 1000:1000 x',
      'curl -s h; docker run --user www-data:www-data x',
      'curl -O https://h/x; docker run -u node:group1 img',
      'curl h && docker run -u 1000:docker1 img',
      'curl h; sort -u a:b1c2d3e4',
      'curl -s h; date -u "+%Y-%m-%dT%H:%M:%SZ"',
      'curl -u "$USER:$PASS" h',
      'curl -u anna:$(cat x) h',
    ],
    {
      prefix: createUserPrefix(':'),
      isFoundInWholeLine: true,
      otherCommand: /\b(?:docker|podman|rsync|chown|sudo|sort|run|exec)\b/,
    },
  ),
  createOptionRule(
    'curl',
    '(?:-b|--cookie)[ =]?',
    [`curl -b '«session={32}»' https://x`, `curl -b '«session={32}; csrf={16}»' https://x`],
    ['curl -b cookies.txt https://x'],
    // A value without `=` is the name of a file with cookies. The quotes of a long value may close too late.
    { accept: (secret) => secret.includes('='), prefix: () => '' },
  ),
  createOptionRule(
    'rpcclient smbclient winexe pth-winexe net smbmap smbget wmic',
    '(?:-U|--user)[ =]?',
    ['rpcclient -U admin%«Tr0ub4dor&3» 10.0.0.5', `rpcclient -U 'admin%«Tr0ub|4dor»' 10.0.0.5`],
    ['smbclient -U anna //fs/c$'],
    { prefix: createUserPrefix('%'), isFoundInWholeLine: true },
  ),
  createOptionRule(
    'xfreerdp xfreerdp3 wfreerdp cmdkey schtasks mstsc winscp rubeus Rubeus',
    '/(?:p|rp|pass|password)[: =]',
    [
      'xfreerdp /v:10.0.0.5 /u:anna /p:«Tr0ub4dor&3»',
      'xfreerdp /v:10.0.0.5 /u:anna "/p:«Winter Sun 2026!»"',
      'cmdkey /generic:x /user:a /pass:«Tr0ub4dor&3»',
      'schtasks /create /ru a /rp «Tr0ub4dor&3» /tr c.exe',
      'schtasks /create /tr c.exe a; b /ru a /rp «Tr0ub4dor&3»',
    ],
    ['look at 10:42: POST /password HTTP/1.1', '10.0.0.9 at 10:42 "GET /p HTTP/1.1" 200'],
    { isFoundInWholeLine: true },
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
    { accept: isUnlikeWord },
  ),
  createOptionRule(
    'lftp',
    '-u[ =]?',
    ['lftp -u anna,«Tr0ub4dor&3» sftp://h', `lftp -u 'anna,«Tr0ub;4dor»' sftp://h`],
    [],
    { prefix: createUserPrefix(','), isFoundInWholeLine: true },
  ),
  createOptionRule('kerbrute', 'passwordspray[^\\n]{0,120}?\\s(?:\\S{1,200}\\.txt)\\s', [
    'kerbrute passwordspray -d corp.local users.txt «Tr0ub4dor&3»',
  ]),
  createOptionRule('htpasswd', '(?:-\\w{0,8}b\\w{0,8})\\s\\S{1,100}\\s(?:\\S{1,64}\\s(?=\\S))?', [
    'htpasswd -b /etc/x anna «Tr0ub4dor&3»',
  ]),
  createOptionRule('rabbitmqctl', '(?:add_user|change_password|authenticate_user)\\s\\S{1,64}\\s', [
    'rabbitmqctl add_user ops «Tr0ub4dor&3»',
  ]),
  createOptionRule(
    'vault',
    'login\\s(?:-\\S{1,100}\\s){0,3}(?:token=)?',
    ['vault login «s.{24}»'],
    ['vault login failed'],
    { accept: looksLikePassword },
  ),
  createOptionRule('aws', 'configure\\sset\\s\\S{0,40}(?:secret|token)\\S{0,40}\\s', [
    'aws configure set aws_secret_access_key «{base64 40}»',
  ]),
]
