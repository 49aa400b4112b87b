import { createCommandRule, createQuotedSource, mayBeSecretArgument } from './arguments.ts'

// These are sources of patterns. `sudo` reads a password only with `-S`. In lower case this option starts a shell. The
// options of `sudo` come before its command, some of them with an argument.
const TEXT = `(?:'[^'\\n]{0,60}'|"[^"\\n]{0,60}"|[^\\s|"'-][^\\s|]{0,60})`
const OPTION_WITH_ARGUMENT = `\\s{1,8}(?:-[A-Za-z]{0,6}(?-i:[aCDghpRrTtUu])|--(?:user|group|host|prompt|chdir|chroot|role|type|close-from|other-user|command-timeout))\\s{1,8}${TEXT}`
const OPTION = `\\s{1,8}-[-\\w]{1,40}(?:=(?:${TEXT})?)?`
const FOLDER = '(?:/[\\w./-]{1,40}/)?'
const SUDO = `${FOLDER}sudo(?:\\.exe)?(?:${OPTION_WITH_ARGUMENT}|${OPTION}){0,6}?`
const PIPE = '["\']?\\s{0,3}\\|&?\\s{0,3}'
/**
 * This is the source of a pattern. It matches a command that reads a password. The group `data` matches a command that
 * passes on what it reads, so that a text with blanks is no password.
 */
const READS_PASSWORD = `(?:${SUDO}\\s{1,8}(?:-[A-Za-z]{0,8}(?-i:S)[A-Za-z]{0,8}|--stdin)\\b(?:\\s{1,8}${FOLDER}(?<data>tee|dd|psql|crontab)\\b)?|(?:${SUDO}\\s{1,8})?${FOLDER}(?:(?:passwd|runas|kinit|(?<data>su)|cryptsetup|smbpasswd)(?:\\.exe)?(?![\\w-]|\\.\\w)|[\\w-]{1,40}(?:\\.exe)?(?:[^\\S\\n]{1,8}[\\w./:=-]{1,60}){0,3}?[^\\S\\n]{1,8}login\\b[^\\n]{0,200}--password-stdin))`
/** This is the source of a pattern. It matches the command that writes the password, up to the password. */
const ECHO = `\\b(?:echo|printf|Write-Output)\\s{1,64}(?:-\\w{1,12}\\s{1,64}){0,3}(?:["']?%s(?:\\\\n)?["']?\\s{1,64})?`
/** The longest secret that these rules look for. The tokens of some registries have thousands of characters. */
const MAX_PIPED_CHARACTERS = 8_000

/** These rules find secrets that one command writes and another one reads. */
export const PIPED_RULES = [
  createCommandRule(
    'chpasswd',
    'chpasswd',
    new RegExp(
      `(?:"[\\w.$-]{1,32}:(?<double>[^"\\n]{3,200})"|'[\\w.$-]{1,32}:(?<single>[^'\\n]{3,200})'|["']?[\\w.$-]{1,32}:(?<secret>[^\\s"'|]{3,200}))(?=${PIPE}(?:${SUDO}\\s{1,8})?${FOLDER}chpasswd)`,
      'g',
    ),
    [
      `echo 'root:«Tr0ub4dor&3»' | chpasswd`,
      `echo 'root:«Winter Sun 2026!»' | sudo -n chpasswd`,
      `echo root:«Tr0ub4dor&3» |& sudo /usr/sbin/chpasswd`,
    ],
  ),
  createCommandRule(
    'piped',
    ['echo', 'printf', 'write-output'],
    new RegExp(
      `${ECHO}(?:${createQuotedSource('', MAX_PIPED_CHARACTERS)}|["']?(?<secret>[^\\s"'|]{3,${MAX_PIPED_CHARACTERS}}))(?=${PIPE}${READS_PASSWORD})`,
      'gi',
    ),
    [
      'echo «Tr0ub4dor&3» | sudo -S id',
      'write-output «Tr0ub4dor3» | sudo -S id',
      `printf '%s\\n' '«Tr0ub4dor&3»' | sudo -S id`,
      `echo «Tr0ub4dor&3» | sudo -u root -k -S -p '' id`,
      `echo «Tr0ub4dor&3» | sudo -p 'enter pw: ' -S id`,
      'echo «Tr0ub4dor&3» | sudo --prompt="" -S id',
      'echo «Tr0ub4dor&3» | sudo --user root -S id',
      'echo «Tr0ub4dor&3» | sudo -nu anna -S id',
      'echo «Tr0ub4dor&3» | sudo -kS id',
      'echo «Tr0ub4dor&3» | sudo -Sv',
      'echo «Tr0ub4dor&3» | sudo -Sk id',
      'echo «Tr0ub4dor&3» | sudo -Su postgres id',
      'echo «Tr0ub4dor&3» | sudo --stdin id',
      'echo «Tr0ub4dor&3» |& /usr/bin/sudo -S id',
      `echo '«Winter Sun 2026!»' | sudo -S id`,
      'echo «deadbeef1» | sudo -u root -S tee /proc/y',
      `echo '«Tr0ub4dor&3»' | passwd --stdin anna`,
      'echo «Tr0ub4dor&3» | passwd',
      'echo «Tr0ub4dor&3» | passwd.',
      'C:\\> echo «Tr0ub4dor&3» | runas.exe /user:CORP\\a cmd',
      'echo «Tr0ub4dor&3» | docker.exe login -u x --password-stdin r.io',
      `echo${' '.repeat(40)}«Tr0ub4dor&3» | passwd`,
      `echo '«Tr0ub4dor&3»' | sudo passwd --stdin anna`,
      'echo «Tr0ub4dor&3» | sudo smbpasswd -s -a anna',
      'echo «Tr0ub4dor&3» | sudo kinit admin',
      'echo «Tr0ub4dor&3» | sudo cryptsetup luksOpen /dev/sda1 x -',
      'echo «Tr0ub4dor&3» | su - postgres',
      'echo «Tr0ub4dor&3» | sudo su - postgres',
      'echo «Tr0ub4dor&3» | sudo docker login -u x --password-stdin r.io',
      'echo «{base64 2000}» | docker login -u AWS --password-stdin r.example.org',
      'echo "«{base64 2000}»" | helm registry login -u AWS --password-stdin r.example.org',
    ],
    [
      'echo done | tee x; sudo id',
      'echo nameserver | sudo tee -a x',
      'echo whoami | sudo -s',
      'echo accept | sudo pacman -S x',
      'echo accept | sudo pacman -Syu',
      `printf '#!/bin/bash' | sudo tee /etc/rc.local`,
      'echo hello | sudo -u anna tee -S x',
      'echo hello | sudo sed -i s/passwd/x/ f',
      'echo hello | sudo tee passwd',
      'echo hello | sudo -E suricata -S x',
      'echo hello | sudo -H suricata -S x',
      'echo hello | su-exec x',
      'echo "nameserver 1.1.1.1" | sudo -S tee /etc/resolv.conf',
      'echo "nameserver 1.1" | sudo -S /usr/bin/tee /etc/resolv.conf',
      'echo "0 3 * * * backup" | sudo -S crontab -',
      'echo done-build | tee build.log\ndocker login -u x --password-stdin < f',
      'echo done-build | passwd.txt',
      'echo "SELECT version();" | sudo su - postgres -c psql',
      'echo $PASS | sudo -S id',
    ],
    (secret, { groups }) => mayBeSecretArgument(secret) && !(groups?.data && /\s/.test(secret)),
  ),
]
