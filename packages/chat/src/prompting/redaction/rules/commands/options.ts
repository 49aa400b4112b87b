import { isUnlikeWord, looksLikePassword } from '../../checks.ts'
import type { SecretRule } from '../rule.ts'
import { isPasswordAfterLogin, isPasswordAfterUser, isPasswordOfLogin, isPasswordOfP } from './option-p.ts'
import { createOptionRule, createUserPrefix } from './option-rule.ts'

/**
 * This is the source of a pattern. It looks back from the letter of `-p`: no command within the command has the option,
 * as in `ssh -p2222` and `tar -pxzf`.
 */
const NO_OTHER_COMMAND = '(?<!\\b(?:cp|nc|netstat|nmap|ps|scp|sftp|ss|ssh|tar)(?:\\.exe)?\\s-p)'

/** These rules find secrets in the options of tools. */
export const OPTION_RULES: SecretRule[] = [
  createOptionRule(
    'hydra medusa ncrack rdesktop mongosh mongo mongodump mongorestore mongoexport',
    // `-port` and the like are other options, and not the password `ort`.
    '-p(?:[ =]|(?!(?:ort|ath|rotocol|rofile|roject|olicy|refix|latform|ublic|rivate|arams?)\\b))',
    ['hydra -l root -p «Tr0ub4dor&3» ssh://10.0.0.5', 'rdesktop -u admin -p«winter» 10.0.0.5'],
    ['hydra -l root -P /usr/share/wordlists/x.txt ssh://10.0.0.5', 'mongo -port 27017 db'],
    { accept: isPasswordOfP },
  ),
  createOptionRule(
    'psexec psexec64 PsExec PsExec64 paexec nxc netexec crackmapexec cme evil-winrm patator smbmap bloodhound-python certipy certipy-ad rusthound winrs pywhisker bloodyAD coercer ldapdomaindump windapsearch enum4linux enum4linux-ng adidnsdump influx',
    // `-priority` and the like are other options.
    `-p(?:[ =:]|${NO_OTHER_COMMAND}(?!(?:ages?|arams?|ass(?:wd|words?)?|aths?|em|erm|fx|id|ipe|latform|lugins?|olic(?:y|ies)|orts?|recision|refix|retty|rint|riority|rivate|rocess|rofile|roject|rotocol|roxy|ublic)\\b))`,
    [
      'psexec.exe \\\\10.0.0.5 -u CORP\\admin -p «Tr0ub4dor&3» cmd',
      `nxc smb 10.0.0.0/24 -u admin -p '«Tr0ub4dor&3»'`,
      'nxc smb 10.0.0.5 -u admin -p «12345»',
      'nxc smb 10.0.0.5 -u admin -p«winter»',
      'nxc smb 10.0.0.5 -u admin -p«12345»',
      'nxc smb 10.0.0.5 -u a -x whoami; -p «Tr0ub4dor&3»',
      'winrs -r:h -u:a "-p:«Winter Sun 2026!»" cmd',
    ],
    [
      'psexec.exe was renamed to upd.exe',
      'psexec -s cmd /c "ping -n 1 x" -priority 4',
      'certipy find -u a@b -password x',
      'influx -host x -port 8086 -precision rfc3339',
      `nxc smb h -x 'tar -pxzf backup.tar' -x 'ssh -p2222 h'`,
      'psexec found on h; mkdir -p data/x9',
    ],
    { accept: isPasswordOfP },
  ),
  createOptionRule(
    'docker podman nerdctl buildah skopeo helm crane oras oc az',
    '-p[ =]',
    [
      'docker login -u robot -p «Tr0ub4dor&3» r.example.org',
      'docker run -p 8080:80 x -p «Tr0ub4dor&3»',
      'docker login -u AWS -p «{base64 2000}» r.example.org',
      'docker login -u AWS -p "«{base64 2000}»" r.example.org',
      'oc login -u anna -p «winter»',
      'az sql server create -u anna -p «Tr0ub4dor&3»',
      'docker exec c mysqladmin -p «P@ssw0rd123!»',
      'docker login harbor-storage.corp.com -u admin -p «Harbor12345»',
      'docker login harbor.corp.com/exec -u admin -p «P@ssw0rd1»',
      'docker login create.example.com -u bob -p «winter»',
      'helm registry login -u run-bot -p «P@ssw0rd1» x',
      'helm repo add storage https://x -u a -p «Harbor12345»',
      'oc login --server=https://api.run.example.com:6443 -u kubeadmin -p «P@ssw0rd1»',
    ],
    [
      'docker login failed for r.example.org',
      'docker run -p 8080:80 nginx',
      'docker run -p 127.0.0.1:80:80 nginx',
      'docker run -p 80:80 -p [::1]:8443:443 nginx',
      'docker run -p 80:80 -p 127.0.0.1::443 nginx',
      `docker run -p 80:80 -p \${PORT}:443 -p \${PORT1}:\${PORT2} -p $HOST1:53:53/udp nginx`,
      'docker run -p 8080:80 nginx mkdir -p data',
      'docker run -p 80:80 nginx mkdir -m 700 -p x9data',
      'docker run -p 80:80 nginx mkdir -m 700 -p data/x9',
      'docker run -p 8080:80 db psql -p prod',
      'docker compose -p project-2x up',
      'docker --context web compose -p project-2x up',
      'docker login r.example.org, docker run -p 8080:80 nginx',
      'docker ps; mkdir -p release-v2x9',
      'docker ps && cp -p release-v2x9 x',
      'docker exec web cp -p release-v2x9 x',
      'oc process -f t.yaml -p NAME=web1 -p MEMORY=512Mi',
      'az storage file download -p "docs/x.md" --dest x',
      'az storage file download -p "x9.md" --dest x',
      'az network rule add -port 2222 -path /srv-7/x -protocol Tcp4',
    ],
    { accept: isPasswordOfLogin },
  ),
  createOptionRule(
    'az',
    '-p[ =]',
    [
      'az sql server create -n x -g g -u admin -p «P@ssw0rd123!»',
      'az webapp deployment user set --user-name bob -p «Adm1n/2026»',
      'az vm user update -u bob -p «abcdefgh»',
      `az vm user update --username bob -p '«Winter;Sun»'`,
    ],
    ['az storage file download -p docs/x9.md'],
    { accept: isPasswordAfterUser },
  ),
  createOptionRule(
    'docker podman nerdctl buildah skopeo helm crane oras oc az',
    `-p${NO_OTHER_COMMAND}(?!(?:ort|ath|rotocol|rofile|roject|olicy|refix|latform|ublic|rivate|arams?)\\b)(?=[^\\s=])`,
    [
      'az login -u bob@corp.com -p«Tr0ub4dor3»',
      'oc login -u bob -p«Tr0ub4dor3»',
      'docker login -u bob -p«Tr0ub4dor3» r.example.org',
    ],
    [
      'docker run -p8080:80 nginx',
      'oc login -u bob; ssh -p2222 h',
      'oc login h, ssh -p2222 h',
      'az login -u bob -profile x9',
    ],
    { accept: isPasswordAfterLogin },
  ),
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
