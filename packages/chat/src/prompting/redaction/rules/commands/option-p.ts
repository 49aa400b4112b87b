import { looksLikePassword } from '../../checks.ts'
import type { SecretRule } from '../rule.ts'
import { mayBeSecretArgument } from './arguments.ts'
import { type AcceptOption, createOptionRule } from './option-rule.ts'

/** Matches the text before `-p` if it is an option of a command within the command: `docker exec x mkdir -p y`. */
const COMMAND_WITH_OTHER_P =
  /(?<!-\w{1,20}[ =])(?<![\w./-])(?:\/(?:usr\/)?bin\/)?(?:mkdir|cp)\s(?:-\S{1,20}\s|[0-7]{3,4}\s){0,3}$/
/** Matches a number that may be a port. */
const PORT = /^\d{1,5}$/

/** Returns true if the value of `-p` is a password. After a first `-p`, a short number is probably a port: `-p 22`. */
const isPasswordOfP: AcceptOption = (secret, before) =>
  mayBeSecretArgument(secret) &&
  !COMMAND_WITH_OTHER_P.test(before) &&
  !(PORT.test(secret) && /[\s"']-p[^a-z]/.test(before))

/** Matches the text before an option of the subcommand `login`, unless another subcommand follows. */
const LOGIN = /\blogin\b(?!.*\s(?:run|exec|create|compose|storage)\s)/
/** Matches the text before an option of a subcommand whose `-p` names a project or a file. */
const SUBCOMMAND_WITH_OTHER_P = /^(?:\s+-\S+(?:\s+[^\s-]\S*)?){0,8}\s+(?:compose|storage)\s/
/** Matches an option with a user's name, which the password of this user goes with. */
const USER_OPTION = /\s(?:-u|--user(?:name|-name)?|--admin-user(?:name)?)[ =]/
/** Matches the ports and the addresses of `docker run -p`, whose last part is a port: `${PORT}:443`. */
const PORT_MAPPING = /\$\{|:\d{1,5}(?:-\d{1,5})?(?:\/\w+)?$/

/** Returns true if the value of `-p` is a password, which the subcommand `login` takes. */
const isPasswordAfterLogin: AcceptOption = (secret, before) => LOGIN.test(before) && isPasswordOfP(secret, before)

/** Returns true if the value of `-p` is a password, because an option before it names the user. */
const isPasswordAfterUser: AcceptOption = (secret, before) =>
  USER_OPTION.test(before) && isPasswordOfP(secret, before) && !SUBCOMMAND_WITH_OTHER_P.test(before)

/**
 * Returns true if the value of `-p` is a password. After `login` it is one. In other subcommands `-p` may also map
 * ports, or name a file or a project, so that the value has to look like a password: `az sql server create -p`.
 */
const isPasswordOfLogin: AcceptOption = (secret, before) =>
  isPasswordAfterLogin(secret, before) ||
  // Without `@`, a password such as `P@ssw0rd` does not begin like an address.
  (looksLikePassword(secret.replaceAll('@', '')) &&
    isPasswordOfP(secret, before) &&
    !PORT_MAPPING.test(secret) &&
    !SUBCOMMAND_WITH_OTHER_P.test(before))

/**
 * This is the source of a pattern. It looks back from the letter of `-p`: no command within the command has the option,
 * as in `ssh -p2222` and `tar -pxzf`.
 */
const NO_OTHER_COMMAND = '(?<!\\b(?:cp|nc|netstat|nmap|ps|scp|sftp|ss|ssh|tar)(?:\\.exe)?\\s-p)'

/** These rules find passwords in `-p`, which other tools and subcommands use for ports and folders. */
export const OPTION_P_RULES: SecretRule[] = [
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
]
