/** The labels of a namespace by Pod Security: see https://kubernetes.io/docs/concepts/security/pod-security-admission/. */
export function podSecurity(level: 'privileged' | 'restricted'): Readonly<Record<string, string>> {
  const modes = ['enforce', 'audit', 'warn'];
  return Object.fromEntries(
    modes.flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
    ]),
  );
}
