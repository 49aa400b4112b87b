import { spawnSync } from 'node:child_process'
import { findOrUnpackProgram } from './unpack-program.ts'

/** Earlier versions know neither components nor labels without selectors. */
const MIN_KUSTOMIZE_MAJOR = 5

/**
 * Finds kubectl, which renders Kubernetes manifests with Kustomize. `skip` gives the reason if kubectl is not available
 * or too old. Debian 12 has a version that is too old.
 */
export function findKubectl() {
  const program = findOrUnpackProgram('kubectl', 'kubernetes-client', 'usr/bin/kubectl')
  const runKubectl = (args: string[]) =>
    // Without a configuration kubectl knows no cluster, so it sends no request.
    spawnSync(program ?? '', args, { encoding: 'utf8', env: { PATH: process.env.PATH, KUBECONFIG: '/dev/null' } })
  const major =
    program === undefined ? undefined : readMajor(runKubectl(['version', '--client', '--output=json']).stdout)
  const isRecent = major !== undefined && major >= MIN_KUSTOMIZE_MAJOR
  return {
    skip: !isRecent && `no kubectl whose Kustomize has version ${MIN_KUSTOMIZE_MAJOR} or later`,
    /** @throws Error with the error output of kubectl */
    renderKustomization(folder: string): string {
      const { status, stdout, stderr } = runKubectl(['kustomize', folder])
      if (status !== 0 || stderr !== '') throw new Error(`kubectl kustomize ${folder}\n${stderr}`)
      return stdout
    },
  }
}

/** Returns undefined for a kubectl before 1.24, because it does not print the version of its Kustomize. */
function readMajor(output: string): number | undefined {
  const majorText = /"kustomizeVersion": "v(\d+)\./.exec(output)?.[1]
  return majorText === undefined ? undefined : Number(majorText)
}
