/** Why pods with networks of their own cannot be made here, as `skip` of a test takes it; false where they can. */
export const NO_PODS: string | false = reason();

function reason(): string | false {
  if (process.platform !== 'linux') return 'network namespaces are needed, which are of Linux';
  return process.getuid?.() === 0 ? false : 'network namespaces and redirection in them need root';
}
