let issued = 0;

/**
 * A loopback address that no other test uses: Linux binds all of 127.0.0.0/8. Made from the process id, so that test files may run
 * side by side, and never 127.0.0.1.
 */
export function loopbackAddress(): string {
  issued += 1;
  if (issued > 254) throw new Error('a test needs no more than 254 addresses');
  return `127.${16 + ((process.pid >> 8) % 200)}.${process.pid & 0xff}.${issued}`;
}
