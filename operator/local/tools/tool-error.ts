/** A tool that is needed is not there and could not be fetched. The message says what to install. */
export class ToolUnavailableError extends Error {
  override readonly name = 'ToolUnavailableError';
}
