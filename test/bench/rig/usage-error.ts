/** The command line or the machine lacks something that the user can give; the message says what. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
